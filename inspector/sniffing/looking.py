"""Looks through files and folders: what of them is ground truth, what detections, what images."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from inspector.errors import InputError
from inspector.images.paths import IMAGE_SUFFIXES
from inspector.progress import Progress, no_progress
from inspector.readers.coco.kind import truth_of_splits
from inspector.readers.files import size_of
from inspector.readers.formats import DETECTION_FORMATS, TRUTH_FORMATS
from inspector.readers.label_images import NOT_YET, are_label_images
from inspector.sniffing.candidates import Candidate, Role
from inspector.sniffing.choosing import Survey
from inspector.sniffing.grouping import Group, Leaf, grouped
from inspector.sniffing.recognising import Kind, kind_of, looks_like, refusal
from inspector.sniffing.walking import Listing, listing_of, stem_of
from inspector.sources import Sources

_STAGE: Final = "Looking at the files"
_DATA: Final = (".json", ".jsonl", ".ndjson", ".txt", ".csv", ".tsv", ".xml")
_INDEX: Final = (".yaml", ".yml", ".data")
"""Files that tell of a whole data set."""
_CLASS_LISTS: Final = ("classes.txt", "labels.txt", "names.txt", "obj.names", "_darknet.labels")
_SAMPLE: Final = 8
_MOST_ODD: Final = 24
"""Of files that are not named like an image, so many are all looked at."""
_NAMED: Final = 5
"""Broken links of a folder that are named."""
_MOST_GIVEN: Final = 24
_MOST_LOOKS: Final = 1_500
_MOST_PICTURES: Final = 40
"""Folders whose PNGs are looked at."""
_HINTS: Final = {
    Role.GROUND_TRUTH: re.compile(r"gts?|truth|annot|label|instances", re.IGNORECASE),
    Role.DETECTIONS: re.compile(r"pred|det|result|model|runs?", re.IGNORECASE),
}


def sources_from(
    paths: Sequence[Path], known: Sources | None = None, progress: Progress = no_progress
) -> Sources:
    """The sources that some files and folders stand for; see `Survey.sources` for the part of `known`.

    Raises InputError where no side is there, and AmbiguousError where there are several of one.
    """
    found = survey(paths, progress)
    found.check_is_clear()
    return found.sources(known)


def side_in(path: Path, role: Role) -> Path:
    """What a folder that is named as one side means: itself, or the one file or folder of this side in it.

    Where nothing is found it stays as it is: its reader says why. Raises AmbiguousError where several are.
    """
    if not path.is_dir() or kind_of(path, role) is not None:
        return path
    found = survey([path])
    is_truth = role is Role.GROUND_TRUTH
    found = replace(found, detections=()) if is_truth else replace(found, ground_truth=())
    found.check_is_clear()
    candidates = found.ground_truth if is_truth else found.detections
    return candidates[0].path if candidates else path


def survey(paths: Sequence[Path], progress: Progress = no_progress) -> Survey:
    """Look through files and folders. In bounded time, whatever they hold: of many files, some are read.

    Raises InputError where one of `paths` cannot be read, and what `progress` raises.
    """
    paths = list(dict.fromkeys(paths))
    search = _Search(progress)
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    if len(files) > _MOST_GIVEN:
        raise InputError(files[0].parent, "", f"these are {len(files):,} files: drop their folder instead")
    listings = [listing_of(folder, progress) for folder in folders]
    for listing in listings:
        search.find_images(listing)
    for file in files:
        search.look_at_file(file)
    for listing in listings:
        search.look_through(listing)
    return search.result(tuple(paths))


@dataclass(slots=True)
class _Search:
    progress: Progress
    candidates: list[Candidate] = field(default_factory=list)
    stems: set[str] = field(default_factory=set)
    """Of all images."""
    labels: list[Path] = field(default_factory=list)
    """Folders of label pictures."""
    class_names: Path | None = None
    odd: list[Path] = field(default_factory=list)
    """Files that look like nothing."""
    problems: list[str] = field(default_factory=list)
    looks: int = 0

    def look_at_file(self, path: Path) -> None:
        """A file that was named. Raises InputError where it is not there."""
        self.progress(_STAGE, 0.0)
        if not path.exists():
            raise InputError(path, "", "cannot be read: there is no such file")
        if not size_of(path):
            raise InputError(path, "", "is empty")
        kind = kind_of(path)
        if kind is not None:
            self.candidates.append(_of_file(path, kind, is_given=True))
        elif path.suffix.lower() == ".names" or path.name.lower() in _CLASS_LISTS:
            self.class_names = path
        elif path.suffix.lower() in IMAGE_SUFFIXES:
            is_label = path.suffix.lower() == ".png" and are_label_images([path])
            self.problems.append(NOT_YET if is_label else "is an image: drop the ground truth or detections")
        else:
            raise InputError(path, "", f"is neither ground truth nor detections: {refusal([path])}")

    def look_through(self, root: Listing) -> None:
        leaves: dict[Kind, list[Leaf]] = defaultdict(list)
        indexed: set[Path] = set()
        for listing in root.below():
            if listing.problem:
                self.problems.append(f"{listing.path.name} {listing.problem}")
            self.problems += [
                f"{name} is a link that leads nowhere, or in a circle"
                for name in listing.broken_links[:_NAMED]
            ]
            if _is_indexed(listing):
                indexed.add(listing.path)
            for suffix in _DATA:
                if suffix in listing.files:
                    self._look_at(listing, suffix, leaves)
        for kind, parts in leaves.items():
            for group in grouped(parts, root.path, indexed, lambda path, kind=kind: looks_like(kind, path)):  # type: ignore[misc]
                self._add_group(_of_group(group, kind, root.path))
        self._join_splits(root)

    def _join_splits(self, root: Listing) -> None:
        """COCO files of several splits are one candidate: their folder."""
        for listing in root.below():
            files = [
                item
                for item in self.candidates
                if item.role is Role.GROUND_TRUTH and item.format is not None and item.format.name == "coco"
                if item.path.suffix and item.path.is_relative_to(listing.path) and not item.is_given
            ]
            splits = truth_of_splits(listing.path) if len(files) > 1 else {}
            if splits:
                count, is_given = f"{len(splits)} files", listing.path == root.path
                why = "by the content of its files"
                form = files[0].format
                self._add_group(
                    Candidate(Role.GROUND_TRUTH, listing.path, form, count, why, tuple(splits), is_given)
                )

    def _add_group(self, group: Candidate) -> None:
        """Its folder speaks for the files in it, such as lists of its images."""
        self.candidates = [
            item
            for item in self.candidates
            if item.is_given
            or (item.role, item.format) != (group.role, group.format)
            or not item.path.is_relative_to(group.path)
        ]
        self.candidates.append(group)

    def _look_at(self, listing: Listing, suffix: str, leaves: dict[Kind, list[Leaf]]) -> None:
        """Files of one suffix in one folder: parts of a data set, or each one by itself."""
        names = listing.files[suffix]
        kinds: dict[Kind, list[str]] = defaultdict(list)
        for name in self._worth_a_look(names):
            kind = self._kind_of(listing.path / name)
            if kind is not None:
                kinds[kind].append(name)
            elif name.lower() not in _CLASS_LISTS:
                self.odd.append(listing.path / name)
        if suffix == ".txt":
            kinds = _as_folders(kinds, listing.path)
        for kind, alike in kinds.items():
            is_part = len(alike) > 1 or stem_of(alike[0]) in self.stems
            if is_part and looks_like(kind, listing.path):
                count = len(names) if len(kinds) == 1 else len(alike)
                leaves[kind].append(Leaf(listing.path, count))
            else:
                self.candidates += [_of_file(listing.path / name, kind) for name in alike]

    def _worth_a_look(self, names: Sequence[str]) -> list[str]:
        """All that are not named like an image, where they are few; of the others some from everywhere."""
        other = [name for name in names if stem_of(name) not in self.stems]
        if len(other) > _MOST_ODD:
            return _some(names)
        odd = set(other)
        return [*other, *_some([name for name in names if name not in odd])]

    def _kind_of(self, path: Path) -> Kind | None:
        self.looks += 1
        self.progress(_STAGE, min(0.95, self.looks / (self.looks + 100)))
        if self.looks > _MOST_LOOKS:
            return None
        try:
            return kind_of(path)
        except InputError as error:
            self.problems.append(f"{path.name} {error.reason}")
            return None

    def find_images(self, root: Listing) -> None:
        leaves = []
        for listing in root.below():
            names = [name for suffix in IMAGE_SUFFIXES for name in listing.files.get(suffix, ())]
            if not names:
                continue
            pngs = listing.files.get(".png", ())
            if len(pngs) == len(names) and self._are_labels(listing.path, pngs):
                self.labels.append(listing.path)
                continue
            self.stems.update(map(stem_of, names))
            leaves.append(Leaf(listing.path, len(names)))
        for group in grouped(leaves, root.path, (), lambda _path: True):
            count = f"{group.files:,} image{'' if group.files == 1 else 's'}"
            is_given = group.folder == root.path
            why = "files named as images"
            item = Candidate(Role.IMAGES, group.folder, None, count, why, group.splits, is_given)
            self.candidates.append(item)

    def _are_labels(self, folder: Path, names: Sequence[str]) -> bool:
        self.progress(_STAGE, 0.0)
        return len(self.labels) < _MOST_PICTURES and are_label_images([folder / name for name in names])

    def result(self, paths: tuple[Path, ...]) -> Survey:
        truth, found, images = (
            [item for item in self.candidates if item.role is role]
            for role in (Role.GROUND_TRUTH, Role.DETECTIONS, Role.IMAGES)
        )
        remarks = list(self.problems)
        if self.labels and not truth:
            where = "" if self.labels[0] in paths else f"{self.labels[0].name} "
            remarks.insert(0, f"{where}{NOT_YET}")
        if not truth and not found and self.odd:
            remarks.append(refusal(self.odd[:3]))
        is_all_given = not truth and not found
        return Survey(
            paths,
            tuple(sorted(truth, key=_rank)),
            tuple(sorted(found, key=_rank)),
            tuple(
                sorted(
                    (item if is_all_given else _named_alone(item, truth, found) for item in images),
                    key=_rank_of_images,
                )
            ),
            self.class_names,
            tuple(dict.fromkeys(remarks)),
        )


def _named_alone(images: Candidate, *sides: Iterable[Candidate]) -> Candidate:
    """A folder is named as images only where neither side lies in it."""
    other = any(item.path.is_relative_to(images.path) for side in sides for item in side)
    return replace(images, is_given=images.is_given and not other)


def _is_indexed(listing: Listing) -> bool:
    """Whether a folder tells of a whole data set: by a description, or as VOC's development kit."""
    folders = {folder.path.name for folder in listing.folders}
    return any(suffix in listing.files for suffix in _INDEX) or folders >= {"Annotations", "ImageSets"}


