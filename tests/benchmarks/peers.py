"""How fast and how lean the evaluation is beside others.

`python tests/benchmarks/peers.py` makes COCO-like data (kept and used again with `--data DIR`) and lets ours
and each of the other libraries load and evaluate it, each time in a process of its own, in rounds that take
turns. Nothing is installed (`pip install -e .[bench]` does that); what is missing is named. It reports

* import, load (both files), evaluate (matching and accumulating) and total (load and evaluate): seconds;
* peak, the highest memory of the process, and base, what it had after its imports: MB;
* ours divided by the other's load, evaluate, total and peak;
* whether the twelve numbers agree;
* ours once more in a new process, where the first one has left a cache of the data ("opened again");
* `main.py evaluate` with an empty kernel cache ("cold"), from its start until the numbers are there.

All are medians of the rounds. Only ratios within one run mean anything: whatever else the machine does slows
down all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.data import make_data  # noqa: E402
from tests.benchmarks.peer import OURS, PEERS, version_of  # noqa: E402

AGAIN = f"{OURS}, opened again"
TIMES = ("import", "load", "evaluate", "total")
COMPARED = ("load", "evaluate", "total", "peak_mb")
AGREED = 1e-9
_FAST = ("hotcoco", "ultrafast-pycocotools")


@dataclass(frozen=True)
class Size:
    """How much data, and who can deal with it."""

    images: int
    classes: int
    detections: int
    iou_type: str = "bbox"
    peers: Sequence[str] = tuple(PEERS)


SIZES = {
    "small": Size(5_000, 80, 500_000),
    "large": Size(100_000, 365, 10_000_000, peers=_FAST),
    "small-masks": Size(500, 80, 50_000, "segm"),
    "large-masks": Size(10_000, 365, 1_000_000, "segm", _FAST),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default=",".join(SIZES), help="of " + ", ".join(SIZES))
    parser.add_argument("--peers", default=",".join(PEERS), help="compare only with these")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--data", type=Path, help="keep the data of each size in this folder and use it again"
    )
    parser.add_argument("--json", type=Path, help="also write everything that was measured")
    options = parser.parse_args()
    sizes, peers = options.sizes.split(","), options.peers.split(",")
    if unknown := (set(sizes) - set(SIZES)) | (set(peers) - set(PEERS)):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    report = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name in sizes:
            folder = (options.data or Path(temporary)) / name
            size = replace(SIZES[name], peers=[peer for peer in SIZES[name].peers if peer in peers])
            report[name] = _compare(size, folder, options.rounds, Path(temporary))
            print(_text(name, report[name]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n")


def _compare(size: Size, folder: Path, rounds: int, temporary: Path) -> dict[str, Any]:
    """Everything measured at one size."""
    files = [folder / "ground_truth.json", folder / "detections.json"]
    if not all(file.exists() for file in files):
        make_data(folder, size.images, size.classes, size.detections, masks=size.iou_type == "segm")
    libraries = [OURS, *size.peers]
    versions = {library: version_of(library) for library in libraries}
    kernels = temporary / "kernels"
    if versions[OURS]:
        _run(
            OURS, files, size, _places(temporary / "first", kernels)
        )  # fills the kernel cache, and the disk's
    runs: dict[str, list[dict[str, Any]]] = {}
    for number in range(rounds):
        for library in filter(versions.get, libraries):
            home = temporary / f"{folder.name}-{number}"
            runs.setdefault(library, []).append(_run(library, files, size, _places(home, kernels)))
            if library == OURS:
                runs.setdefault(AGAIN, []).append(_run(OURS, files, size, _places(home, kernels)))
            shutil.rmtree(home)
    results = {library: _medians(some) for library, some in runs.items()}
    cold = [_cold(files, size, temporary / f"cold-{folder.name}-{number}") for number in range(rounds)]
    return {
        "images": size.images,
        "classes": size.classes,
        "detections": size.detections,
        "iou_type": size.iou_type,
        "processors": os.cpu_count(),
        "rounds": rounds,
        "versions": versions,
        "results": results,
        "ratios": {
            peer: {key: results[OURS][key] / results[peer][key] for key in COMPARED}
            for peer in size.peers
            if "load" in results.get(peer, {}) and "load" in results[OURS]
        },
        "again_ratio": _again_ratio(results, size.peers),
        "differences": _differences(results),
        "cold_seconds": None if None in cold else median(cold),
    }


def _run(library: str, files: list[Path], size: Size, places: dict[str, str]) -> dict[str, Any]:
    """One process: what it measured, or how it failed."""
    command = [sys.executable, "-m", "tests.benchmarks.peer", library, *map(str, files), size.iou_type]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **places}, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        return {"failed": lines[-1]}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _places(home: Path, kernels: Path) -> dict[str, str]:
    """Environment variables: where the program keeps what it caches, on every system."""
    home.mkdir(parents=True, exist_ok=True)
    names = ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")
    kept = {"NUMBA_CACHE_DIR": str(kernels), "DETECTION_INSPECTOR_CACHE": str(home / "opened")}
    return {**dict.fromkeys(names, str(home)), **kept}


def _cold(files: list[Path], size: Size, home: Path) -> float | None:
    """Seconds of the whole command with nothing compiled; None where it failed."""
    if size.iou_type != "bbox":
        return None
    command = [sys.executable, "main.py", "evaluate", "--gt", str(files[0]), "--pred", str(files[1])]
    begun = time.perf_counter()
    environment = {**os.environ, **_places(home, home / "kernels")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # afterwards it keeps what was read, for the next time
        seconds = time.perf_counter() - begun
        process.stdout.read()
    shutil.rmtree(home)
    return None if process.returncode else seconds


def _medians(runs: list[dict[str, Any]]) -> dict[str, Any]:
    failed = [run for run in runs if "failed" in run]
    if failed:
        return failed[0]
    keys = (*TIMES, "imported_mb", "peak_mb")
    return {**{key: median(run[key] for run in runs) for key in keys}, "numbers": runs[-1]["numbers"]}


def _again_ratio(results: dict[str, dict[str, Any]], peers: Sequence[str]) -> float | None:
    """The total of ours, opened again, divided by the fastest other's."""
    totals = [results[peer]["total"] for peer in peers if "total" in results.get(peer, {})]
    again = results.get(AGAIN, {}).get("total")
    return again / min(totals) if again and totals else None


