"""How a person judges: what the keys do, and what they ask with."""

from widgets.judging.judging import Judging, Stage, Suggesting, Suggestion
from widgets.judging.key_guard import KeyGuard

__all__ = ["Judging", "KeyGuard", "Stage", "Suggesting", "Suggestion"]
