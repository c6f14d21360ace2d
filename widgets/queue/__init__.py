"""What is said of the suspect that is looked at, and how far the review is."""

from widgets.queue.bar import SuspectBar
from widgets.queue.progress import ReviewProgress

__all__ = ["ReviewProgress", "SuspectBar"]
