from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from inspector.images.decode import ImagePixels, decode, decode_thumbnail
from inspector.images.pixels import pyramid

_REAL = Path(__file__).parents[3].parent / "shared" / "data" / "coco128" / "images"


def _noise(width: int, height: int, seed: int = 0) -> Image.Image:
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))


def _saved(path: Path, image: Image.Image, orientation: int = 1, **options: Any) -> Path:
    exif = Image.Exif()
    exif[274] = orientation
    image.save(path, exif=exif, **options)
    return path


def _rgb(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    assert (pixels[..., 3] == 255).all()
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable
    return pixels[..., 2::-1]


def _full(path: Path, declared: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    return _rgb(decode(path, declared).levels[0])


# --- modes


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
@pytest.mark.parametrize("suffix", ["png", "tif", "bmp"])
def test_opaque_modes_show_the_colours_that_pillow_reads(tmp_path: Path, mode: str, suffix: str) -> None:
    image = _noise(37, 23).convert(mode)
    path = _saved(tmp_path / f"a.{suffix}", image) if suffix != "bmp" else tmp_path / "a.bmp"
    image.save(path)
    assert np.array_equal(_full(path), np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("mode", ["CMYK", "LAB", "YCbCr"])
def test_print_colours_are_shown_as_rgb(tmp_path: Path, mode: str) -> None:
    source = Image.new("RGB", (8, 8), (200, 40, 90))
    image = Image.new("LAB", (8, 8), (128, 0, 0)) if mode == "LAB" else source.convert(mode)
    image.save(tmp_path / "a.tif")
    wanted = np.asarray(image.convert("RGB"))
    assert np.abs(_full(tmp_path / "a.tif").astype(int) - wanted).max() <= 2


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparent_pixels_are_shown_on_mid_grey(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (3, 1), (255, 255) if mode == "LA" else (255, 255, 255, 255))
    image.putpixel((1, 0), (0, 0) if mode == "LA" else (0, 0, 0, 0))
    image.putpixel((2, 0), (255, 128) if mode == "LA" else (255, 255, 255, 128))
    image.save(tmp_path / "a.png")
    assert _full(tmp_path / "a.png")[0, :, 0].tolist() == pytest.approx([255, 128, 192], abs=1)


@pytest.mark.parametrize("transparency", [1, b"\xff\x00\xff"])
def test_a_palette_with_transparency_is_shown_on_mid_grey(tmp_path: Path, transparency: int | bytes) -> None:
    image = Image.new("P", (3, 1))
    image.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90])
    for x in range(3):
        image.putpixel((x, 0), x)
    image.save(tmp_path / "a.png", transparency=transparency)
    assert _full(tmp_path / "a.png")[0].tolist() == [[10, 20, 30], [128, 128, 128], [70, 80, 90]]


def test_a_colour_that_means_transparent_is_shown_on_mid_grey(tmp_path: Path) -> None:
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 9, 9))
    image.save(tmp_path / "a.png", transparency=(1, 2, 3))
    assert _full(tmp_path / "a.png")[0].tolist() == [[128, 128, 128], [9, 9, 9]]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (np.array([[1000, 2000, 3000]], np.uint16), "a.png"),
        (np.array([[1000, 2000, 3000]], np.uint16), "a.tif"),
        (np.array([[1000, 2000, 3000]], ">u2"), "a.tif"),
        (np.array([[-100_000, 0, 100_000]], np.int32), "a.tif"),
        (np.array([[-1.5, 0, 1.5]], np.float32), "a.tif"),
    ],
)
def test_values_without_a_natural_white_are_stretched_and_the_remark_says_so(
    tmp_path: Path, values: NDArray[np.generic], name: str
) -> None:
    Image.fromarray(values).save(tmp_path / name)
    pixels = decode(tmp_path / name, None)
    assert pixels.levels[0][0, :, 0].tolist() == pytest.approx([0, 128, 255], abs=1)
    assert "shown from black to white" in pixels.remark


def test_values_that_are_no_numbers_do_not_spoil_the_rest(tmp_path: Path) -> None:
    values = np.array([[np.nan, -np.inf, 0, 10, np.inf]], np.float32)
    Image.fromarray(values).save(tmp_path / "a.tif")
    assert _full(tmp_path / "a.tif")[0, :, 0].tolist() == [0, 0, 0, 255, 255]


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_an_image_of_one_value_is_black(tmp_path: Path, value: float) -> None:
    Image.fromarray(np.full((2, 2), value, np.float32)).save(tmp_path / "a.tif")
    assert _full(tmp_path / "a.tif").max() == 0


