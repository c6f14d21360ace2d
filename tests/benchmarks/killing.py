"""Kills a process that judges, at random, again and again, and looks whether a verdict is missing.

`python tests/benchmarks/killing.py` starts a process 100 times that writes verdicts to the same review file
in a loop and prints each one that was acknowledged, kills it (SIGKILL; on Windows, TerminateProcess) after a
random time, and opens the file. Prints one JSON document:

* kills: how often a process was killed: it ended by the kill and by nothing else;
* while_writing: kills that came between the beginning of a write and its acknowledgement;
* acknowledged: verdicts that were printed, over all rounds;
* found: those of them that are in the file, with the place, the judgement and the note that were written;
* unacknowledged: verdicts in the file that were not printed any more, because the kill came between;
* files_that_open: after how many rounds the file opened, undamaged (SQLite's integrity check), with every
  verdict so far.

`--new` takes a new file for each round, so that making it is interrupted as well; `--writers 2` lets two
processes write to it at once, which are both killed. Ends with status 1 where anything is missing, where
nothing was acknowledged, or where no kill came while something was written.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from inspector.errors import InputError  # noqa: E402
from inspector.review.file import ReviewFile  # noqa: E402
from inspector.review.verdicts import Judgement, Place, Target, Verdict  # noqa: E402
from inspector.sources import Sources  # noqa: E402

LONGEST = 0.4
"""Seconds that the processes judge, at most."""
KILLED = 1 if sys.platform == "win32" else -signal.SIGKILL
"""What a killed process returns."""
Said = tuple[Place, Verdict]


@dataclass
class Counts:
    """What happened."""

    rounds: int = 0
    kills: int = 0
    while_writing: int = 0
    acknowledged: int = 0
    found: int = 0
    unacknowledged: int = 0
    files_that_open: int = 0

    @property
    def is_proof(self) -> bool:
        """Whether nothing is missing, and something could have been."""
        whole = self.found == self.acknowledged and self.files_that_open == self.rounds
        return whole and self.acknowledged > 0 and self.while_writing > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100, help="of each writer")
    parser.add_argument("--writers", type=int, default=1, help="that judge at once")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--new", action="store_true", help="a new file for each round")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.judge is not None:
        judge(options.judge, options.name)
    with tempfile.TemporaryDirectory() as folder:
        counts = kill_again_and_again(
            Path(folder), options.kills, options.seed, new=options.new, writers=options.writers
        )
    print(json.dumps(asdict(counts), indent=2))
    sys.exit(0 if counts.is_proof else 1)


def judge(path: Path, name: str) -> None:
    """Judge without end. What is printed was begun, then acknowledged."""
    print("ready", flush=True)
    with ReviewFile.create(path, Sources(Path("labels.json"), Path("found.json"))) as review:
        for step in range(sys.maxsize):
            print(f"begun {step}", flush=True)
            review.write([said(name, step)], "judge")
            print(f"done {step}", flush=True)


def said(name: str, step: int) -> Said:
    """What a process says in one step: it changes its mind on each object twice."""
    place = Place(Target.OBJECT, f"{name}.png", step // 3, "car", (1.5, 2.5, 30.0, 40.0))
    return place, Verdict(list(Judgement)[step % 3], note=f"{name} {step}")


def kill_again_and_again(
    folder: Path, kills: int, seed: int, *, new: bool = False, writers: int = 1
) -> Counts:
    """Kill that many judging processes at a time, and look at the file after each round."""
    dice, counts = random.Random(seed), Counts()
    written: dict[Path, dict[Place, int]] = {}
    for number in range(kills):
        path = folder / (f"{number}.sqlite" if new else "review.sqlite")
        names = [f"{number}-{writer}" for writer in range(writers)]
        steps = dict(zip(names, _kill(path, names, dice.uniform(0, LONGEST), counts), strict=True))
        counts.rounds += 1
        counts.acknowledged += sum(steps.values())
        last = written.setdefault(path, {})
        last |= {said(name, step)[0]: step for name, until in steps.items() for step in range(until)}
        _look(path, last, steps, counts)
    return counts


def _kill(path: Path, names: Iterable[str], seconds: float, counts: Counts) -> Iterator[int]:
    """How many verdicts each had acknowledged."""
    script = [sys.executable, str(Path(__file__).resolve()), "--judge", str(path), "--name"]
    processes = [
        subprocess.Popen([*script, name], stdout=subprocess.PIPE, text=True, encoding="utf-8")
        for name in names
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    for process in processes:
        process.kill()
    for process in processes:
        assert process.stdout is not None
        lines = process.stdout.read().split("\n")[:-1]  # the last one may have been cut off
        process.stdout.close()
        if process.wait() != KILLED:
            raise RuntimeError(f"a writer ended by itself, with status {process.returncode}")
        assert lines == [f"{('begun', 'done')[at % 2]} {at // 2}" for at in range(len(lines))]
        counts.kills += 1
        counts.while_writing += len(lines) % 2
        yield len(lines) // 2


def _look(path: Path, last: dict[Place, int], steps: dict[str, int], counts: Counts) -> None:
    """Every acknowledged verdict is in the log, and the last one of each place stands, or one after it."""
    if not path.exists():  # killed before it was made
        counts.files_that_open += not any(steps.values())
        return
    try:
        with ReviewFile.open(path) as review:
            whole = review._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            log = {(entry.place, entry.verdict) for entry in review._after(0)}
            standing = {entry.place: _step(entry.verdict) for entry in review.entries()}
    except InputError as error:
        print(error, file=sys.stderr)
        return
    found = sum(said(name, step) in log for name, until in steps.items() for step in range(until))
    counts.found += found
    counts.unacknowledged += sum(verdict.note.split()[0] in steps for _, verdict in log) - found
    counts.files_that_open += whole and all(standing.get(place, -1) >= step for place, step in last.items())


def _step(verdict: Verdict) -> int:
    return int(verdict.note.split()[1])


if __name__ == "__main__":
    main()
