"""Finds the boxes and images of a dataset that verdicts hang on, after files have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inspector.dataset import Dataset, FileId, Flags, Floats, ImageName, Images, Objects, Rows
from inspector.geometry import overlaps
from inspector.pauses import Pauses
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.exact import NOT_EXACT, exact_rows
from inspector.review.verdicts import Entry, Place, Target

TOLERANCE: Final = 0.01
"""Pixels by which files that were written again may have rounded a box."""
_ROUNDED: Final = 1.0
"""Pixels by which a box of whole numbers may differ from what was said of it."""
_OVERLAP: Final = 0.5
"""IoU from which on a box of the same id is the one that was moved, not another object that got its id."""
_MOVED: Final = 4
"""The last of an object's ranks: its id and class, but another box."""


@dataclass(frozen=True, slots=True)
class Attached:
    """Verdicts by what they hang on in one dataset."""

    entries: Mapping[Ref, Entry]
    orphans: tuple[Entry, ...]
    """Those whose image, object or detection is not in the dataset."""


def place_of(dataset: Dataset, ref: Ref) -> Place:
    """How a box or an image is told from all others, whatever its row."""
    return places_of(dataset, [ref])[0]


def places_of(dataset: Dataset, refs: Iterable[Ref]) -> list[Place]:
    """The same for many."""
    images, boxes = dataset.images, {side: _Boxes(dataset, side) for side in Side}
    return [
        _image_place(images.name(ref.row))
        if isinstance(ref, ImageRef)
        else boxes[ref.kind].place(ref.row, images)
        for ref in refs
    ]


def _image_place(name: ImageName) -> Place:
    return Place(Target.IMAGE, name[0], image_number=name[1])


def attach(dataset: Dataset, entries: Iterable[Entry]) -> Attached:
    """Every entry hangs on what it was given for, or is an orphan. `Finder` says how that is found."""
    by_image: dict[ImageName, list[Entry]] = {}
    for entry in entries:
        by_image.setdefault(entry.place.image_name, []).append(entry)
    attached: dict[Ref, Entry] = {}
    orphans: list[Entry] = []
    for _, found in Finder(dataset).attach_all(by_image):
        attached.update(found.entries)
        orphans.extend(found.orphans)
    return Attached(attached, tuple(orphans))


class Finder:
    """Finds what places mean in one dataset.

    * An object is the one of its id, class and box; else of its id and box, where its class was corrected;
      else of its class and box, where ids were given anew; else of its id and class, where its box was moved:
      not far, and on an image where nothing shows that ids were given anew.
    * A label that should go may be gone, so the one of its class and box is only taken where its id belongs
      to another object, and the one of its id and class only where its box was rounded.
    * A detection is the one of its class and box.

    Boxes are the same within `TOLERANCE`. The better an entry fits, the earlier it is served; what fits
    nothing that is free is left over: nothing is told from another by a guess.
    """

    def __init__(self, dataset: Dataset, opened: Dataset | None = None) -> None:
        """`dataset` shows some of the images of `opened`, or all there are. Goes through their names."""
        self._image_rows = dataset.images.rows_by_name()
        ids = _Ids((opened or dataset).objects)
        self._boxes = {side: _Boxes(dataset, side, ids) for side in Side}

    def image_row(self, image: ImageName) -> int | None:
        return self._image_rows.get(image)

    def attach(self, image: ImageName, entries: Sequence[Entry]) -> Attached:
        """Attach all entries of one image."""
        row = self._image_rows.get(image)
        if row is None:
            return Attached({}, tuple(entries))
        attached: dict[Ref, Entry] = {}
        orphans: list[Entry] = []
        for entry in entries:
            if entry.place.target is Target.IMAGE:
                attached[ImageRef(row)] = entry
        for side in Side:
            asked = [entry for entry in entries if entry.place.target.value == side.value]
            if asked:
                found = self._boxes[side].find([(entry.place, entry.verdict.removes) for entry in asked], row)
                for entry, box_row in zip(asked, found, strict=True):
                    if box_row is None:
                        orphans.append(entry)
                    else:
                        attached[BoxRef(side, box_row)] = entry
        return Attached(attached, tuple(orphans))

    def attach_all(
        self, by_image: Mapping[ImageName, Sequence[Entry]]
    ) -> Iterator[tuple[ImageName, Attached]]:
        """The same image by image, quickly where nothing has changed: what is exactly there comes first."""
        entries = [entry for here in by_image.values() for entry in here]
        exact = self._exact(entries)
        pause, start = Pauses(), 0
        for image, here in by_image.items():
            pause()
            refs = exact[start : start + len(here)]
            start += len(here)
            known = {ref: entry for ref, entry in zip(refs, here, strict=True) if ref is not None}
            yield image, Attached(known, ()) if len(known) == len(here) else self.attach(image, here)

    def _exact(self, entries: Sequence[Entry]) -> list[Ref | None]:
        """What each entry hangs on where its image, or one box alone, is exactly as it was."""
        refs: list[Ref | None] = [None] * len(entries)
        images = [self._image_rows.get(entry.place.image_name, -1) for entry in entries]
        for side in Side:
            of_side = [
                number
                for number, entry in enumerate(entries)
                if images[number] >= 0 and entry.place.target.value == side.value
            ]
            places = [entries[number].place for number in of_side]
            rows = self._boxes[side].exact(places, [images[number] for number in of_side])
            for number, row in zip(of_side, rows, strict=True):
                refs[number] = None if row == NOT_EXACT else BoxRef(side, row)
        for number, entry in enumerate(entries):
            if entry.place.target is Target.IMAGE and images[number] >= 0:
                refs[number] = ImageRef(images[number])
        return refs

    def find(self, place: Place) -> Ref | None:
        """What a single place means, whatever is said of it."""
        row = self._image_rows.get(place.image_name)
        if row is None:
            return None
        if place.target is Target.IMAGE:
            return ImageRef(row)
        side = Side(place.target.value)
        found = self._boxes[side].find([(place, False)], row)[0]
        return None if found is None else BoxRef(side, found)


