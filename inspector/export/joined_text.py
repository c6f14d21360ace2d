"""How detections found their images and classes, in words."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.dataset import Joined, Note


def images_text(joined: Joined, way: str | None = None) -> str:
    """ "by name: 452 of 452 detections find their image; by id: 12"; `way`: instead of the one taken."""
    return _told("image", way or joined.images_by, joined.images, joined.detections)


def classes_text(joined: Joined, way: str | None = None) -> str:
    """The same for classes."""
    return _told("class", way or joined.classes_by, joined.classes, joined.detections)


def unusual_lines(joined: Joined | None, notes: Sequence[Note]) -> list[str]:
    """What to say of a matching that is not simply by ids that are all there, beside what notes say of it."""
    if joined is None or joined.detections == 0:
        return []
    ways = (
        ("images", joined.images_by, dict(joined.images), images_text(joined)),
        ("classes", joined.classes_by, dict(joined.classes), classes_text(joined)),
    )
    noted = {note.text.partition(" joined by ")[0] for note in notes}
    return [
        f"{what} joined {text}"
        for what, way, counts, text in ways
        if what not in noted and (way != "id" or counts.get(way) != joined.detections)
    ]


def _told(noun: str, way: str, counts: Sequence[tuple[str, int]], detections: int) -> str:
    known = dict(counts)
    find = "detection finds its" if detections == 1 else "detections find their"
    own = f"by {way}: {known.get(way, 0):,} of {detections:,} {find} {noun}"
    return "; ".join([own, *(f"by {other}: {count:,}" for other, count in counts if other != way)])
