"""What is handed to those who fix labels: a list of the flags, COCO files, and pictures."""

from inspector.export.handoff.handing import NAMES, Form, HandedOff, hand_off

__all__ = ["NAMES", "Form", "HandedOff", "hand_off"]
