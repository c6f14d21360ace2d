"""What the readers noted, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from inspector.dataset import Note
from inspector.doctor.case import Case, share
from inspector.doctor.findings import Example, Finding, Remedy, Severity

_MANY: Final = 0.5
"""From this part of the detections or objects on, what was ignored is most of what there is: an error."""

_TOLD_ELSEWHERE: Final = ("scores_outside_to_kept",)
"""By a check that sees more than the reader."""

_SAME: Final = (
    *("images_joined_by", "classes_joined_by", "class_names_from", "boxes_of_the_detections_read_as"),
    "boxes_of_the_ground_truth_read_as",
)
"""How the codes of notes begin that go on with what these files hold: that is left out."""

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
    ("images_joined_by", "Where ids and names disagree, this is the choice that finds the most."),
    ("classes_joined_by", "Where ids and names disagree, this is the choice that finds the most."),
    ("files_left_out", "What they hold takes no part in the numbers."),
    ("lines_left_out", "What they hold takes no part in the numbers."),
    ("label_files_left_out", "What they hold takes no part in the numbers."),
    ("objects_left_out", "They count neither as found nor as missed, and no detection can match them."),
    ("text_files_left_out", "What they hold takes no part in the numbers."),
    ("label_files_without_an_image", "Their images are not on disk; their boxes are shown without them."),
    ("images_without_a_label_file", "What is found there can only be FP."),
    ("the_detections_file_holds_no", "Every object counts as missed."),
    ("the_ground_truth_holds_no", "Nothing can be found: AP cannot be computed."),
)
"""By what the code of a note begins with."""

_WARNINGS: Final = re.compile(
    r"[a-z]+_ignored|[a-z_]+_left_out|duplicate_(image|category)|the_[a-z_]+_holds?_no|masks_of_another_size"
    r"|objects_far_outside"
)
"""How the code of a note begins that may change the numbers."""


def noted(case: Case) -> Iterator[Finding]:
    """A finding for each note, in the readers' order."""
    for note in case.dataset.notes:
        if not note.code.startswith(_TOLD_ELSEWHERE):
            code = next((begin for begin in _SAME if note.code.startswith(begin)), note.code)
            yield Finding(
                code or "noted",
                _severity(case, note),
                note.text,
                note.count,
                tuple(Example(text) for text in note.examples),
                _effect(case, note),
                tuple(_other_ways(case, code)),
            )


def _other_ways(case: Case, code: str) -> Iterator[Remedy]:
    """Where detections find their image, or class, in several ways: the others."""
    joined = case.dataset.joined
    if joined is None or code not in ("images_joined_by", "classes_joined_by"):
        return
    images = code == "images_joined_by"
    own, counts = (joined.images_by, joined.images) if images else (joined.classes_by, joined.classes)
    for way, count in counts:
        same = "id" not in (way, own) and count == dict(counts)[own]  # they lead to the same images
        if not count or way == own or same:
            continue
        what = "images" if images else "classes"
        title = f"Match {what} by {way} ({count:,} of {joined.detections:,} detections)"
        field = "images_by" if images else "classes_by"
        yield Remedy(title, replace(case.reading, **{field: way}))  # type: ignore[arg-type]


def _severity(case: Case, note: Note) -> Severity:
    whole = _whole(case, note)
    if whole and note.count >= _MANY * whole:
        return Severity.ERROR
    return Severity.WARNING if _WARNINGS.match(note.code) else Severity.NOTE


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
