"""Kills a process that judges, at random, again and again, and looks whether a verdict is missing.

`python tests/benchmarks/killing.py` starts a process 100 times that writes verdicts to the same review file
in a loop and prints each one that was acknowledged, kills it (SIGKILL; on Windows, TerminateProcess) after a
random time, and opens the file. Prints one JSON document:

* kills: how often the process was killed while it was writing;
* acknowledged: verdicts that it had printed, over all rounds;
* found: those of them that are in the file;
* unacknowledged: verdicts in the file that were not printed any more, because the kill came between;
* files_that_open: after how many kills the file opened, undamaged, with every verdict so far.

`--new` takes a new file for each kill, so that making it is interrupted as well.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from inspector.errors import InputError  # noqa: E402
from inspector.review.file import ReviewFile  # noqa: E402
from inspector.review.verdicts import Judgement, Place, Target, Verdict  # noqa: E402
from inspector.sources import Sources  # noqa: E402

LONGEST = 0.4
"""Seconds that the process judges, at most."""


@dataclass
class Counts:
    """What happened."""

    kills: int = 0
    acknowledged: int = 0
    found: int = 0
    unacknowledged: int = 0
    files_that_open: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--new", action="store_true", help="a new file for each kill")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--round", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.judge is not None:
        judge(options.judge, options.round)
    with tempfile.TemporaryDirectory() as folder:
        counts = kill_again_and_again(Path(folder), options.kills, options.seed, new=options.new)
    print(json.dumps(asdict(counts), indent=2))
    sys.exit(0 if counts.found == counts.acknowledged and counts.files_that_open == counts.kills else 1)


def judge(path: Path, number: int) -> None:
    """Judge without end. What is printed was acknowledged before."""
    print("ready", flush=True)
    with ReviewFile.create(path, Sources(Path("labels.json"), Path("found.json"))) as review:
        for step in range(sys.maxsize):
            place = Place(Target.OBJECT, f"{number}.png", step // 3, "car", (1.5, 2.5, 30.0, 40.0))
            verdict = Verdict(list(Judgement)[step % 3], note=f"{number} {step}")  # minds are changed
            review.write([(place, verdict)], "judge")
            print(step, flush=True)


def kill_again_and_again(folder: Path, kills: int, seed: int, *, new: bool = False) -> Counts:
    """Kill that many judging processes, and look at the file after each."""
    dice, counts = random.Random(seed), Counts()
    written: dict[Path, dict[tuple[str, int], int]] = {}
    for number in range(kills):
        path = folder / (f"{number}.sqlite" if new else "review.sqlite")
        steps = _kill_one(path, number, dice.uniform(0, LONGEST))
        counts.kills += 1
        last = written.setdefault(path, {})
        last |= {(f"{number}.png", step // 3): step for step in range(steps)}
        counts.acknowledged += steps
        _look(path, last, steps, number, counts)
    return counts


def _kill_one(path: Path, number: int, seconds: float) -> int:
    """How many verdicts it had acknowledged."""
    script = [sys.executable, str(Path(__file__).resolve()), "--judge", str(path), "--round", str(number)]
    process = subprocess.Popen(script, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    lines = process.stdout.read().split("\n")[:-1]  # the last one may have been cut off
    process.wait()
    process.stdout.close()
    assert lines == [str(step) for step in range(len(lines))]
    return len(lines)


def _look(path: Path, last: dict[tuple[str, int], int], steps: int, number: int, counts: Counts) -> None:
    """Every acknowledged verdict is in the log, and the last one of each place stands, or one after it."""
    if not path.exists():  # killed before it was made
        counts.files_that_open += steps == 0
        return
    try:
        with ReviewFile.open(path) as review:
            log = review._connection.execute("SELECT note FROM verdict").fetchall()
            standing = {
                (entry.place.image, entry.place.object_id): int(entry.verdict.note.split()[1])
                for entry in review.entries()
            }
    except InputError as error:
        print(error, file=sys.stderr)
        return
    noted = {note for (note,) in log}
    found = sum(f"{number} {step}" in noted for step in range(steps))
    counts.found += found
    counts.unacknowledged += sum(note.startswith(f"{number} ") for note in noted) - found
    counts.files_that_open += all(standing.get(place, -1) >= step for place, step in last.items())


if __name__ == "__main__":
    main()
