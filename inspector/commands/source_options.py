"""What all commands read, and how: the options for it, and what they come to."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar, get_args

from inspector.commands.reading_options import add_reading_options, with_options
from inspector.errors import InputError
from inspector.reading import AS_WRITTEN, CLASSES_BY, IMAGES_BY, Convention, Corners, Reading

if TYPE_CHECKING:
    from inspector.dataset import Dataset
    from inspector.sources import Sources

Value = TypeVar("Value")

_SIDES: Final = ("gt", "pred")


@dataclass(frozen=True, slots=True)
class _Sided(Generic[Value]):
    """A value for one side, "gt" or "pred"; for None the option says what it means."""

    side: str | None
    value: Value


def add_source_options(parser: argparse.ArgumentParser, *, paths: bool = False) -> None:
    """`--gt`, `--pred` and how they are read. `paths`: also files and folders that are looked through."""
    group = parser.add_argument_group("what is read: files or folders of any format")
    if paths:
        group.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH", help="looked through for what is not given below"
        )
    group.add_argument("--gt", type=Path, metavar="PATH", help="ground truth")
    group.add_argument("--pred", type=Path, metavar="PATH", help="detections")
    group.add_argument("--images", type=Path, metavar="DIR", help="image folder (default: looked for beside)")
    group.add_argument("--split", metavar="NAME", help="only the images of this split: train, valid, test")
    how = parser.add_argument_group("how it is read (default: found by its content)")
    how.add_argument(
        "--format",
        action="append",
        type=_sided(_format_name),
        metavar="[gt=|pred=]NAME",
        help="the format of a side, or of all sides that know it; may be given twice",
    )
    how.add_argument("--names", type=Path, metavar="FILE", help="class names, where classes are numbers")
    how.add_argument("--match-images", choices=IMAGES_BY, help="by what detections find their image")
    how.add_argument("--match-classes", choices=CLASSES_BY, help="by what detections find their class")
    how.add_argument(
        "--boxes",
        action="append",
        type=_sided(_convention),
        metavar="[gt=|pred=]CORNERS",
        help="what the numbers of a box are: xywh, xyxy or cxcywh, then ,relative (parts of the image) and "
        ",one-based (the first pixel is 1); without a side, of the detections; may be given twice",
    )
    add_reading_options(parser)


def sources_of(options: argparse.Namespace, known: Sources | None = None) -> Sources:
    """What the options of `add_source_options` name; what they leave out is as in `known`.

    Raises InputError where nothing is named, where class names or images are not there, and AmbiguousError
    where the paths hold a side more than once that no option names.
    """
    from inspector.sources import Sources

    if getattr(options, "paths", ()):
        known = _looked_through(options)
    if options.names is not None and not options.names.is_file():
        reason = "is not a file" if options.names.exists() else "no such file"
        raise InputError(options.names, "", reason)
    if options.images is not None and not options.images.is_dir():
        reason = "is not a folder" if options.images.exists() else "no such folder"
        raise InputError(options.images, "", reason)
    given_truth, given_found = _inside(options)
    truth: Path | None = given_truth or (known.ground_truth if known else None)
    found: Path | None = given_found or (known.detections if known else None)
    if truth is None and found is None:
        raise InputError("--gt, --pred", "", "give ground truth, detections, or both")
    same = known is not None and (truth, found)[truth is None] == (known.ground_truth or known.detections)
    images: Path | None = options.images or (known.images if known is not None and same else None)
    return Sources(truth, found, images, _reading_of(options, known.reading if known else AS_WRITTEN))


def _inside(options: argparse.Namespace) -> tuple[Path | None, Path | None]:
    """`--gt` and `--pred`; of a folder that no format knows as a whole what lies in it for this side.

    Raises AmbiguousError where that is more than one.
    """
    from inspector.sniffing import Role, side_in

    if options.format:
        return options.gt, options.pred
    return (
        None if options.gt is None else side_in(options.gt, Role.GROUND_TRUTH),
        None if options.pred is None else side_in(options.pred, Role.DETECTIONS),
    )


def _looked_through(options: argparse.Namespace) -> Sources:
    """What the paths hold; a side that an option names is that."""
    from inspector.sniffing import Role, named, survey

    found = survey(options.paths)
    if options.gt is not None:
        found = replace(found, ground_truth=(named(Role.GROUND_TRUTH, options.gt),))
    if options.pred is not None:
        found = replace(found, detections=(named(Role.DETECTIONS, options.pred),))
    found.check_is_clear()
    return found.sources()


def of_split(dataset: Dataset, split: str | None) -> Dataset:
    """The images of the split that `--split` names; all of them without it. Raises InputError where there is
    none of that name."""
    if split is None:
        return dataset
    from inspector.selection import restricted, split_rows

    try:
        return restricted(dataset, split_rows(dataset, split))
    except ValueError as error:
        raise InputError(dataset.paths[0], "", str(error)) from None


def both_of(sources: Sources, why: str) -> Sources:
    """The same sources. Raises InputError where a side is missing; `why` says who needs it: "to evaluate"."""
    if sources.ground_truth is None:
        raise InputError(sources.first, "", f"these are detections alone; {why}, give ground truth with --gt")
    if sources.detections is None:
        raise InputError(sources.first, "", f"this is ground truth alone; {why}, give detections with --pred")
    return sources


def _reading_of(options: argparse.Namespace, known: Reading) -> Reading:
    reading = replace(
        known,
        class_names=options.names or known.class_names,
        images_by=options.match_images or known.images_by,
        classes_by=options.match_classes or known.classes_by,
    )
    reading = _with_formats(with_options(reading, options), options.format or ())
    for sided in options.boxes or ():
        if sided.side == "gt":
            reading = replace(reading, ground_truth_boxes=sided.value)
        else:
            reading = replace(reading, detection_boxes=sided.value)
    return reading


def _with_formats(reading: Reading, formats: Sequence[_Sided[str]]) -> Reading:
    """Named sides count more than a bare name, wherever that stands."""
    known = _formats_by_side()
    for sided in sorted(formats, key=lambda sided: sided.side is not None):
        for side in known if sided.side is None else (sided.side,):
            if sided.value not in known[side]:
                continue  # a bare name that only the other side knows
            if side == "gt":
                reading = replace(reading, ground_truth_format=sided.value)
            else:
                reading = replace(reading, detections_format=sided.value)
    return reading


def _formats_by_side() -> dict[str, list[str]]:
    from inspector.readers.formats import DETECTION_FORMATS, TRUTH_FORMATS

    return {
        "gt": [known.name for known in TRUTH_FORMATS],
        "pred": [known.name for known in DETECTION_FORMATS],
    }


def _sided(parse: Callable[[str, str | None], Value]) -> Callable[[str], _Sided[Value]]:
    """Takes the side off a text, and words what is wrong as argparse does."""

    def parsed(text: str) -> _Sided[Value]:
        side, equals, rest = text.partition("=")
        if equals and side not in _SIDES:
            raise argparse.ArgumentTypeError(f'expected gt= or pred=, found "{side}="')
        try:
            return _Sided(side, parse(rest, side)) if equals else _Sided(None, parse(text, None))
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


def _format_name(text: str, side: str | None) -> str:
    known = _formats_by_side()
    names = known[side] if side else list(dict.fromkeys(name for names in known.values() for name in names))
    if text not in names:
        raise ValueError(f'expected one of {", ".join(names)}, found "{text}"')
    return text


def _convention(text: str, _side: str | None) -> Convention:
    corners, *more = text.split(",")
    known = {name: name for name in get_args(Corners)}
    if corners not in known or not {*more} <= {"relative", "one-based"}:
        raise ValueError(f'expected xywh, xyxy or cxcywh, then ,relative and ,one-based; found "{text}"')
    return Convention(known[corners], "relative" in more, "one-based" in more)
