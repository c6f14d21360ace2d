"""What the readers noted, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.dataset import Note
from inspector.doctor.case import Case, share
from inspector.doctor.findings import Example, Finding, Severity

_MANY: Final = 0.5
"""From this part of the detections or objects on, what was ignored is most of what there is: an error."""

_TOLD_ELSEWHERE: Final = ("scores_outside_0_to_1",)
"""By a check that sees more than the reader."""

_EFFECTS: Final = (
    ("detections_ignored", "They count neither as TP nor as FP."),
    ("annotations_ignored", "They count neither as found nor as missed, and no detection can match them."),
    ("objects_ignored", "They count neither as found nor as missed, and no detection can match them."),
    ("masks_ignored", "They take part as their boxes where masks are compared."),
    ("masks_of_another_size", "They match no mask of their image's size."),
    ("images_not_found", "The numbers are the same; the boxes are shown without their images."),
    ("duplicate_image_ids", "Boxes of several images are compared as if they were one."),
    ("duplicate_category_ids", "Boxes of several categories are compared as if they were one."),
    ("duplicate_category_names", "Their boxes never match each other."),
    ("the_detections_file_holds_no", "Every object counts as missed."),
    ("the_ground_truth_holds_no", "Nothing can be found: AP cannot be computed."),
)
"""By what the code of a note begins with."""

_WARNINGS: Final = ("ignored", "duplicate_image", "duplicate_category", "holds_no", "masks_of_another_size")
"""What makes a note one that may change the numbers."""


def noted(case: Case) -> Iterator[Finding]:
    """A finding for each note, in the readers' order."""
    for note in case.dataset.notes:
        if not note.code.startswith(_TOLD_ELSEWHERE):
            examples = tuple(Example(text) for text in note.examples)
            effect = _effect(case, note)
            yield Finding(
                note.code or "noted", _severity(case, note), note.text, note.count, examples, effect
            )


def _severity(case: Case, note: Note) -> Severity:
    whole = _whole(case, note)
    if whole and note.count >= _MANY * whole:
        return Severity.ERROR
    return Severity.WARNING if any(word in note.code for word in _WARNINGS) else Severity.NOTE


def _effect(case: Case, note: Note) -> str:
    effect = next((text for begin, text in _EFFECTS if note.code.startswith(begin)), "")
    whole = _whole(case, note)
    return f"{effect} They are {share(note.count, whole)} of all." if whole else effect


def _whole(case: Case, note: Note) -> int:
    """Of how many boxes some were ignored; 0 where the note is of something else."""
    if note.code.startswith("detections_ignored"):
        kept = len(case.dataset.detections)
    elif note.code.startswith(("annotations_ignored", "objects_ignored")):
        kept = len(case.dataset.objects)
    else:
        return 0
    begin = note.code.partition("_ignored")[0]
    ignored = (other.count for other in case.dataset.notes if other.code.startswith(f"{begin}_ignored"))
    return kept + sum(ignored)
