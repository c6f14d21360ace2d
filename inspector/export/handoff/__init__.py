"""What is handed to those who fix labels: a list of the flags, COCO files, and pictures."""

from inspector.export.handoff.flags import NO_IMAGE, flags_by_image
from inspector.export.handoff.handing import NAMES, Form, HandedOff, hand_off
from inspector.export.handoff.ours import refuse_foreign

__all__ = ["NAMES", "NO_IMAGE", "Form", "HandedOff", "flags_by_image", "hand_off", "refuse_foreign"]
