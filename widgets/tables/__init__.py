"""The numbers of the evaluation as tables."""

from widgets.tables.panel import TablesPanel

__all__ = ["TablesPanel"]