def _differences(results: dict[str, dict[str, Any]]) -> dict[str, float]:
    """The largest difference of one of the twelve numbers between ours and each other's."""
    ours = results.get(OURS, {}).get("numbers")
    return {
        library: max(abs(one - other) for one, other in zip(ours, result["numbers"], strict=True))
        for library, result in results.items()
        if ours and library != OURS and "numbers" in result
    }


def _text(name: str, report: dict[str, Any]) -> str:
    """What a person reads."""
    lines = [
        "{}: {images:,} images, {classes} classes, {detections:,} detections, {iou_type}; "
        "medians of {rounds} rounds on {processors} processors".format(name, **report),
        f"{'':<30}{'import':>8}{'load':>8}{'evaluate':>9}{'total':>8}{'peak MB':>9}{'base MB':>9}"
        "   ours/it: load evaluate total  peak",
    ]
    for library, result in report["results"].items():
        title = f"{library} {report['versions'].get(library) or ''}"
        if "failed" in result:
            lines.append(f"{title:<30}  {result['failed']}")
            continue
        line = f"{title:<30}{result['import']:8.2f}{result['load']:8.2f}{result['evaluate']:9.2f}"
        line += f"{result['total']:8.2f}{result['peak_mb']:9.0f}{result['imported_mb']:9.0f}"
        if ratios := report["ratios"].get(library):
            line += "           {load:6.2f}{evaluate:9.2f}{total:6.2f}{peak_mb:6.2f}".format(**ratios)
        if (difference := report["differences"].get(library)) is not None:
            agree = "numbers agree" if difference <= AGREED else f"numbers differ by {difference:.2g}"
            line += f"   {agree}"
        lines.append(line)
    lines += [f"{library}: not installed" for library, version in report["versions"].items() if not version]
    if report["again_ratio"] is not None:
        lines.append(f"opened again, ours takes {report['again_ratio']:.3f} of the fastest other's total")
    if report["cold_seconds"] is not None:
        lines.append(
            f"cold (empty kernel cache), until the numbers are there: {report['cold_seconds']:.2f} s"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
