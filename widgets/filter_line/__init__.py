"""The line in which a filter is typed, for every view that has one."""

from widgets.filter_line.line import FilterLine
from widgets.filter_line.saved import SavedFilters

__all__ = ["FilterLine", "SavedFilters"]
