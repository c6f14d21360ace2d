"""`evaluate`: the numbers on the terminal and in files, without a window."""

from __future__ import annotations

import argparse
import io
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from inspector.commands.source_options import of_split
from inspector.commands.targets import check_folder, check_target
from inspector.dataset import Dataset
from inspector.errors import InputError
from inspector.evaluation.options import Options, parse_ious, parse_max_dets, parse_sizes, prepare
from inspector.evaluation.protocol import AP_RULES
from inspector.selection import class_rows_named, image_rows_like, restricted
from inspector.sources import Sources

if TYPE_CHECKING:
    from inspector.evaluation.operating_point import OperatingPoint
    from inspector.evaluation.split_tables import Part
    from inspector.evaluation.tables import Table

Value = TypeVar("Value")

_DEFAULT: Final = Options()


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is evaluated, how, and where the numbers go."""
    how = parser.add_argument_group("protocol")
    how.add_argument("--iou-type", choices=("bbox", "segm"), default=_DEFAULT.iou_type, help="boxes or masks")
    how.add_argument(
        "--iou",
        type=_argument(parse_ious),
        default=_DEFAULT.iou_thresholds,
        metavar="A:STEP:B",
        help="IoU thresholds, or one number (default: .5:.05:.95)",
    )
    how.add_argument(
        "--max-dets",
        type=_argument(parse_max_dets),
        default=_DEFAULT.max_dets,
        metavar="1,10,100",
        help="limits of detections per class and image",
    )
    how.add_argument(
        "--sizes",
        type=_argument(parse_sizes),
        default=_DEFAULT.sizes,
        metavar="RANGES",
        help="size ranges: coco, percentile, or NAME=LO..HI,... in square pixels or percentiles (25%%)",
    )
    how.add_argument("--ap", choices=tuple(AP_RULES), default=_DEFAULT.ap_rule, help="how AP averages")
    how.add_argument("--class-agnostic", action="store_true", help="all classes as one")
    what = parser.add_argument_group("what counts")
    what.add_argument(
        "--score",
        type=_argument(_parse_score),
        default=0.5,
        metavar="T",
        help="confidence at which detections are counted (default: 0.5)",
    )
    what.add_argument(
        "--classes",
        action="append",
        metavar="NAME,...",
        help="only these classes, by name or id; may be given more than once",
    )
    what.add_argument(
        "--only-images",
        action="append",
        metavar="PATTERN",
        help="only images whose file name fits, such as 'val/*.jpg'; may be given more than once",
    )
    where = parser.add_argument_group("output")
    where.add_argument("--json", metavar="FILE", help="also write everything as JSON; - for standard output")
    where.add_argument("--csv", metavar="DIR", help="also write each table as a CSV file")


def run(sources: Sources, options: argparse.Namespace) -> int:
    """Read, evaluate, print and write. Raises InputError."""
    from inspector.cache import evaluated, keep, tabled
    from inspector.evaluation.operating_point import OperatingPoint
    from inspector.evaluation.split_tables import ALL, Part, evaluate_splits
    from inspector.export import report
    from inspector.export.joined_text import unusual_lines
    from inspector.export.text import headline_text
    from inspector.sources import read

    _check_targets(sources, options)
    dataset = read(sources, find_images=False, masks=options.iou_type == "segm")
    if dataset.notes:
        print(report.notes_text(dataset.notes), file=sys.stderr)
    for line in unusual_lines(dataset.joined, dataset.notes):
        print(line, file=sys.stderr)
    dataset = of_split(dataset, options.split)
    _check_score(dataset, options.score)
    if options.iou_type == "segm":
        _check_masks(dataset)
    wish = replace(
        _DEFAULT,
        iou_type=options.iou_type,
        iou_thresholds=options.iou,
        max_dets=options.max_dets,
        sizes=options.sizes,
        ap_rule=options.ap,
        class_agnostic=options.class_agnostic,
    )
    dataset, protocol = prepare(_subset(dataset, options.classes, options.only_images), wish)
    if unmasked := report.mask_notes(dataset, protocol):
        print(report.notes_text(unmasked), file=sys.stderr)
    evaluation = evaluated(dataset, protocol)
    if options.json != "-":
        print(headline_text(dataset, evaluation), flush=True)  # the tables may have yet to be compiled
    point = OperatingPoint(protocol.iou_index(0.5) or 0, options.score)
    tables = tabled(dataset, evaluation, point)
    parts = evaluate_splits(dataset, wish)
    _put_out(Part(ALL, dataset, evaluation), parts, point, tables, options)
    if sys.stdout is not None:
        sys.stdout.flush()  # nobody waits for what is only of use the next time
    keep(dataset, evaluation, (point, tables))
    return 0


def numbers(sources: Sources, split: str | None = None) -> str:
    """What is printed without any option but the split; where a side is missing, what there is."""
    from inspector.cache import evaluated, tabled
    from inspector.evaluation.operating_point import OperatingPoint
    from inspector.evaluation.split_tables import ALL, Part, evaluate_splits, splits_table
    from inspector.export.report import opened
    from inspector.export.text import headline_text, tables_text
    from inspector.one_side import why_not
    from inspector.sources import read

    dataset = of_split(read(sources, find_images=False, masks=False), split)
    if dataset.missing is not None:
        return f"{opened(dataset)}\n{why_not(dataset.missing, 'nothing is evaluated')}"
    evaluation = evaluated(dataset)
    point = OperatingPoint()
    tables = tabled(dataset, evaluation, point)
    if parts := evaluate_splits(dataset, _DEFAULT):
        tables.insert(0, splits_table(Part(ALL, dataset, evaluation), parts, point))
    return f"{headline_text(dataset, evaluation)}\n{tables_text(tables)}"


def _argument(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """For argparse, which words a ValueError itself."""

    def parsed(text: str) -> Value:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


def _parse_score(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise ValueError(f'expected a number, found "{text}"')
    return score


def _check_score(dataset: Dataset, score: float) -> None:
    """Raises InputError for a confidence outside 0 to 1 that no detection reaches, or all of them do."""
    scores = dataset.detections.scores
    if 0.0 <= score <= 1.0 or (len(scores) and scores.min() <= score <= scores.max()):
        return
    spread = f", and scores lie in {scores.min():.6g} to {scores.max():.6g}" if len(scores) else ""
    raise InputError("--score", "", f"{score:g} is not in 0 to 1{spread}")


def _check_masks(dataset: Dataset) -> None:
    """Raises InputError where there are objects, and none of them has a mask."""
    if len(dataset.objects) and dataset.objects.masks is None:
        reason = "no object has a mask, and --iou-type segm compares masks"
        raise InputError(dataset.paths[0], "annotations", reason)


def _check_targets(sources: Sources, options: argparse.Namespace) -> None:
    from inspector.evaluation.split_tables import NAME
    from inspector.evaluation.tables import NAMES

    for option in ("json", "csv"):
        if getattr(options, option) == "":
            raise InputError(f"--{option}", "", "names nothing")
    if options.json not in (None, "-"):
        check_target(Path(options.json), sources)
    if options.csv is not None:
        check_folder(Path(options.csv), [_csv_name(name) for name in (NAME, *NAMES)], sources)


def _subset(dataset: Dataset, classes: Sequence[str] | None, patterns: Sequence[str] | None) -> Dataset:
    """Raises InputError where a class or a pattern finds nothing."""
    if classes is None and patterns is None:
        return dataset
    try:
        class_rows = None if classes is None else class_rows_named(dataset.classes, ",".join(classes))
        image_rows = None if patterns is None else image_rows_like(dataset.images, patterns)
    except ValueError as error:
        raise InputError(dataset.paths[0], "", str(error)) from None
    return restricted(dataset, image_rows, class_rows)


def _put_out(
    whole: Part,
    parts: Sequence[Part],
    point: OperatingPoint,
    tables: Sequence[Table],
    options: argparse.Namespace,
) -> None:
    """Files hold everything of each split; the terminal has one line for each."""
    from inspector.evaluation.split_tables import splits_table, tables_by_split
    from inspector.export.document import document
    from inspector.export.text import tables_text

    if options.csv is not None or options.json is not None:
        complete = tables_by_split(whole, tables, parts, point)
    if options.csv is not None:
        _write_tables(complete, Path(options.csv))
    if options.json is not None:
        encoded = _json(document(whole.dataset, whole.evaluation, point, complete, parts))
        if options.json == "-":
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8")  # as JSON is exchanged, whatever the console speaks
            print(encoded.decode())
            return
        try:
            Path(options.json).write_bytes(encoded + b"\n")
        except OSError as error:
            raise InputError(options.json, "", f"cannot be written: {error.strerror}") from error
    print(tables_text([splits_table(whole, parts, point), *tables] if parts else tables))


def _json(document: dict[str, Any]) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _write_tables(tables: Sequence[Table], folder: Path) -> None:
    from inspector.export.table_csv import write_csv

    target = folder
    try:
        folder.mkdir(exist_ok=True)
        for table in tables:
            target = folder / _csv_name(table.name)
            write_csv(table, target)
    except OSError as error:
        raise InputError(target, "", f"cannot be written: {error.strerror}") from error


def _csv_name(table_name: str) -> str:
    return f"{table_name}.csv"
