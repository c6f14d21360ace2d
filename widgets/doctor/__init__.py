"""What the doctor found in the open files, with examples to look at and remedies to apply."""

from widgets.doctor.alert_bar import AlertBar
from widgets.doctor.panel import DoctorPanel

__all__ = ["AlertBar", "DoctorPanel"]
