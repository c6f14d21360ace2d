"""Choosing what is opened: the dialog, what is dropped on the window, and what is remembered of both."""

from widgets.opening.dialog import OpenDialog
from widgets.opening.opener import Opener

__all__ = ["OpenDialog", "Opener"]
