"""The measured side of peers.py: one library, one pair of files, one process.

`python -m tests.benchmarks.peer LIBRARY TRUTH DETECTIONS bbox|segm` prints seconds for importing, loading
(both files) and evaluating (matching and accumulating), the memory after the imports and at its highest, and
the twelve numbers.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

OURS = "ours"
PEERS = {
    # distribution: where its COCO and its evaluator are
    "hotcoco": ("hotcoco", "COCO", "hotcoco", "COCOeval"),
    "ultrafast-pycocotools": ("ultrafast_pycocotools", "COCO", "ultrafast_pycocotools", "COCOeval"),
    "faster-coco-eval": ("faster_coco_eval", "COCO", "faster_coco_eval", "COCOeval_faster"),
    "pycocotools": ("pycocotools.coco", "COCO", "pycocotools.cocoeval", "COCOeval"),
}


def version_of(library: str) -> str | None:
    """The installed version; None where it is missing."""
    if library == OURS:
        from inspector import __version__

        return __version__
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Steps:
    """What is timed, one after the other."""

    load: Callable[[Path, Path], Any]
    evaluate: Callable[[Any], Any]
    numbers: Callable[[Any], list[float]]
    leave: Callable[[Any, Any], None] = lambda _loaded, _evaluated: None
    """Done after the measuring, with what was loaded and evaluated."""


def _ours(iou_type: str) -> Steps:
    from inspector.cache import evaluated, keep, usage
    from inspector.evaluation.protocol import Protocol
    from inspector.evaluation.summary import headline
    from inspector.kernels.ready import MODULES, make_ready
    from inspector.progress import no_progress
    from inspector.sources import Sources, read

    masks = iou_type == "segm"
    if not usage().entries:  # what is opened again needs no kernels
        make_ready(no_progress, (*MODULES, *(("mask_reading", "coded_records", "mask_iou") if masks else ())))
    protocol = Protocol(iou_type="segm" if masks else "bbox")
    return Steps(
        load=lambda truth, found: read(Sources(truth, found), find_images=False, masks=masks),
        evaluate=lambda dataset: evaluated(dataset, protocol),
        # COCO says -1 where there is nothing to compute a number from
        numbers=lambda done: [-1.0 if value is None else value for value in headline(done).values()],
        leave=keep,
    )


def _peer(library: str, iou_type: str) -> Steps:
    truth_module, coco, evaluator_module, evaluator = PEERS[library]
    coco_class = getattr(import_module(truth_module), coco)
    evaluator_class = getattr(import_module(evaluator_module), evaluator)

    def load(truth: Path, found: Path) -> Any:
        objects = coco_class(str(truth))
        return objects, objects.loadRes(str(found))

    def evaluate(loaded: Any) -> Any:
        evaluation = evaluator_class(*loaded, iou_type)
        evaluation.evaluate()
        evaluation.accumulate()
        return evaluation

    def numbers(evaluation: Any) -> list[float]:
        evaluation.summarize()
        return [float(value) for value in evaluation.stats[:12]]

    return Steps(load, evaluate, numbers)


def measure(library: str, truth: Path, found: Path, iou_type: str) -> dict[str, object]:
    """Import, load and evaluate once."""
    marks = [time.perf_counter()]
    steps = _ours(iou_type) if library == OURS else _peer(library, iou_type)
    marks.append(time.perf_counter())
    imported = _megabytes("VmRSS")
    loaded = steps.load(truth, found)
    marks.append(time.perf_counter())
    evaluated = steps.evaluate(loaded)
    marks.append(time.perf_counter())
    peak = _megabytes("VmHWM")
    steps.leave(loaded, evaluated)
    begun, ready, read, done = marks
    return {
        "import": ready - begun,
        "load": read - ready,
        "evaluate": done - read,
        "total": done - ready,
        "imported_mb": imported,
        "peak_mb": peak,
        "numbers": steps.numbers(evaluated),
    }


def _megabytes(key: str) -> float:
    """From Linux' own account: unlike `getrusage`, it does not begin with the parent's memory."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    name, truth, found, iou_type = sys.argv[1:]
    with contextlib.redirect_stdout(io.StringIO()):  # most of them talk
        result = measure(name, Path(truth), Path(found), iou_type)
    print(json.dumps(result))
