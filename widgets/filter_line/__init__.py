"""The line in which a filter is typed, for every view that has one."""

from widgets.filter_line.line import FilterLine

__all__ = ["FilterLine"]
