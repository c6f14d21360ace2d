"""What is handed to those who fix labels: a list of the flags, COCO files, and pictures."""

from inspector.export.handoff.flags import Flag, flags_by_image, left_out, no_image, uncorrected
from inspector.export.handoff.handing import NAMES, Form, HandedOff, hand_off
from inspector.export.handoff.ours import refuse_foreign

__all__ = [
    "NAMES",
    "Flag",
    "Form",
    "HandedOff",
    "flags_by_image",
    "hand_off",
    "left_out",
    "no_image",
    "refuse_foreign",
    "uncorrected",
]
