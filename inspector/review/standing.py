"""The verdicts that hang on a dataset now, kept current verdict by verdict."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from inspector.dataset import Dataset, Flags, ImageName, Rows
from inspector.refs import BoxRef, ImageRef, Ref, Side
from inspector.review.attaching import Attached, Finder
from inspector.review.verdicts import Entry, Place


class Standing:
    """What stands of all that was said, by rows of the dataset that is shown.

    A new verdict costs what its image has of them, whatever there is on others.
    """

    def __init__(self, dataset: Dataset, opened: Dataset, entries: Iterable[Entry]) -> None:
        """`dataset` shows some of the images of `opened`. Takes microseconds for each image and entry."""
        self.entries: dict[Ref, Entry] = {}
        self.reviewed: Flags = np.zeros(len(dataset.images), dtype=np.bool_)
        """bool [images]: looked through."""
        self.judged: dict[Side, Flags] = {
            Side.OBJECT: np.zeros(len(dataset.objects), dtype=np.bool_),
            Side.DETECTION: np.zeros(len(dataset.detections), dtype=np.bool_),
        }
        """bool [rows]: which boxes have a judgement; a note alone is none."""
        self.flags: Rows = np.zeros(len(dataset.images), dtype=np.int32)
        """int32 [images]: how many labels are said to be wrong, that of the image included."""
        self._images = dataset.images
        self._shown = Finder(dataset, opened)
        self._all = self._shown if opened is dataset else Finder(opened)
        self._by_image: dict[ImageName, dict[Place, Entry]] = {}
        self._refs: dict[ImageName, tuple[Ref, ...]] = {}
        self._orphans: dict[ImageName, tuple[Entry, ...]] = {}
        for entry in entries:
            self._by_image.setdefault(entry.place.image_name, {})[entry.place] = entry
        shown: dict[ImageName, list[Entry]] = {}
        others: dict[ImageName, list[Entry]] = {}
        for image, here in self._by_image.items():
            is_shown = self._shown.image_row(image) is not None
            (shown if is_shown else others)[image] = list(here.values())
        for image, found in self._shown.attach_all(shown):
            self._hang(image, found)
        for image, found in self._all.attach_all(others):
            self._set_aside(image, found)

    @property
    def orphans(self) -> tuple[Entry, ...]:
        """What hangs on nothing that is open. An image that is only not shown keeps what was said of it."""
        return tuple(entry for orphans in self._orphans.values() for entry in orphans)

    def put(self, entries: Iterable[Entry]) -> None:
        """What was said now, in place of what was said before of the same places."""
        images: dict[ImageName, None] = {}
        for entry in entries:
            here = self._by_image.setdefault(entry.place.image_name, {})
            if entry.verdict.is_empty:
                here.pop(entry.place, None)
            else:
                here[entry.place] = entry
            images[entry.place.image_name] = None
        for image in images:
            self._attach(image)

    def on(self, image_row: int) -> dict[Ref, Entry]:
        """What hangs on an image and its boxes."""
        return {ref: self.entries[ref] for ref in self._refs.get(self._images.name(image_row), ())}

    def find(self, place: Place) -> Ref | None:
        """What a place means in the shown dataset, also if nothing is said of it."""
        for ref in self._refs.get(place.image_name, ()):
            if self.entries[ref].place == place:
                return ref
        return self._shown.find(place)

    def _attach(self, image: ImageName) -> None:
        for ref in self._refs.pop(image, ()):
            del self.entries[ref]
            self._mark(ref, None)
        self._orphans.pop(image, None)
        image_row = self._shown.image_row(image)
        if image_row is not None:
            self.flags[image_row] = 0
        entries = list(self._by_image[image].values())
        if not entries:
            del self._by_image[image]
            return
        if image_row is not None:
            self._hang(image, self._shown.attach(image, entries))
        else:
            self._set_aside(image, self._all.attach(image, entries))

    def _hang(self, image: ImageName, found: Attached) -> None:
        self._set_aside(image, found)
        self._refs[image] = tuple(found.entries)
        self.entries.update(found.entries)
        for ref, entry in found.entries.items():
            self._mark(ref, entry)
        image_row = self._shown.image_row(image)
        assert image_row is not None
        self.flags[image_row] = sum(entry.verdict.is_flag for entry in found.entries.values())

    def _set_aside(self, image: ImageName, found: Attached) -> None:
        if found.orphans:
            self._orphans[image] = found.orphans

    def _mark(self, ref: Ref, entry: Entry | None) -> None:
        match ref:
            case ImageRef(row):
                self.reviewed[row] = entry is not None and entry.verdict.reviewed
            case BoxRef(side, row):
                self.judged[side][row] = entry is not None and entry.verdict.judgement is not None
