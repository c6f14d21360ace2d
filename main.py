"""Detection Inspector: reads the command line, builds the session and the window, runs."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from inspector import __version__
from inspector.crash_log import write_crash_log
from inspector.errors import CancelledError, InputError

# What takes longer to import is imported by what needs it: Ctrl+C during an import out here would be answered
# with a traceback, because nothing can catch it yet.
if TYPE_CHECKING:
    from inspector.progress import Progress
    from inspector.sources import Find, Sources

_AGAIN_SECONDS = 0.05
_COMMANDS = ("demo", "open", "evaluate", "suspects", "doctor", "export", "cache")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as every other error."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status: 0, or 2 where the person's input cannot be used."""
    from inspector.commands import doctor, evaluate, export, suspects
    from inspector.commands.source_options import both_of, sources_of
    from inspector.sources import demo_sources

    options = _parser().parse_args(_with_command(arguments))
    if options.command == "evaluate":
        return evaluate.run(both_of(sources_of(options), "to evaluate"), options)
    if options.command == "suspects":
        return suspects.run(both_of(sources_of(options), "to find suspects"), options)
    if options.command == "doctor":
        return doctor.run(sources_of(options), options)
    if options.command == "export":
        return export.run(options)
    if options.command == "cache":
        return _cache(options.clear)
    if options.command == "demo":
        _check_screenshot(options.screenshot)
        return _window(demo_sources, options.screenshot, _review(options.review))
    if options.command == "open":
        return _open(options)
    return _window(None, None)


def _parser() -> argparse.ArgumentParser:
    from inspector.commands import doctor, evaluate, export, suspects
    from inspector.commands.source_options import add_source_options

    parser = _Parser(prog="detection-inspector", description="See where an object detector fails.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", parser_class=_Parser, metavar="COMMAND")
    demo = commands.add_parser("demo", help="open a generated data set that shows everything")
    opened = commands.add_parser("open", help="open ground truth and detections in the window")
    evaluated = commands.add_parser("evaluate", help="print the COCO numbers, without a window")
    suspected = commands.add_parser("suspects", help="list the labels that are probably wrong, best first")
    examined = commands.add_parser("doctor", help="say what is odd about the files, and what helps")
    exported = commands.add_parser("export", help="write the flags of a review file for others to fix")
    cache = commands.add_parser("cache", help="tell what is kept of large files to open them again at once")
    cache.add_argument("--clear", action="store_true", help="delete it")
    for command in (opened, evaluated, suspected, examined):
        add_source_options(command, paths=True)
    for command in (demo, opened):
        command.add_argument(
            "--screenshot", type=Path, metavar="FILE", help="write a PNG of the evaluated window and exit"
        )
        command.add_argument(
            "--review",
            type=Path,
            metavar="FILE",
            help="where verdicts are kept (default: as before, or beside the detections)",
        )
    evaluate.add_options(evaluated)
    suspects.add_options(suspected)
    doctor.add_options(examined)
    export.add_options(exported)
    return parser


def _with_command(arguments: Sequence[str]) -> Sequence[str]:
    """Files and folders alone are opened: they are dragged onto the program's icon, for one."""
    first = arguments[0] if arguments else ""
    is_path = bool(first) and not first.startswith("-") and first not in _COMMANDS and Path(first).exists()
    return ["open", *arguments] if is_path else arguments


def _open(options: argparse.Namespace) -> int:
    """Open the window; where it has to be chosen what is opened, its dialog asks."""
    from inspector.commands.source_options import sources_of
    from inspector.sniffing import AmbiguousError
    from widgets.preflight import has_display

    try:
        sources = sources_of(options)
    except AmbiguousError as error:
        if options.screenshot is not None or not has_display():
            raise
        ambiguous = error  # the name in the clause ends with it

        def ask(_progress: Progress) -> Sources:
            raise ambiguous

        return _window(ask, None, _review(options.review), options.split)
    _check_screenshot(options.screenshot, sources)
    review = _review(options.review, sources)
    return _window(lambda _progress: sources, options.screenshot, review, options.split)


