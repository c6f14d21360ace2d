"""The filter line: which images, and which boxes, it keeps.

    fp>0 fn>0                   both (terms in a row are joined by "and")
    fp>0 or precision < 0.5     either
    not class:person            also -class:person
    (tp=0 or recall=n/a) night  brackets; a bare word is looked for in the file name
    name:IMG_*7 "a b"           wildcards * and ? outside quotes; quotes keep blanks together

Terms about images: the columns of the image table (mean IoU is `miou`), `name:`, `reviewed:yes|no`, and
`split:train,valid` where the files know of splits.

Terms about boxes: `class:"traffic light",car`, the numbers `score` (of detections), `iou` (of a true positive
with its object, for either of them) and `area` (square pixels, as the files or the size ranges have it), and
`outcome:tp|fp|fn|ignored` (at the operating point; a matched object is a tp).

Terms about verdicts, of boxes and of images: `verdict:label|model|ambiguous|fine|any|none`,
`kind:missing|spurious|wrong_class|badly_placed|duplicate|ignore`, `note:text` and `author:name`.

A line is read in two ways:

* For boxes (`Filter.keeps`): each box itself is asked; terms about images ask its image.
* For images (`Filter.matches`): an image is kept for a box on it. Terms about boxes and verdicts that are
  joined by "and" speak of one and the same box: `class:person score<0.5` is a person below 0.5. A second
  `class:` begins another box: in `class:person score<0.5 class:car` both are there. Brackets around "and"
  change nothing. `not class:person` is: no such box on the image. The boxes are the objects and the shown
  detections; where a verdict, a note or an author is asked for, all that has one, also what the confidence
  hides, and the images themselves. `verdict:none` with nothing beside it that speaks of boxes: neither the
  image nor anything on it was judged.

Comparisons with a value that is not available are false, except "= n/a".
"""

from inspector.filtering.box_terms import class_rows_of
from inspector.filtering.errors import FilterError
from inspector.filtering.filter import Filter, parse_filter
from inspector.filtering.looking import look_for
from inspector.filtering.things import Searched
from inspector.filtering.words import (
    ALIASES,
    BOX_FIELDS,
    FIELDS,
    HELP,
    IMAGE_FIELDS,
    TEXT_FIELDS,
    VALUES,
    is_begun,
)

__all__ = [
    "ALIASES",
    "BOX_FIELDS",
    "FIELDS",
    "HELP",
    "IMAGE_FIELDS",
    "TEXT_FIELDS",
    "VALUES",
    "Filter",
    "FilterError",
    "Searched",
    "class_rows_of",
    "is_begun",
    "look_for",
    "parse_filter",
]
