"""The arithmetic of zoom and pan."""

from __future__ import annotations

import pytest

from widgets.canvas.viewport import MAX_ZOOM, Viewport

PAGE, WIDGET = (400.0, 200.0), (808.0, 600.0)


def test_a_fitted_page_is_whole_and_centred() -> None:
    view = Viewport.fitted(PAGE, WIDGET)
    assert view.zoom == pytest.approx(2.0)
    assert view.to_widget((200, 100)) == pytest.approx(view.centre)


@pytest.mark.parametrize("factor", [0.7, 1.2, 3.0])
def test_zooming_keeps_the_pixel_under_the_cursor(factor: float) -> None:
    view = Viewport.fitted(PAGE, WIDGET).zoomed(2.0)
    at = (350.0, 280.0)
    assert view.zoomed(factor, at).to_page(at) == pytest.approx(view.to_page(at))


def test_zooming_ends_at_half_of_fit_and_at_64_times() -> None:
    view = Viewport.fitted(PAGE, WIDGET)
    assert view.zoomed(1e9).zoom == MAX_ZOOM
    assert Viewport.fitted((4000, 2000), WIDGET).zoomed(1e-9).zoom == pytest.approx(0.1)


def test_a_tiny_page_can_still_be_fitted_and_shown_in_full_size() -> None:
    view = Viewport.fitted((4, 4), WIDGET)
    assert view.zoom > MAX_ZOOM
    assert view.zoomed_to(1.0).zoom == 1.0


def test_the_page_cannot_be_dragged_out_of_sight() -> None:
    view = Viewport.fitted(PAGE, WIDGET).panned(1e6, -1e6)
    x, y = view.to_page(view.centre)
    assert 0 <= x <= PAGE[0]
    assert 0 <= y <= PAGE[1]


def test_a_fitted_page_stays_fitted_in_another_widget() -> None:
    view = Viewport.fitted(PAGE, WIDGET).resized((408, 300))
    assert view == Viewport.fitted(PAGE, (408, 300))


def test_another_size_of_the_widget_keeps_the_middle_of_a_zoomed_view() -> None:
    view = Viewport.fitted(PAGE, WIDGET).zoomed(3.0, (100, 100))
    other = view.resized((500, 500))
    assert other.zoom == view.zoom
    assert other.to_page(other.centre) == pytest.approx(view.to_page(view.centre))


def test_a_widget_without_any_size_does_no_harm() -> None:
    view = Viewport.fitted(PAGE, (0, 0)).zoomed(2).panned(5, 5).resized(WIDGET)
    assert view.zoom > 0


def test_device_pixels_are_a_multiple_of_widget_pixels() -> None:
    view = Viewport.fitted(PAGE, WIDGET, 0.5)
    device = view.on_device(2.0)
    assert (device.scale, device.width, device.height) == (2 * view.zoom, 1616, 1200)
    assert view.zoomed_to(view.full).on_device(2.0).scale == 1.0
