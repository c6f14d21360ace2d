"""Which finding is current."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inspector.doctor.findings import Finding, Severity
from widgets.doctor.finding_list import FindingList
from widgets.theme import Mode, Theme

NOTE = Finding("a_note", Severity.NOTE, "worth knowing", 0)
OTHER = Finding("another", Severity.NOTE, "also worth knowing", 3)
WARNING = Finding("a_warning", Severity.WARNING, "may matter", 0)


def shown(qtbot: QtBot) -> FindingList:
    view = FindingList(Theme(Mode.LIGHT))
    qtbot.addWidget(view)
    view.show_findings((NOTE, OTHER))
    view.show()
    qtbot.waitExposed(view)
    return view


def test_a_worse_finding_that_comes_later_is_current_where_nobody_has_chosen(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.clearFocus()
    view.show_findings((WARNING, NOTE, OTHER))
    assert view.current == WARNING


def test_what_was_chosen_stays_current(qtbot: QtBot) -> None:
    view = shown(qtbot)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    view.clearFocus()
    view.show_findings((WARNING, NOTE, OTHER))
    assert view.current == OTHER
