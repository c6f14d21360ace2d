"""The flags for those who fix the labels: lists, COCO files, pictures."""

from widgets.hand_off.handing import HandOff

__all__ = ["HandOff"]
