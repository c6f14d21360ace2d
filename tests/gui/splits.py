"""The data set of the window's tests in three splits, which COCO files themselves do not tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import widgets.session
from inspector.dataset import Dataset, Splits
from inspector.sources import read

SIZES = {"train": 6, "valid": 4, "test": 2}
"""Of the twelve images."""


def split_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a session reads has splits from now on."""

    def read_in_splits(*given: Any) -> Dataset:
        dataset = read(*given)
        rows = np.repeat(np.arange(len(SIZES), dtype=np.int32), list(SIZES.values()))
        return replace(dataset, splits=Splits(tuple(SIZES), rows[: len(dataset.images)]))

    monkeypatch.setattr(widgets.session, "read", read_in_splits)
