"""`suspects`: the labels that are probably wrong, best first, without a window."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from inspector.commands.source_options import of_split
from inspector.commands.targets import check_target
from inspector.errors import InputError
from inspector.sources import Sources

_ROWS: Final = 40
"""Printed as text; --json has all of them."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where the queue goes."""
    parser.add_argument("--json", metavar="FILE", help="write all of them as JSON; - for standard output")


def run(sources: Sources, options: argparse.Namespace) -> int:
    """Read, look for suspects, print and write. Raises InputError."""
    from inspector.export.report import notes_text
    from inspector.export.suspects import records, suspects_text
    from inspector.export.whole_file import write_whole
    from inspector.review.finding import find_suspects
    from inspector.sources import read

    if options.json == "":
        raise InputError("--json", "", "names nothing")
    if options.json not in (None, "-"):
        check_target(Path(options.json), sources)
    dataset = read(sources, find_images=False, masks=False)
    if dataset.notes:
        print(notes_text(dataset.notes), file=sys.stderr)
    dataset = of_split(dataset, options.split)
    suspects = find_suspects(dataset)
    if options.json == "-":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as JSON is exchanged, whatever the console speaks
        print(_json(records(dataset, suspects)).decode())
        return 0
    if options.json is not None:
        write_whole(Path(options.json), _json(records(dataset, suspects)) + b"\n")
    print(suspects_text(dataset, suspects, _ROWS))
    return 0


def _json(found: Iterator[dict[str, Any]]) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(list(found)), indent=2)
