"""How detections found their images and classes, in words."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.dataset import Joined
from inspector.export.report import counted


def images_text(joined: Joined) -> str:
    """ "images by name: 452 of 452 detections find theirs; by id: 12"."""
    return _told("images", joined.images_by, joined.images, joined.detections)


def classes_text(joined: Joined) -> str:
    """The same for classes."""
    return _told("classes", joined.classes_by, joined.classes, joined.detections)


def unusual_lines(joined: Joined | None) -> list[str]:
    """What to say of a matching that is not simply by ids that are all there; nothing of one that is."""
    if joined is None or joined.detections == 0:
        return []
    plain = (
        (joined.images_by, dict(joined.images), images_text(joined)),
        (joined.classes_by, dict(joined.classes), classes_text(joined)),
    )
    texts = [text for way, counts, text in plain if way != "id" or counts[way] < joined.detections]
    return [f"{text[0].upper()}{text[1:]}" for text in texts]


def _told(noun: str, way: str, counts: Sequence[tuple[str, int]], detections: int) -> str:
    known = dict(counts)
    find = "finds its own" if detections == 1 else "find theirs"
    own = f"{noun} by {way}: {known.get(way, 0):,} of {counted(detections, 'detection')} {find}"
    others = [f"by {other}: {count:,}" for other, count in counts if other != way]
    return "; ".join([own, *others])
