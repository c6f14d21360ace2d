"""Broken, hostile and oversized files: each becomes one plain line, never an exception of a library."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from inspector.images.decode import decode, decode_thumbnail
from inspector.images.opening import as_problem
from inspector.images.problem import ImageProblem

_FORMATS = ["JPEG", "PNG", "GIF", "BMP", "TIFF", "PPM", "WEBP", "JPEG2000"]


def _encoded(image_format: str, size: tuple[int, int] = (64, 48)) -> bytes:
    data = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(data, image_format)
    return data.getvalue()


def _reason(path: Path, max_pixels: int | None = None) -> str:
    with pytest.raises(ImageProblem) as caught:
        decode(path, None) if max_pixels is None else decode(path, None, max_pixels=max_pixels)
    reason = caught.value.reason
    assert reason
    assert "\n" not in reason
    if max_pixels is None:
        with pytest.raises(ImageProblem, match=r"."):
            decode_thumbnail(path, None, 50)
    return reason


def _image_or_reason(path: Path) -> None:
    """Any other exception than an `ImageProblem` fails the test."""
    with contextlib.suppress(ImageProblem):
        assert decode(path, None, max_pixels=10**6).levels
    with contextlib.suppress(ImageProblem):
        assert decode_thumbnail(path, None, 20).size


def _png_that_declares(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    assert _reason(tmp_path / "a.jpg") == f"not found in {tmp_path}"


def test_a_folder_and_an_empty_file_are_named_as_such(tmp_path: Path) -> None:
    assert _reason(tmp_path) == "not a regular file"
    (tmp_path / "a.jpg").touch()
    assert _reason(tmp_path / "a.jpg") == "the file is empty"


@pytest.mark.parametrize(
    "data", [b"{}", b"\0" * 100, b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"<svg/>", b"\0\0\0\x18ftypheic1234"]
)
def test_what_is_no_image_of_a_known_format_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    assert _reason(tmp_path / "a.jpg") == "not an image that can be read"


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(_encoded("PNG"))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this account may read everything")
    assert "permission" in _reason(path)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "BMP", "PPM"])
def test_a_file_that_ends_early_is_called_truncated(tmp_path: Path, image_format: str) -> None:
    data = _encoded(image_format)
    (tmp_path / "a").write_bytes(data[: len(data) // 2])
    assert _reason(tmp_path / "a").startswith("truncated")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("image_format", _FORMATS)
def test_a_file_cut_anywhere_is_an_image_or_a_reason(tmp_path: Path, image_format: str) -> None:
    data = _encoded(image_format, (16, 12))
    for length in range(0, len(data), max(1, len(data) // 60)):
        (tmp_path / "a").write_bytes(data[:length])
        _image_or_reason(tmp_path / "a")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_file_damaged_anywhere_is_an_image_or_a_reason(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(_encoded(data.draw(st.sampled_from(_FORMATS)), (16, 12)))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "a").write_bytes(damaged)
    _image_or_reason(tmp_path / "a")


def test_a_damaged_stream_is_called_damaged(tmp_path: Path) -> None:
    data = bytearray(_encoded("PNG"))
    middle = data.index(b"IDAT") + 40
    data[middle : middle + 20] = bytes(20)
    (tmp_path / "a.png").write_bytes(data)
    assert _reason(tmp_path / "a.png").startswith(("damaged", "truncated"))


def test_a_decompression_bomb_is_refused_from_its_header(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_png_that_declares(60_000, 60_000))
    reason = _reason(tmp_path / "a.png")
    assert reason == "too large: 60,000 x 60,000 pixels, the limit is 250 megapixels"


@pytest.mark.parametrize("size", [(2**31 - 1, 2**31 - 1), (2**31 - 1, 1), (1, 2**31 - 1)])
def test_sizes_that_overflow_are_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "a.png").write_bytes(_png_that_declares(*size))
    assert _reason(tmp_path / "a.png").startswith("too large")


def test_a_size_of_zero_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(_png_that_declares(0, 5))
    assert _reason(tmp_path / "a.png")


@pytest.mark.parametrize("image_format", _FORMATS)
def test_the_limit_holds_for_every_format(tmp_path: Path, image_format: str) -> None:
    (tmp_path / "a").write_bytes(_encoded(image_format, (64, 48)))
    assert decode(tmp_path / "a", None, max_pixels=64 * 48).size == (64, 48)
    assert _reason(tmp_path / "a", 64 * 48 - 1).startswith("too large: 64 x 48 pixels")


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_no_warning_of_pillow_appears_below_the_limit(
    tmp_path: Path, image_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(_encoded(image_format))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)  # an error above 200 pixels, a warning above 100
    assert decode(tmp_path / "a", None).size == (64, 48)
    assert decode_thumbnail(tmp_path / "a", None, 20).shape[0] == 20


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (PermissionError(13, "no"), "may not be read"),
        (NotADirectoryError(20, "no"), "not found in"),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
        (OSError("image file is truncated (3 bytes not processed)"), "truncated"),
        (EOFError(), "truncated"),
        (MemoryError(), "not enough memory"),
        (Image.DecompressionBombError("x"), "too large"),
        (zlib.error("bad\nstream"), "damaged, cannot be decoded: bad stream"),
        (struct.error("unpack"), "damaged"),
        (SyntaxError("broken PNG file"), "damaged"),
        (ValueError(), "not an image that can be read"),
    ],
)
def test_every_kind_of_error_becomes_one_plain_line(error: Exception, start: str, tmp_path: Path) -> None:
    assert as_problem(error, tmp_path / "a.jpg").reason.startswith(start)
