"""`export`: the flags of a review file as what is handed to others, without a window."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.commands.source_options import add_source_options, of_split, sources_of
from inspector.errors import InputError
from inspector.sources import Sources

if TYPE_CHECKING:
    from inspector.export.handoff import Flag, HandedOff

_FORMS = ("csv", "coco", "corrected", "crops")
_EXAMPLES = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is read, and what is written where."""
    parser.add_argument("--review", type=Path, required=True, metavar="FILE", help="the review file")
    parser.add_argument(
        "--to",
        choices=_FORMS,
        required=True,
        help="csv: a list of the flags; coco: the flagged images alone; corrected: the whole ground truth as "
        "the flags want it; crops: a picture of each flag",
    )
    parser.add_argument("folder", metavar="DIR", help="where it is written; made where missing")
    add_source_options(parser)


def run(options: argparse.Namespace) -> int:
    """Read, write, and tell what was written. Raises InputError."""
    from inspector.export.handoff import Form, hand_off
    from inspector.export.report import notes_text
    from inspector.review.attaching import attach
    from inspector.review.file import ReviewFile
    from inspector.sources import read

    if not options.folder:
        raise InputError("DIR", "", "names nothing")
    form = Form(options.to)
    with ReviewFile.read(options.review) as review:
        entries, sources = review.entries(), _judged(review.sources, options)
    masks = form is Form.CORRECTED or form is Form.COCO  # a COCO file may have to be made
    dataset = read(sources, find_images=form is Form.CROPS, masks=masks)
    if dataset.notes:
        print(notes_text(dataset.notes), file=sys.stderr)
    part = of_split(dataset, options.split)
    if part is not dataset:
        others = set(dataset.images.rows_by_name()) - set(part.images.rows_by_name())
        entries = [entry for entry in entries if entry.place.image_name not in others]
    read_too, reading = [options.review], sources.reading
    done = hand_off(form, part, attach(part, entries), Path(options.folder), read_too, reading=reading)
    print(told(done))
    return 0


def told(done: HandedOff) -> str:
    """What was written, and what was not, with the first few."""
    from inspector.export.report import counted

    lines = [f"{done.path}: {counted(done.flags, 'flag')}"]
    for reason, flags in done.missing.items():
        lines.append(f"{len(flags):,} left out: {reason}")
        lines += [f"  {_where(flag)}" for flag in flags[:_EXAMPLES]]
        lines += [f"  and {len(flags) - _EXAMPLES:,} more"] if len(flags) > _EXAMPLES else []
    lines += done.remarks
    if done.orphans:
        hang = "hangs" if done.orphans == 1 else "hang"
        lines.append(f"{done.orphans:,} of all {hang} on nothing in these files")
    return "\n".join(lines)


def _where(flag: Flag) -> str:
    """What a flag was said of: "0007.jpg: car, annotation 12"."""
    from inspector.export.report import one_line

    place = flag.place
    what = place.class_name or "the whole image"
    number = "" if place.object_id is None else f", annotation {place.object_id}"
    return one_line(f"{place.image}: {what}{number}")


def _judged(said: Sources | None, options: argparse.Namespace) -> Sources:
    """What is given, else what the review file says."""
    if said is None and options.gt is None and options.pred is None:
        raise InputError(options.review, "", "does not say what was judged: give --gt and --pred")
    return sources_of(options, said)