@pytest.mark.parametrize("suffix", ["gif", "tif", "png", "webp"])
def test_of_several_frames_the_first_is_shown(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (9, 7), colour) for colour in ("red", "blue", "lime")]
    options: dict[str, Any] = {"lossless": True} if suffix == "webp" else {}
    frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:], **options)
    assert (_full(tmp_path / f"a.{suffix}") == (255, 0, 0)).all()


@pytest.mark.parametrize("suffix", ["jpg", "webp", "jp2", "ppm", "avif"])
def test_other_formats_are_read_by_content_whatever_the_name(tmp_path: Path, suffix: str) -> None:
    if f".{suffix}" not in Image.registered_extensions():
        pytest.skip(f"this Pillow cannot write {suffix}")
    data = io.BytesIO()
    Image.new("RGB", (20, 10), (200, 40, 90)).save(data, Image.registered_extensions()[f".{suffix}"])
    (tmp_path / "a.dat").write_bytes(data.getvalue())
    assert np.abs(_full(tmp_path / "a.dat").astype(int) - (200, 40, 90)).max() < 6


def test_images_larger_than_one_tile_are_put_together_in_order(tmp_path: Path) -> None:
    for width, height in ((700, 900), (40_000, 9)):
        image = _noise(width, height)
        image.save(tmp_path / "a.png")
        assert np.array_equal(_full(tmp_path / "a.png"), np.asarray(image))


# --- orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "tif", "jpg", "webp"])
def test_images_are_shown_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    lossless: dict[str, dict[str, Any]] = {
        "webp": {"lossless": True},
        "jpg": {"quality": 100, "subsampling": 0},
    }
    options = lossless.get(suffix, {})
    path = _saved(tmp_path / f"a.{suffix}", _noise(5, 3), orientation, **options)
    with Image.open(path) as image:
        wanted = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    assert wanted.shape[:2] == ((3, 5) if orientation < 5 else (5, 3))
    assert np.array_equal(_full(path), wanted)
    assert decode(path, None).remark == ""


@pytest.mark.parametrize("orientation", range(5, 9))
@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("declared", [(60, 40), (120, 80), (31, 21)])
def test_labels_that_fit_only_the_stored_pixels_keep_the_image_unturned(
    tmp_path: Path, orientation: int, suffix: str, declared: tuple[int, int]
) -> None:
    stored = _noise(60, 40)
    path = _saved(tmp_path / f"a.{suffix}", stored, orientation)
    pixels = decode(path, declared)
    assert np.array_equal(_rgb(pixels.levels[0]), np.asarray(stored))
    assert f"EXIF orientation {orientation} ignored" in pixels.remark
    assert ("shown scaled" in pixels.remark) is (declared != (60, 40))


@pytest.mark.parametrize("declared", [(40, 60), (20, 30), (50, 50), (0, 0), None, (60, -1)])
def test_labels_that_fit_upright_or_neither_leave_the_image_upright(
    tmp_path: Path, declared: tuple[int, int] | None
) -> None:
    pixels = decode(_saved(tmp_path / "a.png", _noise(60, 40), 6), declared)
    assert pixels.size == (40, 60)
    assert "ignored" not in pixels.remark


def test_a_square_image_is_shown_upright_whatever_is_declared(tmp_path: Path) -> None:
    square = _noise(8, 8)
    path = _saved(tmp_path / "a.png", square, 6)
    upright = np.asarray(square.transpose(Image.Transpose.ROTATE_270))
    assert np.array_equal(_full(path, (8, 8)), upright)


@pytest.mark.parametrize("value", [0, 9, 400])
def test_an_orientation_that_makes_no_sense_is_ignored(tmp_path: Path, value: int) -> None:
    image = _noise(5, 3)
    assert np.array_equal(_full(_saved(tmp_path / "a.png", image, value)), np.asarray(image))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_damaged_exif_does_not_hide_the_image(tmp_path: Path) -> None:
    for exif in (b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0nonsense", b"Exif\0\0II*\0\x08\0\0\0\xff\xff"):
        _noise(5, 3).save(tmp_path / "a.jpg", exif=exif)
        assert decode(tmp_path / "a.jpg", None).size == (5, 3)


def test_a_size_that_differs_from_the_declared_one_is_told(tmp_path: Path) -> None:
    _noise(320, 240).save(tmp_path / "a.png")
    told = decode(tmp_path / "a.png", (640, 480)).remark
    assert told == "decoded 320 x 240, the ground truth declares 640 x 480: shown scaled"
    assert decode(tmp_path / "a.png", (320, 240)).remark == ""


# --- pyramid


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((1, 1), [(1, 1)]),
        ((512, 512), [(512, 512)]),
        ((513, 3), [(513, 3), (257, 2)]),
        ((1, 5000), [(1, 5000), (1, 2500), (1, 1250), (1, 625), (1, 313)]),
        ((1025, 700), [(1025, 700), (513, 350), (257, 175)]),
    ],
)
def test_each_level_halves_the_one_before(
    tmp_path: Path, size: tuple[int, int], sizes: list[tuple[int, int]]
) -> None:
    Image.new("RGB", size, (10, 200, 90)).save(tmp_path / "a.png")
    pixels = decode(tmp_path / "a.png", None)
    assert [level.shape for level in pixels.levels] == [(height, width, 4) for width, height in sizes]
    assert all((_rgb(level) == (10, 200, 90)).all() for level in pixels.levels)
    assert pixels.size == size
    assert pixels.nbytes == sum(4 * width * height for width, height in sizes)