class _Boxes:
    """The objects or the detections of a dataset, by what they are called in their file."""

    def __init__(self, dataset: Dataset, side: Side, all_ids: _Ids | None = None) -> None:
        """`all_ids`: also those of objects on images that are not shown; only finding needs them."""
        self._all_ids = all_ids
        labels, of_objects = dataset.labels, side is Side.OBJECT
        self._target = Target(side.value)
        part = dataset.objects if of_objects else dataset.detections
        self._images, self.boxes = part.images, part.boxes
        self._offsets = part.offsets
        self._ids = dataset.objects.ids if of_objects else None
        self._codes: dict[str, list[int]] = {}
        self._names: tuple[str, ...] = dataset.classes.names
        self._classes: Rows = part.classes
        if labels is not None:
            self._names = labels.names
            self._classes = labels.objects if of_objects else labels.detections

    def on(self, image_row: int) -> slice:
        return slice(int(self._offsets[image_row]), int(self._offsets[image_row + 1]))

    def place(self, row: int, images: Images) -> Place:
        image_row = int(self._images[row])
        name = self._names[int(self._classes[row])]
        file_id = None if self._ids is None else self._ids[row : row + 1].tolist()[0]
        earlier = slice(int(self._offsets[image_row]), row)
        same: Flags = (self.boxes[earlier] == self.boxes[row]).all(axis=1)
        if same.any():
            same &= self.called(name, earlier) & self.with_id(file_id, earlier)
        x, y, width, height = self.boxes[row].tolist()
        number, (image, image_number) = int(np.count_nonzero(same)), images.name(image_row)
        return Place(self._target, image, file_id, name, (x, y, width, height), number, image_number)

    def called(self, name: str, rows: slice) -> Flags:
        """bool [rows]: of a class of this name; several classes may share one."""
        if name not in self._codes:
            self._codes[name] = [code for code, known in enumerate(self._names) if known == name]
        same = np.zeros(rows.stop - rows.start, dtype=np.bool_)
        for code in self._codes[name]:
            same |= self._classes[rows] == code
        return same

    def with_id(self, file_id: FileId | None, rows: slice) -> Flags:
        if self._ids is None:
            return np.ones(rows.stop - rows.start, dtype=np.bool_)
        return np.array([known == file_id for known in self._ids[rows].tolist()], dtype=np.bool_)

    def exact(self, places: Sequence[Place], image_rows: Sequence[int]) -> list[int]:
        """The row of each place that is exactly and only there, else NOT_EXACT."""
        ids = self._ids
        if not places or (ids is not None and ids.dtype != np.int64):
            return [NOT_EXACT] * len(places)
        first = {name: code for code, name in reversed(list(enumerate(self._names)))}  # names may be twice
        one_code = np.array([first[name] for name in self._names], dtype=np.int64)
        rows = exact_rows(
            places,
            np.array(image_rows, dtype=np.int64),
            np.array([first.get(place.class_name, -1) for place in places], dtype=np.int64),
            None if ids is None else ids.astype(np.int64, copy=False),
            self.boxes,
            one_code[self._classes],
            self._offsets,
        )
        found: list[int] = rows.tolist()
        return found

    def find(self, asked: Sequence[tuple[Place, bool]], image_row: int) -> list[int | None]:
        """The row of each place; no row twice, None for what is left over. With each: whether it is to go."""
        rows = self.on(image_row)
        free = np.ones(rows.stop - rows.start, dtype=np.bool_)
        found: list[int | None] = [None] * len(asked)
        fits = [self._fits(place, removes, rows) for place, removes in asked]
        ranks = range(len(fits[0].ranks))
        if self._ids is not None and any(fit.was_renumbered for fit in fits):
            ranks = range(_MOVED)  # the same id says nothing here
        for rank in ranks:
            for number, fit in enumerate(fits):
                if found[number] is None:
                    best = fit.best(rank, free)
                    if best is not None:
                        free[best] = False
                        found[number] = rows.start + best
        return found

    def _fits(self, place: Place, removes: bool, rows: slice) -> _Fit:
        boxes, box = self.boxes[rows], np.array(place.box or [np.nan] * 4)
        with np.errstate(invalid="ignore"):  # inf - inf: boxes may be anything
            distance: Floats = np.where(boxes == box, 0.0, np.abs(boxes - box)).max(axis=1)
        near, called = distance <= TOLERANCE, self.called(place.class_name, rows)
        if self._ids is None:
            return _Fit(place.number, distance, (called & (distance == 0), called & near))
        same = self.with_id(place.object_id, rows)
        own, renumbered = same & called, called & near & ~same
        if removes and renumbered.any() and not self._is_used(place.object_id):
            renumbered[:] = False
        moved = own
        if own.any():
            moved = own & (distance <= _ROUNDED if removes else overlaps(box, boxes) >= _OVERLAP)
        ranks = (own & (distance == 0), own & near, same & near, renumbered, moved)
        return _Fit(place.number, distance, ranks)

    def _is_used(self, file_id: FileId | None) -> bool:
        return self._all_ids is not None and file_id in self._all_ids