def _check_screenshot(target: Path | None, sources: Sources | None = None) -> None:
    from inspector.commands.targets import check_target

    if target is None:
        return
    if target.suffix.lower() != ".png":
        raise InputError(target, "", "cannot be written: a screenshot is a PNG, so its name ends with .png")
    check_target(target, sources)


def _review(path: Path | None, sources: Sources | None = None) -> Path | None:
    """Say at once what is wrong with a review file; it is made with the first verdict."""
    from inspector.commands.targets import check_target

    if path is None:
        return None
    check_target(path, sources, is_ours=True)
    if path.exists():
        from inspector.review.file import ReviewFile

        ReviewFile.open(path).close()
    return path


def _cache(clear: bool) -> int:
    from inspector import cache

    usage = cache.clear() if clear else cache.usage()
    if usage.folder is None:
        print("Nothing is kept.")
    else:
        entries = "1 entry" if usage.entries == 1 else f"{usage.entries:,} entries"
        print(f"{usage.folder}: {entries}, {usage.bytes / 1e6:,.1f} MB")
    return 0


def _window(
    find: Find | None, screenshot: Path | None, review: Path | None = None, split: str | None = None
) -> int:
    """Open the window; where there is no display, give what can be given without one."""
    from inspector.commands import evaluate
    from inspector.progress import no_progress
    from widgets.preflight import has_display, missing_library

    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # Qt's loop would not hear of it; a window leaves no halves
    if not has_display():
        if find is None:
            print(
                "No display is available; `detection-inspector evaluate` works without one.", file=sys.stderr
            )
            return 2
        numbers = evaluate.numbers(find(no_progress), split)  # bad input is one line and nothing else
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

    return run(find, screenshot, review, split)


def entry_point() -> NoReturn:
    """Run with the process's arguments; nobody ever sees a traceback."""
    try:
        signal.signal(signal.SIGTERM, _on_terminate)
        sys.unraisablehook = _on_unraisable
        if not sys.warnoptions:  # Python's warnings speak to those who write programs, who can ask for them
            warnings.simplefilter("ignore")
        if isinstance(sys.stdout, io.TextIOWrapper):  # it is None where the shell closed it
            sys.stdout.reconfigure(errors="backslashreplace")  # not every console knows every letter
        status = _run()
    except InputError as error:
        status = _end(2, str(error))
    except (KeyboardInterrupt, CancelledError):
        status = 130
    except BrokenPipeError:  # the reader of our output has gone, as in `... | head`
        _drop_output()
        status = 0
    except OSError as error:
        if error.filename is None:
            _drop_output()
        status = _end(2, f"{error.filename or 'standard output'}: {error.strerror or error}")
    except Exception as error:
        status = _end(1, f"Unexpected {type(error).__name__}: {error} ({write_crash_log(error)})")
    sys.exit(status)


def _on_terminate(number: int, _frame: object) -> NoReturn:
    """As Ctrl+C: what is being written is taken away before the end."""
    sys.exit(128 + number)


def _on_unraisable(what: sys.UnraisableHookArgs) -> None:
    """The compiler's callbacks swallow what a signal raises in them: it is sent again a moment later."""
    for kind, number in ((KeyboardInterrupt, signal.SIGINT), (SystemExit, signal.SIGTERM)):
        if isinstance(what.exc_value, kind):
            threading.Timer(_AGAIN_SECONDS, signal.raise_signal, [number]).start()
            return
    sys.__unraisablehook__(what)


def _run() -> int:
    try:
        status = main(sys.argv[1:])
    except SystemExit as leaving:  # --help, --version, or arguments that make no sense
        status = leaving.code if isinstance(leaving.code, int) else 1
    if sys.stdout is not None:
        sys.stdout.flush()  # at the interpreter's exit it would be too late to word what is wrong
    return status


def _end(status: int, line: str) -> int:
    with contextlib.suppress(OSError):  # nobody can be told
        print(line, file=sys.stderr)
    return status


def _drop_output() -> None:
    """What is still buffered goes nowhere: the interpreter would try again to write it and complain."""
    with contextlib.suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    entry_point()
