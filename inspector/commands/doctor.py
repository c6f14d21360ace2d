"""`doctor`: what is wrong with the files, what that does to the numbers, and what helps."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from inspector.commands.targets import check_target
from inspector.errors import InputError
from inspector.reading import Reading
from inspector.sources import Sources


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where the findings go, and how long they may take."""
    parser.add_argument("--json", metavar="FILE", help="write the findings as JSON; - for standard output")
    parser.add_argument(
        "--quick", action="store_true", help="do not measure what ties, floors, limits and remedies do to AP"
    )


def run(sources: Sources, options: argparse.Namespace) -> int:
    """Read, examine, print and write. The status is 0 whatever is found. Raises InputError."""
    from inspector.commands.reading_options import written
    from inspector.commands.source_options import of_split
    from inspector.doctor import examine
    from inspector.export.findings import document, findings_text
    from inspector.export.whole_file import write_whole
    from inspector.sources import read

    if options.json == "":
        raise InputError("--json", "", "names nothing")
    if options.json not in (None, "-"):
        check_target(Path(options.json), sources)
    dataset = of_split(read(sources), options.split)
    findings = examine(dataset, sources, measure=not options.quick)

    def words(reading: Reading) -> list[str]:
        return written(reading, sources.reading)

    if options.json is not None:
        encoded = _json(document(dataset, findings, words))
        if options.json == "-":
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8")  # as JSON is exchanged, whatever the console speaks
            print(encoded.decode())
            return 0
        write_whole(Path(options.json), encoded + b"\n")
    print(findings_text(findings, words))
    return 0


def _json(found: object) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(found), indent=2)
