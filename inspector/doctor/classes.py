"""Classes that only one side knows, and names that are nearly the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from inspector.doctor.case import EXAMPLES, Case, some, worded
from inspector.doctor.findings import Example, Finding, Severity
from inspector.export.report import counted
from inspector.reading import folded
from inspector.refs import BoxRef, Side


def class_checks(case: Case) -> Iterator[Finding]:
    """By the counts of objects and detections of each class."""
    yield from _alike(case)
    data = case.dataset
    names = data.classes.names
    objects = np.bincount(data.objects.classes, minlength=len(names))
    found = np.bincount(data.detections.classes, minlength=len(names))
    if case.both_sides:
        missed = np.flatnonzero((objects > 0) & (found == 0)).tolist()
        if missed:
            title = worded("class{es} with objects but without any detection", len(missed))
            lost = counted(int(objects[missed].sum()), "object")
            effect = f"AP of {_which(names, missed)} is 0; all their objects are missed ({lost})."
            examples = _examples(case, missed, objects.tolist(), Side.OBJECT)
            yield Finding("classes_never_detected", Severity.WARNING, title, len(missed), examples, effect)
        unlabelled = np.flatnonzero((objects == 0) & (found > 0)).tolist()
        if unlabelled:
            title = worded("class{es} with detections but without any object", len(unlabelled))
            there = counted(int(found[unlabelled].sum()), "detection")
            effect = (
                f"{there} of them count nowhere in AP, which is the mean over classes with objects;"
                " at a confidence they are FP."
            )
            examples = _examples(case, unlabelled, found.tolist(), Side.DETECTION)
            yield Finding("classes_without_objects", Severity.NOTE, title, len(unlabelled), examples, effect)
    if data.ground_truth_path is not None:
        unused = np.flatnonzero((objects == 0) & (found == 0)).tolist()
        if unused and len(unused) < len(names):
            title = worded("class{es} declared and never used", len(unused))
            effect = f"They take no part in AP: it is the mean over the other {len(names) - len(unused):,}."
            examples = tuple(Example(text) for text in _named(names, unused))
            yield Finding("classes_unused", Severity.NOTE, title, len(unused), examples, effect)


def _alike(case: Case) -> Iterator[Finding]:
    """Classes of one data set that only differ by case or blanks: probably one class in two spellings."""
    names = case.dataset.classes.names
    spelled: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        spelled[folded(name)].append(name)
    alike = [group for group in spelled.values() if len(set(group)) > 1]
    if alike:
        title = worded("class name{s} in more than one spelling", len(alike))
        effect = "Each spelling is a class of its own: a detection of one never matches an object of another."
        examples = tuple(Example(" / ".join(f'"{name}"' for name in group)) for group in alike[:EXAMPLES])
        yield Finding("class_names_alike", Severity.WARNING, title, len(alike), examples, effect)


def _which(names: Sequence[str], rows: Sequence[int]) -> str:
    return some([names[row] for row in rows], 3)


def _named(names: Sequence[str], rows: Sequence[int]) -> list[str]:
    return [names[row] for row in rows[:EXAMPLES]]


def _examples(case: Case, rows: Sequence[int], counts: Sequence[int], side: Side) -> tuple[Example, ...]:
    """The classes with most boxes, each with one of them to look at."""
    names = case.dataset.classes.names
    classes = (case.dataset.objects if side is Side.OBJECT else case.dataset.detections).classes
    most = sorted(rows, key=lambda row: -counts[row])[:EXAMPLES]
    return tuple(
        Example(
            f"{names[row]}: {counted(counts[row], side.value)}",
            BoxRef(side, int(np.argmax(classes == row))),
        )
        for row in most
    )
