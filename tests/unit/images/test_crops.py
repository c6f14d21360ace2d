from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from inspector.images import Box, ImageProblem, area_around, decode, decode_crops
from inspector.images.crops import LEAST_SIDE

BOX = (70.0, 20.0, 40.0, 16.0)


def picture(width: int = 160, height: int = 100) -> Image.Image:
    """Smooth, so that scaling hardly matters, and different everywhere."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.stack((x, y, 255 - (x + y) / 2), axis=-1).astype(np.uint8))


def saved(path: Path, image: Image.Image, orientation: int = 1, **options: object) -> Path:
    exif = Image.Exif()
    exif[274] = orientation
    image.save(path, exif=exif, **options)
    return path


def cut_from_the_whole(
    path: Path, declared: tuple[int, int] | None, area: Box, side: int
) -> NDArray[np.int64]:
    """The slow way: all pixels, upright, then the part."""
    whole = Image.fromarray(decode(path, declared).levels[0][..., :3])
    page = declared or whole.size
    across, down = whole.width / page[0], whole.height / page[1]
    x, y, width, height = area
    part = (x * across, y * down, (x + width) * across, (y + height) * down)
    longer = max(width, height)
    size = (max(1, round(side * width / longer)), max(1, round(side * height / longer)))
    return np.asarray(whole.resize(size, Image.Resampling.BILINEAR, part)).astype(np.int64)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
@pytest.mark.parametrize("declared", [None, (160, 100), (50, 80)])
def test_a_crop_shows_what_the_upright_image_shows_there(
    tmp_path: Path, orientation: int, suffix: str, declared: tuple[int, int] | None
) -> None:
    options = {"quality": 98} if suffix == "jpg" else {}
    path = saved(tmp_path / f"a.{suffix}", picture(), orientation, **options)
    boxes = [BOX, (5.0, 5.0, 30.0, 30.0), (30.0, 60.0, 500.0, 9.0)]
    for crop in decode_crops(path, declared, boxes, 0.2, 48):
        expected = cut_from_the_whole(path, declared, crop.area, 48)
        assert crop.pixels.shape[:2] == expected.shape[:2]
        assert (crop.pixels[..., 3] == 255).all()
        assert np.abs(crop.pixels[..., :3].astype(np.int64) - expected).max() <= 8


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "I;16", "CMYK"])
def test_every_mode_has_crops(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(np.arange(160 * 100, dtype=np.uint16).reshape(100, 160))
    if mode != "I;16":
        image = picture().convert("RGB").convert(mode)
    path = tmp_path / "a.tif"
    image.save(path)
    (crop,) = decode_crops(path, None, [BOX], 0.2, 48)
    expected = cut_from_the_whole(path, None, crop.area, 48)
    assert np.abs(crop.pixels[..., :3].astype(np.int64) - expected).max() <= 8


def test_a_large_photograph_is_decoded_no_larger_than_its_crops_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.jpg", picture(1600, 1000), quality=95)
    sizes: list[tuple[int, int]] = []
    monkeypatch.setattr(
        "inspector.images.crops.averageable", lambda image: (sizes.append(image.size), (image, True))[1]
    )
    decode_crops(path, (1600, 1000), [(0.0, 0.0, 900.0, 900.0)], 0.0, 100)
    decode_crops(path, (1600, 1000), [(0.0, 0.0, 900.0, 900.0), (3.0, 3.0, 80.0, 80.0)], 0.0, 100)
    assert sizes == [(200, 125), (1600, 1000)]


def test_an_image_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff rubbish")
    with pytest.raises(ImageProblem):
        decode_crops(tmp_path / "a.jpg", None, [BOX], 0.2, 48)


numbers = st.one_of(st.floats(-50, 400), st.sampled_from([0.0, 1e308, -1e308, float("inf"), float("nan")]))


@given(st.tuples(numbers, numbers, numbers, numbers), st.sampled_from([0.0, 0.2, 2.0]), st.booleans())
def test_what_a_crop_shows_lies_on_the_page_whatever_the_box(
    box: Box, context: float, is_known: bool
) -> None:
    page = (320.0, 24.0) if is_known else None
    x, y, width, height = area_around(box, context, page)
    assert np.isfinite([x, y, width, height]).all()
    assert width > 0
    assert height > 0
    if page is not None:
        assert 0 <= x <= x + width <= page[0] + 1e-9
        assert 0 <= y <= y + height <= page[1] + 1e-9


def test_a_crop_is_a_square_around_its_box_moved_onto_the_page() -> None:
    assert area_around((100, 100, 50, 20), 0.2, (640, 480)) == (90, 75, 70, 70)
    assert area_around((0, 100, 50, 20), 0.2, (640, 480)) == (0, 75, 70, 70)
    assert area_around((300, 300, 4, 4), 0.0, (640, 480))[2:] == (LEAST_SIDE, LEAST_SIDE)
    assert area_around((100, 0, 300, 30), 0.0, (640, 100)) == (100, 0, 300, 100)
