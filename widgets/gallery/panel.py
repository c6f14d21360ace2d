"""The gallery: what is shown in it, and what follows from where a person goes in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.dataset import Flags, Rows
from inspector.refs import BoxRef, Ref
from inspector.review.verdicts import Entry, Kind
from widgets.filter_line import FilterLine, SavedFilters
from widgets.gallery.choices import STEP, Choices
from widgets.gallery.copying import as_tab_separated
from widgets.gallery.counting import Counter
from widgets.gallery.crop_loader import CropLoader
from widgets.gallery.grid import GridView
from widgets.gallery.head import GalleryHead
from widgets.gallery.items import NOTHING, Made, Mode, Sorting, Wish, make_items
from widgets.gallery.suspect_source import SuspectSource
from widgets.gallery.words import EXAMPLES, remarks, why_nothing
from widgets.jobs import Jobs
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Theme

_REST: Final = 150
"""Milliseconds without another operating point after which the boxes are looked for again."""
_AT_ONCE: Final = 2_000_000
"""Items of which some are left out without a worker: less than 20 ms."""
_UNSAID: Final[Mapping[Ref, Entry]] = MappingProxyType({})


class GalleryPanel(QWidget):
    """Nothing is computed while nobody sees it, which whoever gives it a place has to tell (`set_seen`)."""

    opened = Signal()
    """The person wants to look at the image of the current box."""

    def __init__(
        self,
        session: Session,
        reviewing: Reviewing,
        theme: Theme,
        queue: SuspectSource | None,
        saved: SavedFilters,
        listed: Callable[[], Sequence[int]],
        parent: QWidget | None = None,
    ) -> None:
        """`listed` gives the image rows that the table shows."""
        super().__init__(parent)
        self._session, self._reviewing, self._queue, self._listed = session, reviewing, queue, listed
        self._jobs = Jobs(threads=1, parent=self)
        self._loader = CropLoader(self)
        self._choices = Choices()
        self._counter = Counter(session, queue)
        self._only_listed = False
        self._images: Flags | None = None
        self._seen = self._leads = False
        self._made: Made | None = None
        self._asked: Wish | None = None
        self._goes_on = False
        self.filter_line = FilterLine(theme, saved, "boxes", self)
        self._head = GalleryHead(self.filter_line, self)
        self._grid = GridView(self._loader, reviewing.verdict, theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._grid, 1)
        self.setFocusProxy(self._grid)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._refresh)
        self._follow = QTimer(self, singleShot=True, interval=0)
        self._follow.timeout.connect(self._select_current)
        self._connect()
        self._head.show_choices(self._choices)
        self._on_dataset()

    def _connect(self) -> None:
        session, head, grid = self._session, self._head, self._grid
        session.dataset_changed.connect(self._on_dataset)
        session.results_changed.connect(self._on_results)
        session.operating_point_changed.connect(self._on_point)
        session.selected_changed.connect(self._on_selected)
        self._reviewing.changed.connect(self._on_verdicts)
        self._reviewing.judged.connect(self._on_judged)
        if self._queue is not None:
            self._queue.changed.connect(self._on_suspects)
        head.mode_wished.connect(self.set_mode)
        head.kind_wished.connect(self.set_kind)
        head.sorting_wished.connect(self.set_sorting)
        head.side_wished.connect(self.set_side)
        head.context_wished.connect(lambda context: self._choose(replace(self._choices, context=context)))
        head.hide_judged_wished.connect(
            lambda hides: self._choose(replace(self._choices, hides_judged=hides))
        )
        head.only_listed_wished.connect(self.set_only_listed)
        self.filter_line.filter_changed.connect(self._refresh)
        self.filter_line.set_home(grid)
        self.filter_line.set_said(lambda: self._reviewing.entries)
        grid.current_changed.connect(self._follow.start)
        grid.selection_changed.connect(self._tell)
        grid.mode_wished.connect(lambda place: self._choose(self._choices.switched(place)))
        grid.size_wished.connect(lambda steps: self.set_side(self._choices.side + steps * STEP))
        grid.opened.connect(self._open_current)
        self._jobs.progressed.connect(self._on_progress)

    # --- what others ask ---

    @property
    def grid(self) -> GridView:
        return self._grid

    @property
    def loader(self) -> CropLoader:
        return self._loader

    @property
    def choices(self) -> Choices:
        return self._choices

    @property
    def is_busy(self) -> bool:
        """Whether something that can be seen is still being made."""
        return self._seen and (self.is_filling or self._grid.is_busy or self._loader.is_busy)

    @property
    def is_filling(self) -> bool:
        """Whether boxes are looked for, or will be as soon as the operating point rests."""
        return self._rest.isActive() or self._jobs.is_running("items")

    def selected_refs(self) -> tuple[BoxRef, ...]:
        """The selected boxes in the order of the grid, each once."""
        return tuple(dict.fromkeys(self._grid.selected_refs()))

    def sizeHint(self) -> QSize:
        """Some lines of crops, but no more than a part of a small window."""
        return QSize(800, min(420, max(220, self.window().height() * 3 // 10)))

    def set_seen(self, seen: bool) -> None:
        """Whether the gallery can be looked at now."""
        self._seen = seen
        self._refresh()

    def escape(self) -> bool:
        """Clear the filter line, or leave it where it is empty; False where the focus is not there."""
        if not self.filter_line.hasFocus():
            return False
        self.filter_line.escape()
        return True

    def close_jobs(self) -> None:
        """Cancel what is being made, and wait for it."""
        self._rest.stop()
        self._follow.stop()
        self._jobs.close()
        self._loader.close()

    def copy(self) -> None:
        """Put the selected boxes on the clipboard as tab-separated text with a header."""
        cells, positions = self._grid.cells, self._grid.selection.positions().tolist()
        if cells is None or not positions:
            return

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._tell()

        work = partial(as_tab_separated, cells.again(), positions, self._reviewing.entries)
        self._jobs.start("copy", work, done, self._on_error)

    # --- what a person wishes ---

    def set_mode(self, mode: Mode) -> None:
        self._choose(replace(self._choices, mode=mode))

    def set_kind(self, kind: Kind | None) -> None:
        """Of suspects: which errors; None for all."""
        self._choose(replace(self._choices, kind=kind))

    def set_sorting(self, sorting: Sorting) -> None:
        self._choose(self._choices.sorted_by(sorting))

    def set_side(self, side: int) -> None:
        """Widget pixels of a crop's side, brought to what is possible."""
        self._choose(self._choices.sized(side))

    def set_only_listed(self, only: bool) -> None:
        """Whether boxes are shown only on images that the table lists."""
        self._only_listed = only
        self.follow_listed()
        self._refresh()

    def follow_listed(self) -> None:
        """The table lists other images."""
        dataset, before = self._session.dataset, self._images
        self._images = None
        if self._only_listed and dataset is not None:
            self._images = np.zeros(len(dataset.images), dtype=np.bool_)
            self._images[np.asarray(self._listed(), dtype=np.int64)] = True
            if before is not None and np.array_equal(before, self._images):
                self._images = before
        if self._images is not before:
            self._rest.start()

    def state(self) -> dict[str, str]:
        """What is to be remembered, for `restore_state`."""
        return self._choices.texts()

    def restore_state(self, state: Mapping[str, object]) -> None:
        """What does not fit this version is left out."""
        self._choose(replace(Choices.from_texts(state), is_alone=self._choices.is_alone))

    def _choose(self, choices: Choices) -> None:
        if choices != self._choices:
            self._choices = choices
            self._head.show_choices(choices)
            self._grid.set_form(choices.side, choices.context)
            self._show_counts()
            self._refresh()

    # --- what changed ---

    def _on_dataset(self) -> None:
        """Rows mean something else."""
        dataset = self._session.dataset
        self._loader.open(dataset)
        self.filter_line.set_names(dataset)
        self._forget()
        self._choose(replace(self._choices, is_alone=self._session.missing is not None))
        self.filter_line.setPlaceholderText(EXAMPLES[self._session.missing])
        self.follow_listed()
        self._on_point()

    def _forget(self) -> None:
        self._jobs.cancel("items")
        self._made = self._asked = None
        self._grid.show_items(None, NOTHING, from_top=True)

    def _on_results(self) -> None:
        """The former ones are not kept alive by who does not show them: they may be gigabytes."""
        if not self._seen:
            self._forget()
        self._on_point()

    def _on_point(self) -> None:
        self._show_counts()
        self._tell()
        self._rest.start()

    def _on_suspects(self) -> None:
        self._show_counts()
        self._refresh()

    def _on_selected(self) -> None:
        """What the grid itself asked for is current there already."""
        if not self._leads:
            self._follow.stop()
            self._grid.go_to(self._session.selected)
            self._tell()

    def _on_verdicts(self) -> None:
        self._grid.refresh_marks()
        made, hidden = self._made, self._hidden()
        asks = self.filter_line.filter.follows_verdicts or self._jobs.is_running("items")
        asks = asks or (made is not None and made.wish.suspicions is not self._suspicions())
        if made is None or asks or len(made.items) > _AT_ONCE or not hidden >= made.wish.hidden:
            self._refresh(goes_on=self._grid.hasFocus())
        elif hidden != made.wish.hidden:
            self._take_out(made, hidden)

    def _take_out(self, made: Made, hidden: frozenset[Ref]) -> None:
        """At once, so that the next key speaks of the next box."""
        goes = made.items.are(hidden - made.wish.hidden)
        wish = replace(made.wish, hidden=hidden)
        items = made.items.taken(~goes)
        self._made = replace(made, wish=wish, items=items)
        self._asked = wish
        if not goes.any():
            return
        current = self._grid.selection.current
        if current is None or not goes[current] or not self._grid.hasFocus():
            self._grid.show_items(wish, items, from_top=False)
        else:
            place = min(int(np.count_nonzero(~goes[:current])), len(items) - 1)
            self._grid.take_out(wish, items, place if place >= 0 else None)
        self._show_counts()
        self._tell()

    def _on_judged(self, refs: tuple[Ref, ...]) -> None:
        """A verdict on a suspect leads to the next one that is shown, as it does in the queue."""
        goes_on = self._queue is not None and self._queue.goes_on and self._choices.shown is Mode.SUSPECTS
        chosen = self._grid.selected_refs()
        if goes_on and self._grid.hasFocus() and len(chosen) == 1 and chosen[0] in refs:
            self._grid.go_on(lambda ref: self._reviewing.verdict(ref).judgement is None)

    def _suspicions(self) -> Rows | None:
        return None if self._queue is None else self._queue.rows(self._choices.kind)

    def _hidden(self) -> frozenset[Ref]:
        if not self._choices.hides_judged:
            return frozenset()
        said = self._reviewing.entries.items()
        return frozenset(ref for ref, entry in said if entry.verdict.judgement is not None)

    def _select_current(self) -> None:
        """The canvas follows."""
        current = self._grid.selection.current
        if current is not None and current < len(self._grid.items):
            items = self._grid.items
            self._leads = True
            if items.suspicions is None or self._queue is None:
                self._session.select(items.ref(current))
            else:
                self._queue.show(int(items.suspicions[current]))
            self._leads = False

    def _open_current(self) -> None:
        self._follow.stop()
        self._select_current()
        self.opened.emit()

    # --- making the items ---

    def _refresh(self, *, goes_on: bool = False) -> None:
        """Find and sort the boxes, if they are looked at and not there already.

        With `goes_on`, the next one becomes current where the current one is no longer shown.
        """
        self._rest.stop()
        dataset, results = self._session.dataset, self._session.results
        if not self._seen or dataset is None or (results is None and self._session.alone is None):
            self._tell()
            return
        wish = Wish(
            dataset=dataset,
            results=results,
            point=self._session.point,
            suspects=None if self._queue is None else self._queue.suspects,
            suspicions=self._suspicions(),
            mode=self._choices.shown,
            sorting=self._choices.sorting,
            hidden=self._hidden(),
            images=self._images,
            filter=self.filter_line.filter,
            entries=self._reviewing.entries if self.filter_line.filter.follows_verdicts else _UNSAID,
            reviewed=self._reviewing.reviewed(),
        )
        if self._asked is not None and wish.is_same(self._asked):
            return
        self._asked, self._goes_on = wish, goes_on
        self._jobs.start("items", lambda progress: make_items(wish, progress), self._on_made, self._on_error)
        self._tell()

    def _on_made(self, made: Made) -> None:
        before, self._made = self._made, made
        as_before = before is not None and (before.wish.mode, before.wish.sorting) == (
            made.wish.mode,
            made.wish.sorting,
        )
        self._grid.show_items(made.wish, made.items, from_top=not as_before, goes_on=self._goes_on)
        if not self._grid.selection.count:
            self._grid.go_to(self._session.selected)
        self._show_counts()
        self._tell()

    def _on_error(self, error: Exception) -> None:
        self._grid.set_text(f"{type(error).__name__}: {error}")

    def _on_progress(self, _kind: str, stage: str, fraction: float) -> None:
        said = f"{stage} … {fraction:.0%}"
        self._grid.set_text(said)
        self._head.tell(said)

    def _show_counts(self) -> None:
        self._head.show_counts(self._counter.counts(self._made, self._choices.kind), self._session.missing)

    def _tell(self) -> None:
        """How many there are, or why there are none."""
        dataset, grid = self._session.dataset, self._grid
        wish = None if self._made is None else self._made.wish
        some = wish is not None and (wish.hidden or wish.images is not None or not wish.filter.is_empty)
        left = len(grid.items) if some else None
        elsewhere = bool(len(grid.items)) and not grid.selection.count and self._session.selected is not None
        said = remarks(left, grid.selection.count, dataset, self.filter_line.filter, elsewhere=elsewhere)
        self._head.tell(said)
        if self._session.results is None and self._session.alone is None:
            grid.set_text("Nothing is open." if dataset is None else "Not evaluated yet.")
        elif self._made is not None and not self._jobs.is_running("items"):
            is_looking = self._queue is not None and self._queue.is_running
            grid.set_text(why_nothing(self._made.wish, is_looking=is_looking))
