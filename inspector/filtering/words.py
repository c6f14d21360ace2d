"""The words of the language: fields, their values, and what the help says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from inspector.image_columns import NUMBERS
from inspector.review.verdicts import Judgement, Kind

IMAGE_FIELDS: Final = tuple(column.key for column in NUMBERS)
"""Numbers of an image."""
BOX_FIELDS: Final = ("score", "iou", "area")
"""Numbers of a box."""
FIELDS: Final = (*IMAGE_FIELDS, *BOX_FIELDS)
ALIASES: Final = {"gt": "objects", "dt": "detections", "p": "precision", "r": "recall"}

ANY: Final = "any"
NONE: Final = "none"
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "outcome": ("tp", "fp", "fn", "ignored"),
    "verdict": (*(judgement.value for judgement in Judgement), ANY, NONE),
    "kind": tuple(kind.value for kind in Kind),
    "reviewed": ("yes", "no"),
}
"""The fields that take one of a few words, and those words."""
TEXT_FIELDS: Final = ("class", "name", "split", *VALUES, "note", "author")
"""The fields that are followed by a colon."""

_JOINING: Final = ("and", "or", "not")
_LAST_WORD: Final = re.compile(r"(?:^|[\s(])-?([a-z0-9]+)(\s*)$", re.IGNORECASE)


def is_begun(text: str) -> bool:
    """Whether the last word of a line may become a field, or join terms, when more of it is typed.

    As it stands, such a word would be looked for in the file names, which is seldom meant.
    """
    found = _LAST_WORD.search(text)
    if found is None:
        return False
    word, blanks = found[1].casefold(), found[2]
    if blanks:
        return word in FIELDS or word in ALIASES
    return any(known.startswith(word) for known in (*TEXT_FIELDS, *FIELDS, *ALIASES, *_JOINING))


HELP: Final = f"""\
Terms: fp>2, class:person, score<0.5, a text of the file name. A blank joins them (both); or, not, brackets.
Images: {", ".join(IMAGE_FIELDS)}; name:IMG_*, reviewed:{"|".join(VALUES["reviewed"])}, split:train
Boxes: {", ".join(BOX_FIELDS)}; class:person,car, outcome:{"|".join(VALUES["outcome"])}
Verdicts: verdict:{"|".join(VALUES["verdict"])}, kind:{"|".join(VALUES["kind"])}, note:text, author:name
class:person score<0.5 speaks of one box; a second class: of another. not class:person: no such box."""
