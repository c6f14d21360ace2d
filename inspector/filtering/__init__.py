"""The filter line: which images it keeps.

    fp>0 fn>0                   both (terms in a row are joined by "and")
    fp>0 or precision < 0.5     either
    not class:person            also -class:person
    class:"traffic light",car   an object or a shown detection of one of these classes
    (tp=0 or recall=n/a) night  brackets; a bare word is looked for in the file name
    name:IMG_*7 "a b"           wildcards * and ? outside quotes; quotes keep blanks together

Comparisons with a value that is not available are false, except "= n/a".
"""

from inspector.filtering.errors import FilterError
from inspector.filtering.filter import Filter, parse_filter
from inspector.filtering.parser import ALIASES, FIELDS, TEXT_FIELDS
from inspector.filtering.terms import Searched, class_rows_of

__all__ = [
    "ALIASES",
    "FIELDS",
    "TEXT_FIELDS",
    "Filter",
    "FilterError",
    "Searched",
    "class_rows_of",
    "parse_filter",
]
