"""How well suspect labels are found, beside others.

`python tests/benchmarks/label_errors.py` plants errors of five kinds (missing, spurious, wrong class, badly
placed, duplicate; as many of each) in 2, 5 and 10 % of the labels of the demo and of the sets `coco128`
and `coco79` in `../shared/data`, ranks the labels in every way there is, and reports for each kind and for
the one queue across kinds ("all")

* AP, the average precision;
* n, the recall within the first n, n being the number planted;
* 5 %, the share found within the first 5 % of a queue that has a place for each label: the same number of
  places for every method.

All are means over several seeds. `label_error_quality.py` says what counts as found. The demo's own errors
are repaired before others are planted, and looked for as they are in a row of their own ("demo, its own").
Real labels hold real errors, which count as false alarms here. cleanlab (`pip install -e .[bench]`) is given
every detection, once with its own threshold for those that it believes (0.95) and once with 0.5; what it has
no score for is n/a, and left out of its mean.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from inspector.dataset import Dataset  # noqa: E402
from inspector.demo import ensure_demo  # noqa: E402
from inspector.review.finding import find_suspects  # noqa: E402
from inspector.review.suspects import Suspects  # noqa: E402
from inspector.sources import Sources, read  # noqa: E402
from tests.benchmarks.label_error_methods import cleanlab_scores, losses, simple_rules  # noqa: E402
from tests.benchmarks.label_error_quality import Quality, qualities  # noqa: E402
from tests.benchmarks.planting import (  # noqa: E402
    KINDS,
    Error,
    GroundTruth,
    demo_errors,
    plant,
    without_planted,
)
from tests.builders import dataset_from  # noqa: E402

SHARED = ROOT.parent / "shared" / "data"
OURS = "ours"
METHODS: dict[str, Callable[[Dataset], Suspects]] = {
    OURS: find_suspects,
    "rules": simple_rules,
    "losses": losses,
    "cleanlab": cleanlab_scores,
    "cleanlab .5": lambda dataset: cleanlab_scores(dataset, 0.5),
}
SHARES = (0.02, 0.05, 0.10)
COLUMNS = (*(kind.value for kind in KINDS), "all")
MEASURES = {"average_precision": "AP", "first_n": "n", "first_part": "5 %"}
_PLACES = 20
"""One place of the queue in so many is looked at for "5 %"."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5, help="how often errors are planted anew")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--sets", default="demo,coco128,coco79")
    parser.add_argument("--methods", default=",".join(METHODS), help="of " + ", ".join(METHODS))
    parser.add_argument("--json", type=Path, help="also write everything that was measured")
    options = parser.parse_args()
    methods = options.methods.split(",")
    if unknown := set(methods) - set(METHODS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    measured = []
    for title, planted in _trials(options.sets.split(","), seeds):
        rows = [_measure(title, method, planted) for method in methods]
        print("\n".join(_lines(rows)), flush=True)
        measured += rows
    trials = [row for row in measured if row["set"][-1] == "%"]
    if trials:
        print("\n".join(_lines([_average(trials, method) for method in methods])))
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n")


def _trials(
    names: Sequence[str], seeds: Sequence[int]
) -> Iterator[tuple[str, list[tuple[Dataset, list[Error], int]]]]:
    """A title, and for each seed the data with errors, the errors, and the seed."""
    for name in names:
        truth, dataset, planted = _load(name)
        if dataset is None:
            print(f"{name}: not there")
            continue
        for share in SHARES:
            trials = []
            for seed in seeds:
                wrong, errors = plant(truth, share, seed)
                trials.append((_with_labels(dataset, wrong), errors, seed))
            yield f"{name}, {share:.0%}", trials
        if planted is not None:
            own = json.loads(dataset.ground_truth_path.read_text(encoding="utf-8"))
            yield f"{name}, its own", [(dataset, demo_errors(own, planted), 0)]


def _load(name: str) -> tuple[GroundTruth, Dataset | None, Path | None]:
    """The right labels, the data, and the record of the errors that it comes with."""
    planted = None
    if name == "demo":
        files = ensure_demo()
        truth_path, found, planted = files.ground_truth, files.detections, files.planted_errors
    else:
        truth_path, found = SHARED / name / "ground_truth.json", SHARED / name / "predictions.json"
    if not truth_path.exists():
        return {}, None, None
    truth = json.loads(truth_path.read_text(encoding="utf-8"))
    if planted is not None:
        truth = without_planted(truth, planted)
    return truth, read(Sources(truth_path, found), find_images=False, masks=False), planted


def _with_labels(dataset: Dataset, truth: GroundTruth) -> Dataset:
    labels = [{"iscrowd": 0, **label} for label in truth["annotations"]]
    return replace(dataset, objects=dataset_from({**truth, "annotations": labels}, []).objects, content=None)


def _measure(title: str, method: str, trials: Sequence[tuple[Dataset, list[Error], int]]) -> dict[str, Any]:
    """Means over the seeds, and the seconds that one ranking takes."""
    found: list[dict[str, Quality]] = []
    begun = time.perf_counter()
    try:
        queues = [METHODS[method](dataset) for dataset, _, _ in trials]
    except ImportError as error:
        return {"set": title, "method": method, "failed": str(error)}
    seconds = (time.perf_counter() - begun) / len(trials)
    for (dataset, errors, seed), queue in zip(trials, queues, strict=True):
        depth = -(-int((~dataset.objects.crowd).sum()) // _PLACES)
        found.append(qualities(dataset, queue, errors, depth, seed))
    kinds = {
        column: {measure: mean(asdict(one[column])[measure] for one in found) for measure in MEASURES}
        for column in COLUMNS
        if any(column == "all" or one[column].listed for one in found)
    }
    return {"set": title, "method": method, "seconds": seconds, "queue": len(queues[0]), "kinds": kinds}


def _average(rows: Sequence[dict[str, Any]], method: str) -> dict[str, Any]:
    own = [row for row in rows if row["method"] == method and "kinds" in row]
    if not own:
        return {"set": "mean", "method": method, "failed": "not measured"}
    kinds = {
        column: {measure: mean(row["kinds"][column][measure] for row in own) for measure in MEASURES}
        for column in COLUMNS
        if all(column in row["kinds"] for row in own)
    }
    return {"set": "mean", "method": method, "seconds": mean(row["seconds"] for row in own), "kinds": kinds}


def _lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """One line for each method: the measures of each kind, then the mean AP of the five."""
    titles = [f"{column.replace('_', ' '):>17}" for column in COLUMNS]
    head = f"{rows[0]['set']:<16}" + "".join(titles) + "       mean AP"
    measures = " " * 16 + "".join(
        f"{'  '.join(f'{name:>4}' for name in MEASURES.values()):>17}" for _ in titles
    )
    return ["", head, measures, *map(_line, rows)]


def _line(row: dict[str, Any]) -> str:
    if "failed" in row:
        return f"{row['method']:<16}{row['failed']}"
    cells = []
    for column in COLUMNS:
        numbers = row["kinds"].get(column)
        texts = ["n/a"] * len(MEASURES) if numbers is None else [f"{value:.2f}" for value in numbers.values()]
        cells.append(f"{'  '.join(f'{text:>4}' for text in texts):>17}")
    return f"{row['method']:<16}{''.join(cells)}{_mean_of_kinds(row):>14.3f}"


def _mean_of_kinds(row: dict[str, Any]) -> float:
    kinds = row["kinds"]
    return mean(kinds[kind.value]["average_precision"] for kind in KINDS if kind.value in kinds)


if __name__ == "__main__":
    main()