@given(st.integers(2, 40), st.integers(1, 40), st.integers(0, 99))
def test_a_pixel_of_a_level_is_the_mean_of_those_that_it_covers(width: int, height: int, seed: int) -> None:
    full = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    full[..., 3] = 255
    half = pyramid(full, max(width, height) - 1)[1]
    assert half.shape == ((height + 1) // 2, (width + 1) // 2, 4)
    for y, x in np.ndindex(half.shape[:2]):
        covered = full[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].reshape(-1, 4)
        assert np.abs(half[y, x] - covered.mean(axis=0)).max() <= 1
    assert (half[..., 3] == 255).all()


# --- thumbnails


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((800, 600), (128, 96)),
        ((600, 800), (72, 96)),
        ((5000, 100), (144, 3)),
        ((3000, 1), (144, 1)),
        ((20, 10), (20, 10)),
    ],
)
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_thumbnail_fits_and_is_never_enlarged(
    tmp_path: Path, size: tuple[int, int], expected: tuple[int, int], suffix: str
) -> None:
    Image.new("RGB", size, (200, 40, 90)).save(tmp_path / f"a.{suffix}")
    pixels = decode_thumbnail(tmp_path / f"a.{suffix}", None, 96)
    assert pixels.shape == (expected[1], expected[0], 4)
    assert np.abs(_rgb(pixels).astype(int) - (200, 40, 90)).max() < 6


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("suffix", "mode"),
    [("jpg", "RGB"), ("jpg", "L"), ("png", "L"), ("png", "P"), ("tif", "RGB"), ("tif", "P")],
)
@pytest.mark.parametrize("declared", [None, (800, 400)])
def test_a_thumbnail_is_turned_as_the_image_is(
    tmp_path: Path, orientation: int, suffix: str, mode: str, declared: tuple[int, int] | None
) -> None:
    quarters = Image.fromarray(np.array([[0, 85], [170, 255]], np.uint8)).resize((800, 400), 0)
    path = _saved(tmp_path / f"a.{suffix}", quarters.convert(mode), orientation)
    small = decode_thumbnail(path, declared, 64)
    full = decode(path, declared).levels[0]
    assert small.shape[:2] == ((64, 32) if full.shape[0] > full.shape[1] else (48, 96))
    for row, column in ((0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)):
        of_small = small[int(row * small.shape[0]), int(column * small.shape[1]), 0]
        of_full = full[int(row * full.shape[0]), int(column * full.shape[1]), 0]
        assert abs(int(of_small) - int(of_full)) < 8


@pytest.mark.parametrize("mode", ["1", "LA", "RGBA", "I;16", "F", "CMYK"])
def test_every_mode_has_a_thumbnail(tmp_path: Path, mode: str) -> None:
    grey = Image.new("L", (400, 300), 255)
    image = grey.convert("F").convert(mode) if mode == "F" else grey.convert(mode)
    image.save(tmp_path / "a.tif")
    assert _rgb(decode_thumbnail(tmp_path / "a.tif", None, 30)).shape == (30, 40, 3)


def test_a_thumbnail_without_height_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        decode_thumbnail(tmp_path / "a.png", None, 0)


# --- together


def test_several_threads_decode_at_once(tmp_path: Path) -> None:
    images = [_noise(300, 200, seed) for seed in range(4)]
    for i, image in enumerate(images):
        image.save(tmp_path / f"{i}.png")
    right: list[bool] = []

    def work(i: int) -> None:
        for _ in range(5):
            right.append(np.array_equal(_full(tmp_path / f"{i}.png"), np.asarray(images[i])))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 20


def test_real_photographs_decode_to_what_pillow_shows() -> None:
    if not _REAL.is_dir():
        pytest.skip("the shared real data are not here")
    for path in sorted(_REAL.iterdir())[:8]:
        with Image.open(path) as image:
            wanted = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
        pixels: ImagePixels = decode(path, (wanted.shape[1], wanted.shape[0]))
        assert pixels.remark == ""
        assert np.array_equal(_rgb(pixels.levels[0]), wanted)
        assert decode_thumbnail(path, None, 96).shape[0] <= 96
