"""Detection Inspector: reads the command line, builds the session and the window, runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from inspector.crash_log import write_crash_log
from inspector.errors import CancelledError, InputError
from inspector.progress import no_progress
from inspector.sources import Find, Sources, demo_sources


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every other error."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status: 0, or 2 where the person's input cannot be used."""
    options = _parser().parse_args(arguments)
    if options.command == "evaluate":
        return _evaluate(_sources(options), options.json)
    if options.command == "demo":
        return _window(demo_sources, options.screenshot)
    if options.command == "open":
        sources = _sources(options)
        return _window(lambda _progress: sources, options.screenshot)
    return _window(None, None)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="detection-inspector", description="See where an object detector fails.")
    commands = parser.add_subparsers(dest="command", parser_class=_Parser, metavar="COMMAND")
    demo = commands.add_parser("demo", help="open a generated data set that shows everything")
    opened = commands.add_parser("open", help="open ground truth and detections in the window")
    evaluated = commands.add_parser("evaluate", help="print the COCO numbers, without a window")
    for command in (opened, evaluated):
        command.add_argument("--gt", type=Path, required=True, metavar="FILE", help="COCO ground truth")
        command.add_argument("--pred", type=Path, required=True, metavar="FILE", help="COCO detections")
    opened.add_argument(
        "--images",
        type=Path,
        metavar="DIR",
        help="image folder (default: looked for beside the ground truth)",
    )
    for command in (demo, opened):
        command.add_argument(
            "--screenshot", type=Path, metavar="FILE", help="write a PNG of the evaluated window and exit"
        )
    evaluated.add_argument(
        "--json", metavar="FILE", help="also write the numbers as JSON; - for standard output"
    )
    return parser


def _sources(options: argparse.Namespace) -> Sources:
    images: Path | None = getattr(options, "images", None)
    if images is not None and not images.is_dir():
        raise InputError(images, "", "is not a folder" if images.exists() else "no such folder")
    return Sources(options.gt, options.pred, images)


def _evaluate(sources: Sources, json_target: str | None) -> int:
    import msgspec

    from inspector.evaluation.matching import evaluate
    from inspector.export import report
    from inspector.sources import read

    dataset = read(sources)
    if dataset.notes:
        print(report.notes_text(dataset.notes), file=sys.stderr)
    evaluation = evaluate(dataset)
    if json_target is not None:
        encoded = msgspec.json.format(msgspec.json.encode(report.document(dataset, evaluation)), indent=2)
        if json_target == "-":
            print(encoded.decode())
            return 0
        try:
            Path(json_target).write_bytes(encoded + b"\n")
        except OSError as error:
            raise InputError(json_target, "", f"cannot be written: {error.strerror}") from error
    print(report.text(dataset, evaluation))
    return 0


def _window(find: Find | None, screenshot: Path | None) -> int:
    """Open the window; where there is no display, give what can be given without one."""
    from widgets.preflight import has_display, missing_library

    if not has_display():
        if find is None:
            print(
                "No display is available; `detection-inspector evaluate` works without one.", file=sys.stderr
            )
            return 2
        numbers = _numbers(find)  # bad input is one line and nothing else
        print("No display is available: here are the numbers instead of the window.", file=sys.stderr)
        print(numbers)
        if screenshot is None:
            return 0
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    problem = missing_library()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    from widgets.application import run

    return run(find, screenshot)


def _numbers(find: Find) -> str:
    from inspector.evaluation.matching import evaluate
    from inspector.export import report
    from inspector.sources import read

    dataset = read(find(no_progress))
    return report.text(dataset, evaluate(dataset))


def entry_point() -> NoReturn:
    """Run with the process's arguments; nobody ever sees a traceback."""
    try:
        status = main(sys.argv[1:])
    except InputError as error:
        print(error, file=sys.stderr)
        status = 2
    except (KeyboardInterrupt, CancelledError):
        status = 130
    except BrokenPipeError:  # the reader of our output has gone, as in `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        print(f"Unexpected {type(error).__name__}: {error} ({write_crash_log(error)})", file=sys.stderr)
        status = 1
    sys.exit(status)


if __name__ == "__main__":
    entry_point()
