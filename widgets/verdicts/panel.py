"""What was said of everything, as a list that leads to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inspector.refs import BoxRef, ImageRef, Ref
from inspector.review.listing import Listing, Row, Scope, Wanted, list_verdicts, tab_separated
from inspector.review.verdicts import Place
from widgets.drop_down import DropDown
from widgets.jobs import Jobs
from widgets.reviewing import Reviewing
from widgets.session import Session
from widgets.theme import Theme
from widgets.verdicts.model import COLUMNS, VerdictsModel
from widgets.verdicts.table import VerdictsTable

_AT_ONCE: Final = 2_000
"""Entries that are listed without a worker: a few milliseconds."""
_PAUSE: Final = 150
"""Milliseconds without a letter until what is searched for counts."""
_NOTHING_YET: Final = (
    "Nothing judged yet: select a box (S) and press 1, 2, 3 or 4.\n"
    "Space marks the image as reviewed, N writes a note."
)
_JOINED: Final = "\N{NO-BREAK SPACE}"
"""A line never breaks between what is counted and its number."""
_COUNTED: Final = (Scope.LABEL, Scope.MODEL, Scope.AMBIGUOUS, Scope.FINE, Scope.NOTES, Scope.REVIEWED)


class VerdictsPanel(QWidget):
    """Follows `reviewing` while it is seen."""

    reached = Signal()
    """A row led to the box that is selected now."""
    orphan_changed = Signal(object)
    """The Place of the current row, where that hangs on nothing that is open; else None."""

    def __init__(
        self, session: Session, reviewing: Reviewing, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._reviewing = session, reviewing
        self._jobs = Jobs(threads=1, parent=self)
        self._wanted = Wanted()
        self._is_seen, self._is_stale = False, True
        self._is_in_former_order = False
        self._orphan: Place | None = None
        """What was told last."""
        self._place: Place | None = None
        """What the current row is of: it stays current when others come or go."""
        self._model = VerdictsModel(theme, self)
        self.table = VerdictsTable(self._model, theme)
        self._scope = DropDown([scope.value for scope in Scope])
        self._scope.setToolTip("Which verdicts are listed")
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search")
        self._search.setAccessibleName("Search the verdicts")
        self._search.setClearButtonEnabled(True)
        self._counts, self._orphans = QLabel(), QPushButton(flat=True)
        self._counts.setWordWrap(True)
        self._counts.setObjectName("muted")
        self._orphans.setObjectName("remarks")
        self._orphans.setToolTip("List them: they are kept, and hang on again once their files are open")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self.setFocusProxy(self.table)
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._scope)
        head.addWidget(self._search, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        inset = QVBoxLayout()
        inset.setContentsMargins(8, 0, 8, 0)
        inset.addLayout(head)
        inset.addWidget(self._counts)
        inset.addWidget(self._orphans)
        column.addLayout(inset)
        column.addWidget(self.table, 1)

    def _connect(self) -> None:
        self._reviewing.changed.connect(self._on_verdicts)
        self._session.selected_changed.connect(self._follow)
        self._session.image_changed.connect(self._follow)
        self._scope.activated.connect(self._choose_scope)
        self._search.textChanged.connect(self._pause.start)
        self._search.returnPressed.connect(self.table.setFocus)
        self._pause.timeout.connect(lambda: self._want(replace(self._wanted, search=self._search.text())))
        self._orphans.clicked.connect(self._list_orphans)
        self.table.horizontalHeader().sectionClicked.connect(self._sort)
        self.table.pointed_at.connect(self._go_to)
        self.table.taken_back.connect(self.withdraw)
        self.table.left.connect(self._on_left)

    def set_seen(self, seen: bool) -> None:
        """Whether somebody can see it: nothing is listed for nobody."""
        self._is_seen = seen
        if not seen:
            self._is_stale |= self._jobs.cancel("list")
            self._tell_orphan()
            return
        if self._is_stale:
            self._list()
        self._follow()

    # --- what others ask ---

    @property
    def is_busy(self) -> bool:
        """Whether a list is being made."""
        return self._jobs.is_running("list")

    def close_jobs(self) -> None:
        self._pause.stop()
        self._jobs.close()

    def selected_refs(self) -> tuple[Ref, ...] | None:
        """What the keys speak of here: several rows, or nothing on a row that hangs on nothing open; None
        where it is what is on the canvas."""
        rows = self.table.selected_rows()
        if len(rows) == 1 and rows[0].ref is not None:
            return None
        return tuple(row.ref for row in rows if row.ref is not None) if rows else None

    def escape(self) -> bool:
        """Clear what is searched for, where the focus is there; False where there was nothing to do."""
        searches = self._search.hasFocus() and bool(self._search.text())
        if searches:
            self._search.clear()
        return searches

    def copy_selection(self) -> None:
        """Put the selected rows, or all where none is, on the clipboard as tab-separated text."""
        rows = self.table.selected_rows() or list(self._model.rows)
        QGuiApplication.clipboard().setText(tab_separated(rows, COLUMNS))

    def withdraw(self) -> None:
        """Take back what the selected rows say: the verdict, or else the note, or else the mark."""
        rows = self.table.selected_rows()
        self._reviewing.forget([row.entry.place for row in rows if row.ref is None])
        there = [(row.ref, row.entry.verdict) for row in rows if row.ref is not None]
        self._reviewing.withdraw([ref for ref, verdict in there if verdict.judgement])
        rest = [(ref, verdict) for ref, verdict in there if not verdict.judgement]
        self._reviewing.set_note([ref for ref, verdict in rest if verdict.note], "")
        unnoted = [ref for ref, verdict in rest if not verdict.note]
        self._reviewing.set_reviewed([ref.row for ref in unnoted if isinstance(ref, ImageRef)], False)

    # --- what is listed ---

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._scope.setCurrentIndex(list(Scope).index(wanted.scope))
        self._list()

    def _sort(self, section: int) -> None:
        column, before = COLUMNS[section], self._wanted
        descending = not before.descending if column is before.column else column is COLUMNS[-1]
        self._want(replace(before, column=column, descending=descending))

    def _choose_scope(self, place: int) -> None:
        self._want(replace(self._wanted, scope=list(Scope)[place]))

    def _list_orphans(self) -> None:
        other = Scope.ALL if self._wanted.scope is Scope.ORPHANS else Scope.ORPHANS
        self._want(replace(self._wanted, scope=other))

    def _on_verdicts(self) -> None:
        self._is_stale = True
        if self._is_seen:
            self._list(in_order=self.table.hasFocus())

    def _on_left(self) -> None:
        if self._is_seen and self._is_in_former_order:
            self._list()

    def _list(self, *, in_order: bool = False) -> None:
        """`in_order`: rows stay where they are while somebody works through them."""
        entries, orphans = self._reviewing.entries, self._reviewing.orphans
        former = self._model.rows if in_order else None
        wanted = replace(self._wanted, place=self._place, former=former)
        self._is_in_former_order = in_order
        self._is_stale = False
        self._jobs.cancel("list")
        if len(entries) + len(orphans) <= _AT_ONCE:
            self._show(list_verdicts(entries, orphans, wanted))
            return
        self._jobs.start(
            "list", lambda progress: list_verdicts(entries, orphans, wanted, progress), self._show, _raise
        )

    def _show(self, listing: Listing) -> None:
        table, at = self.table, self.table.currentIndex().row()
        scrolled = table.verticalScrollBar().value()
        self._model.show(listing.rows, self._wanted.column, self._wanted.descending)
        table.verticalScrollBar().setValue(scrolled)
        self._tell(listing.counts)
        if self._place is None:
            self._follow()
            self._tell_orphan()
            return
        here = listing.at
        if here is None and at >= 0 and listing.rows and table.hasFocus():
            here = min(at, len(listing.rows) - 1)  # of what was taken back, the one after it
            table.make_current(here, in_view=False)
            self._go_to(listing.rows[here])
            return
        table.make_current(here, in_view=False)
        self._tell_orphan()

    def _tell(self, counts: Mapping[Scope, int]) -> None:
        told = [f"{scope} {counts[scope]:,}".replace(" ", _JOINED) for scope in _COUNTED if counts[scope]]
        self._counts.setText("  ·  ".join(told))
        self._counts.setVisible(bool(told))
        orphans = counts[Scope.ORPHANS]
        words = "verdict hangs" if orphans == 1 else "verdicts hang"
        self._orphans.setText(f"{orphans:,} {words} on nothing that is open")
        self._orphans.setVisible(orphans > 0)
        is_all = self._wanted == replace(self._wanted, scope=Scope.ALL, search="")
        self.table.set_empty_text(_NOTHING_YET if is_all else "Nothing like that was said.")

    # --- where the person is ---

    def _go_to(self, row: Row) -> None:
        self._place = row.entry.place
        match row.ref:
            case BoxRef():
                self._session.select(row.ref)
                self.reached.emit()
            case ImageRef(image_row):
                self._session.show_image(image_row)
                self._session.select(None)
            case None:
                self._session.select(None)
                dataset, name = self._session.dataset, row.entry.place.image_name
                there = None if dataset is None else dataset.images.rows_by_name().get(name)
                if there is not None:
                    self._session.show_image(there)
        self._tell_orphan()

    def _tell_orphan(self) -> None:
        current = self.table.current_row if self._is_seen else None
        orphan = current.entry.place if current is not None and current.ref is None else None
        if orphan != self._orphan:
            self._orphan = orphan
            self.orphan_changed.emit(orphan)

    def _follow(self) -> None:
        """Make what is on the canvas current, where it is listed."""
        if not self._is_seen:
            return
        current = self.table.current_row
        ref: Ref | None = self._session.selected
        if current is not None and current.ref is None and ref is None:
            return  # somebody looks at what hangs on nothing
        if ref is None and self._session.image_row is not None:
            ref = ImageRef(self._session.image_row)
        if current is not None and current.ref == ref:
            return
        entry = self._reviewing.entries.get(ref) if ref is not None else None
        here = None if entry is None else self._model.rows.find(entry)
        self._place = entry.place if entry is not None else None
        self.table.make_current(here, in_view=True)
        self._tell_orphan()


def _raise(error: Exception) -> None:
    raise error
