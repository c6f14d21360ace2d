"""Zoom and pan with mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.canvas.conftest import MISSING, SECOND, Desk

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, CONTROL])
def test_the_wheel_zooms_and_the_pixel_under_the_cursor_stays(
    opened: Desk, modifiers: Qt.KeyboardModifier
) -> None:
    at = opened.at(150, 60)
    before, zoom = opened.viewport.to_page((at.x(), at.y())), opened.viewport.zoom
    opened.turn_wheel(at, 3, modifiers)
    assert opened.viewport.zoom == pytest.approx(zoom * 1.2**3)
    assert opened.viewport.to_page((at.x(), at.y())) == pytest.approx(before)
    opened.turn_wheel(at, -3, modifiers)
    assert opened.viewport.zoom == pytest.approx(zoom)


def test_two_fingers_on_a_touchpad_move_the_picture(opened: Desk) -> None:
    opened.panel.zoom_in()
    before = opened.viewport
    at = QPointF(200, 200)
    event = QWheelEvent(
        at,
        at,
        QPoint(-12, 7),
        QPoint(-24, 14),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.ScrollUpdate,
        False,
    )
    QApplication.sendEvent(opened.canvas, event)
    assert (opened.viewport.x - before.x, opened.viewport.y - before.y) == (-12, 7)
    assert opened.viewport.zoom == before.zoom


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_moves_the_picture_and_selects_nothing(opened: Desk, button: Qt.MouseButton) -> None:
    before = opened.viewport
    opened.drag(opened.at(80, 70), QPoint(-60, 20), button)
    assert (opened.viewport.x - before.x, opened.viewport.y - before.y) == pytest.approx((-60, 20))
    assert opened.session.selected is None


def test_plus_and_minus_zoom_about_the_middle(opened: Desk) -> None:
    middle = opened.viewport.to_page(opened.viewport.centre)
    zoom = opened.viewport.zoom
    opened.press(Qt.Key.Key_Plus)
    assert opened.viewport.zoom == pytest.approx(zoom * 1.25)
    assert opened.viewport.to_page(opened.viewport.centre) == pytest.approx(middle)
    opened.press(Qt.Key.Key_Minus)
    assert opened.viewport.zoom == pytest.approx(zoom)


def test_a_double_click_goes_to_full_size_and_back_to_fit(opened: Desk) -> None:
    at = opened.at(60, 60)
    page = opened.viewport.to_page((at.x(), at.y()))
    QTest.mouseDClick(opened.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert opened.viewport.zoom == opened.viewport.full == 1.0
    assert opened.viewport.to_page((at.x(), at.y())) == pytest.approx(page)
    QTest.mouseDClick(opened.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert opened.viewport.fits


def test_full_size_and_fit_by_the_windows_actions(opened: Desk) -> None:
    opened.panel.full_size()
    assert opened.viewport.zoom == 1.0
    assert not opened.viewport.fits
    opened.panel.fit()
    assert opened.viewport.fits


def test_resizing_keeps_a_fitted_picture_fitted(opened: Desk) -> None:
    opened.panel.resize(900, 700)
    opened.settle()
    width = opened.canvas.width()
    assert opened.viewport.fits
    assert opened.viewport.to_widget((200, 100))[0] - opened.viewport.to_widget((0, 0))[0] == width - 8


def test_resizing_keeps_the_zoom_of_a_picture_that_is_not_fitted(opened: Desk) -> None:
    opened.panel.full_size()
    opened.panel.resize(900, 700)
    opened.settle()
    assert opened.viewport.zoom == 1.0


def test_another_image_is_fitted(opened: Desk) -> None:
    opened.panel.full_size()
    opened.show_image(SECOND)
    assert opened.viewport.fits
    assert opened.viewport.page == (100, 200)


def test_the_same_image_keeps_its_zoom_when_the_threshold_moves(opened: Desk) -> None:
    opened.turn_wheel(opened.at(30, 30), 4)
    before = opened.viewport
    opened.session.set_confidence(0.2)
    opened.settle()
    assert opened.viewport == before


def test_a_missing_image_can_be_zoomed_too(opened: Desk) -> None:
    opened.show_image(MISSING)
    assert opened.viewport.page == (300, 300)
    opened.panel.zoom_in()
    assert not opened.viewport.fits