class _Ids:
    """The ids of all objects of a file.

    Where they are positions, as where a format has none, every one counts as used: what is taken out of the
    files gives its number to another object, and leaves the last number to none.
    """

    def __init__(self, objects: Objects) -> None:
        self._column: NDArray[Any] = objects.ids
        self._positions = objects.positions

    def __contains__(self, file_id: FileId | None) -> bool:
        if self._are_positions:
            return True
        if self._column.dtype != np.int64:
            return file_id in self._texts
        if not isinstance(file_id, int) or not -(2**63) <= file_id < 2**63:
            return False
        at = int(np.searchsorted(self._numbers, file_id))
        return at < len(self._numbers) and int(self._numbers[at]) == file_id

    @cached_property
    def _are_positions(self) -> bool:
        return np.array_equal(self._column, self._positions)

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        """Sorted, when it is asked for first: some tenths of a second for a million."""
        return np.sort(self._column)

    @cached_property
    def _texts(self) -> frozenset[FileId]:
        return frozenset(self._column.tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """How well the boxes of an image fit a place."""

    number: int
    distance: Floats
    ranks: tuple[Flags, ...]
    """What fits exactly, then what fits less and less well."""

    @property
    def was_renumbered(self) -> bool:
        """Whether an object's class and box are there, but only under another id."""
        *same, renumbered, _ = self.ranks
        return bool(renumbered.any()) and not any(fits.any() for fits in same)

    def best(self, rank: int, free: NDArray[np.bool_]) -> int | None:
        """The position of the box to take: of those that fit exactly the own one, else the nearest."""
        if rank == 0:
            twins = np.flatnonzero(self.ranks[0])
            own = int(twins[self.number]) if self.number < len(twins) else None
            return own if own is not None and free[own] else None
        candidates = np.flatnonzero(self.ranks[rank] & free)
        return int(candidates[self.distance[candidates].argmin()]) if len(candidates) else None
