"""The list of what was said."""

from widgets.verdicts.panel import VerdictsPanel

__all__ = ["VerdictsPanel"]