def _as_folders(kinds: dict[Kind, list[str]], folder: Path) -> dict[Kind, list[str]]:
    """Of each side one kind, that of the folder: numbers of single text files can be read in several ways."""
    by_role: dict[Role, list[str]] = defaultdict(list)
    for (role, _), names in kinds.items():
        by_role[role] += names
    found = dict(kinds)
    for role, names in by_role.items():
        own = kind_of(folder, role)
        if len(names) > 1 and own is not None:
            found = {kind: alike for kind, alike in found.items() if kind[0] is not role} | {own: names}
    return found


def _some(names: Sequence[str]) -> list[str]:
    """Up to `_SAMPLE` from all over a list."""
    if len(names) <= _SAMPLE:
        return list(names)
    return [names[i * len(names) // _SAMPLE] for i in range(_SAMPLE)]


def _of_file(path: Path, kind: Kind, *, is_given: bool = False) -> Candidate:
    return Candidate(kind[0], path, kind[1], _size_text(path), "by its content", (), is_given)


def _of_group(group: Group, kind: Kind, root: Path) -> Candidate:
    count = f"{group.files:,} file{'' if group.files == 1 else 's'}"
    why = "by the content of some of its files"
    is_given = group.folder == root
    return Candidate(kind[0], group.folder, kind[1], count, why, group.splits, is_given)


def _size_text(path: Path) -> str:
    size = path.stat().st_size
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3)):,} kB"


def _rank(item: Candidate) -> tuple[object, ...]:
    """Named ones first, then those whose path says what they are, then the strictest format."""
    formats = TRUTH_FORMATS if item.role is Role.GROUND_TRUTH else DETECTION_FORMATS
    hint = any(_HINTS[item.role].match(part) for part in item.path.parts[-3:])
    assert item.format is not None
    return not item.is_given, not hint, formats.index(item.format), len(item.path.parts), item.path


def _rank_of_images(item: Candidate) -> tuple[object, ...]:
    return not item.is_given, len(item.path.parts), item.path
