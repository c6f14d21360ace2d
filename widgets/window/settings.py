"""What survives a restart: layout, recent files, options."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from inspector.evaluation.options import (
    Options,
    describe_ious,
    describe_sizes,
    parse_ious,
    parse_max_dets,
    parse_sizes,
)
from inspector.evaluation.protocol import AP_RULES
from inspector.reading_text import reading_of, text_of
from inspector.sources import Sources
from widgets.theme import Mode

MASK_STYLES = ("filled", "outlined", "off")
_MOST_RECENT = 8
_MOST_REVIEWS = 200
"""Ground truths whose review file is remembered, and data sets whose split is."""


class Settings:
    """A typed face for QSettings; damaged or unknown values fall back to the default."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def bytes(self, key: str) -> QByteArray:
        """A stored window or header state; empty where there is none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_bytes(self, key: str, value: QByteArray) -> None:
        self._store.setValue(key, value)

    def group(self, name: str) -> dict[str, object]:
        """All values stored by `set_group`."""
        self._store.beginGroup(name)
        found = {key: self._store.value(key) for key in self._store.childKeys()}
        self._store.endGroup()
        return found

    def set_group(self, name: str, values: Mapping[str, QByteArray | str]) -> None:
        for key, value in values.items():
            self._store.setValue(f"{name}/{key}", value)

    def number(self, key: str, default: float) -> float:
        try:
            value = float(str(self._store.value(key, default)))
        except ValueError:
            return default
        return value if math.isfinite(value) else default

    def set_number(self, key: str, value: float) -> None:
        self._store.setValue(key, value)

    def text(self, key: str) -> str:
        return str(self._store.value(key, ""))

    def set_text(self, key: str, value: str) -> None:
        self._store.setValue(key, value)

    @property
    def theme(self) -> Mode:
        try:
            return Mode(self.text("theme"))
        except ValueError:
            return Mode.SYSTEM

    def set_theme(self, mode: Mode) -> None:
        self.set_text("theme", mode.value)

    @property
    def mask_style(self) -> str:
        """How masks are drawn; "filled" where that cannot be read."""
        style = self.text("masks")
        return style if style in MASK_STYLES else MASK_STYLES[0]

    def set_mask_style(self, style: str) -> None:
        self.set_text("masks", style)

    @property
    def options(self) -> Options:
        """How to evaluate; COCO's way where something else cannot be read."""
        with suppress(ValueError):
            rule = self.text("protocol/ap")
            if rule not in AP_RULES:
                raise ValueError
            return Options(
                iou_type="segm" if self.text("protocol/iou_type") == "segm" else "bbox",
                iou_thresholds=parse_ious(self.text("protocol/iou")),
                max_dets=parse_max_dets(self.text("protocol/max_dets")),
                sizes=parse_sizes(self.text("protocol/sizes")),
                ap_rule=rule,
                class_agnostic=self.number("protocol/class_agnostic", 0) != 0,
            )
        return Options()

    def set_options(self, options: Options) -> None:
        self.set_text("protocol/iou_type", options.iou_type)
        self.set_text("protocol/iou", describe_ious(options.iou_thresholds))
        self.set_text("protocol/max_dets", ",".join(map(str, options.max_dets)))
        self.set_text("protocol/sizes", describe_sizes(options.sizes))
        self.set_text("protocol/ap", options.ap_rule)
        self.set_number("protocol/class_agnostic", int(options.class_agnostic))

    @property
    def hand_off_folder(self) -> Path | None:
        """Where flags were handed off to last; None where they never were."""
        text = self.text("hand_off")
        return Path(text) if text else None

    def set_hand_off_folder(self, folder: Path | None) -> None:
        self.set_text("hand_off", "" if folder is None else str(folder))

    @property
    def reviewer(self) -> str:
        """Who judges; empty where nobody said."""
        return self.text("reviewer")

    def set_reviewer(self, name: str) -> None:
        self.set_text("reviewer", name)

    def review_file(self, *paths: Path) -> Path | None:
        """Where the verdicts on a ground truth (or what follows: on detections that were open alone) are
        kept; None where none of them was ever judged."""
        known = self._review_files()
        return next((Path(found) for path in paths if (found := known.get(str(path.absolute())))), None)

    def set_review_file(self, ground_truth: Path, path: Path) -> None:
        known, truth = self._review_files(), str(ground_truth.absolute())
        if known.get(truth) != str(path.absolute()):
            known.pop(truth, None)  # the latest last
            known[truth] = str(path.absolute())
            self.set_text("review_files", json.dumps(dict(list(known.items())[-_MOST_REVIEWS:])))

    def _review_files(self) -> dict[str, str]:
        return self._texts("review_files")

    @property
    def splits(self) -> dict[str, str]:
        """Which split of a data set was looked at last, by the path of its ground truth, or of what there is;
        none where it was all of them."""
        return self._texts("splits")

    def set_split(self, path: Path, split: str | None) -> None:
        known, key = self.splits, str(path.absolute())
        if known.get(key) != split:
            known.pop(key, None)  # the latest last
            latest = {**known, key: split} if split is not None else known
            self.set_text("splits", json.dumps(dict(list(latest.items())[-_MOST_REVIEWS:])))

    def _texts(self, key: str) -> dict[str, str]:
        """Texts by name, stored as JSON."""
        with suppress(ValueError):
            known = json.loads(self.text(key))
            if isinstance(known, dict):
                return {name: text for name, text in known.items() if isinstance(text, str)}
        return {}

    @property
    def filters(self) -> dict[str, str]:
        """The saved filters by name."""
        return self._texts("filters")

    def update_filters(self, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
        """Store what changed of the saved filters; what another window stored meanwhile stays.

        Returns all that are stored now.
        """
        self._store.sync()
        stored = {name: text for name, text in self.filters.items() if name not in before or name in after}
        stored |= {name: text for name, text in after.items() if before.get(name) != text}
        self.set_text("filters", json.dumps(stored, ensure_ascii=False))
        self._store.sync()
        return stored

    @property
    def recent(self) -> list[Sources]:
        """The most recent first; files that are gone are left out."""
        found = []
        for position in range(_MOST_RECENT):
            truth, detections, images, how = (
                self.text(f"recent/{position}/{part}")
                for part in ("ground_truth", "detections", "images", "reading")
            )
            sources = Sources(_path(truth), _path(detections), _path(images), reading_of(how))
            if sources.paths and all(path.exists() for path in sources.paths):
                found.append(sources)
        return found

    def add_recent(self, sources: Sources) -> None:
        """The same files, read in another way, take the place of what they were."""
        others = (other for other in self.recent if replace(other, reading=sources.reading) != sources)
        kept = [sources, *others][:_MOST_RECENT]
        self._store.remove("recent")
        for position, item in enumerate(kept):
            self.set_text(f"recent/{position}/ground_truth", _text(item.ground_truth))
            self.set_text(f"recent/{position}/detections", _text(item.detections))
            self.set_text(f"recent/{position}/images", _text(item.images))
            self.set_text(f"recent/{position}/reading", text_of(item.reading))


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _text(path: Path | None) -> str:
    return "" if path is None else str(path)
