"""Words for numbers, for what was opened, and for what was ignored in the files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inspector.dataset import Dataset, Note
from inspector.evaluation.protocol import Protocol, never_counted
from inspector.refs import Side


def number(value: float | None) -> str:
    """A rate to three decimals, or "n/a"."""
    return "n/a" if value is None else f"{value:.3f}"


def counted(amount: int, noun: str) -> str:
    """How many of something: "1 image", "5,827 detections", "80 classes"."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{amount:,} {noun if amount == 1 else plural}"


def one_line(text: str, longest: int | None = None) -> str:
    """Text of a file that cannot break a line or speak to a terminal; cut to `longest` characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if longest is None or len(plain) <= longest else f"{plain[: longest - 1]}…"


def opened(dataset: Dataset, protocol: Protocol | None = None) -> str:
    """What is open, in numbers; of a side that is missing, none. The objects are those that count.

    Goes through all objects, so it is asked once for a dataset, not in every frame.
    """
    protocol = protocol or Protocol()
    crowd, areas = dataset.objects.crowd, dataset.objects.areas
    ignored, sizes = never_counted(dataset.objects, protocol), protocol.size_ranges[0]
    outside = int(np.count_nonzero(~ignored & ((areas < sizes.low) | (areas > sizes.high))))
    crowds, all_ignored = int(np.count_nonzero(crowd)), int(np.count_nonzero(ignored))
    parts = [
        counted(len(dataset.images), "image"),
        counted(len(dataset.objects) - all_ignored - outside, "object")
        if dataset.missing is not Side.OBJECT
        else "",
        counted(crowds, "crowd region") if crowds else "",
        counted(all_ignored - crowds, "difficult object") if all_ignored > crowds else "",
        f"{counted(outside, 'object')} outside every size range" if outside else "",
        counted(len(dataset.detections), "detection") if dataset.missing is not Side.DETECTION else "",
        counted(len(dataset.classes), "class"),
    ]
    return " · ".join(filter(None, parts))


def mask_notes(dataset: Dataset, protocol: Protocol) -> tuple[Note, ...]:
    """Where masks are compared: how many objects and detections have none."""
    if protocol.iou_type != "segm":
        return ()
    notes = []
    for rows, what in ((dataset.objects, "object"), (dataset.detections, "detection")):
        without = len(rows) - (0 if rows.masks is None else int(np.count_nonzero(rows.masks.sizes[:, 0])))
        noun = what if without == 1 else f"{what}s"
        notes.append(Note(f"{noun} without a mask: compared as the box", without, ()))
    return tuple(note for note in notes if note.count)


def note_lines(note: Note) -> list[str]:
    """What a note says, and then each place that it names; "…" where there are more."""
    what = f"{note.count:,} {note.text}" if note.count else note.text
    more = ["…"] if note.count > len(note.examples) > 0 else []
    return [one_line(line) for line in (what, *note.examples, *more)]


def notes_text(notes: Sequence[Note]) -> str:
    """One line per note: how many, what, and where the first ones are."""
    lines = []
    for note in notes:
        what, *places = note_lines(note)
        lines.append(f"{what} ({', '.join(places)})" if places else what)
    return "\n".join(lines)
