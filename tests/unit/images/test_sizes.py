"""Finding images by what files call them, and their sizes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from inspector.errors import CancelledError
from inspector.images.decode import MAX_PIXELS, decode
from inspector.images.listing import ImageListing, folder_of_stems
from inspector.images.opening import opened, stored_orientation
from inspector.images.sizes import FolderSizes, size_of_image


def picture(path: Path, size: tuple[int, int] = (4, 3), orientation: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[274] = orientation
    Image.new("RGB", size).save(path, exif=exif)
    return path


def empty(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_images_are_listed_at_any_depth_without_what_is_hidden_or_no_image(tmp_path: Path) -> None:
    empty(tmp_path, "b.jpg", "a.PNG", "train/c.jpeg", ".d.jpg", ".e/f.jpg", "g.txt", "h.jpg/i.jpg", "jpg")
    assert ImageListing(tmp_path).names == ("a.PNG", "b.jpg", "train/c.jpeg")
    assert ImageListing(tmp_path / "none").names == ()


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_links_to_files_are_followed_and_circles_of_folders_are_not(tmp_path: Path) -> None:
    folder = empty(tmp_path / "images", "a.jpg")
    (folder / "b.jpg").symlink_to(folder / "a.jpg")
    (folder / "gone.jpg").symlink_to(folder / "none.jpg")
    (folder / "again").symlink_to(folder)
    (tmp_path / "link").symlink_to(folder)
    assert ImageListing(tmp_path / "link").names == ("a.jpg", "b.jpg")


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("train/a.jpg", "train/a.jpg"),
        ("train\\a.jpg", "train/a.jpg"),
        ("train/a", "train/a.jpg"),
        ("val/a", "val/a.jpg"),
        ("a.jpg", None),  # there are two
        ("other/b.jpg", "val/b.jpg"),
        ("b", "val/b.jpg"),
        ("b.png", "val/b.jpg"),
        ("v1.5", "v1.5.png"),
        ("Case.jpg", "Case.jpg"),
        ("case.JPG", "case.jpg"),  # exactly so, but for the suffix
        ("CASE", None),
        ("B.JPG", "val/b.jpg"),
        ("none", None),
    ],
)
def test_an_image_is_found_by_path_then_name_then_stem(tmp_path: Path, called: str, name: str | None) -> None:
    names = ["train/a.jpg", "val/a.jpg", "val/b.jpg", "v1.5.png", "case.jpg"]
    if not (empty(tmp_path, "x") / "X").exists():  # the file system tells cases apart
        names.append("Case.jpg")
    elif called.lower().startswith("case"):
        pytest.skip("needs a file system that tells cases apart")
    assert ImageListing(empty(tmp_path, *names)).find(called) == name


def test_the_folder_with_most_of_the_stems_is_found(tmp_path: Path) -> None:
    few, most = empty(tmp_path / "few", "a.jpg"), empty(tmp_path / "most", "a.png", "B.png")
    candidates = [tmp_path / "none", tmp_path, few, most]
    assert folder_of_stems(candidates, ["a", "b", "c"]) == most
    assert folder_of_stems(candidates, ["z"]) is None


def test_sizes_are_those_of_the_image_as_it_is_shown(tmp_path: Path) -> None:
    assert size_of_image(picture(tmp_path / "a.jpg", (40, 30))) == (40, 30)
    assert size_of_image(picture(tmp_path / "b.jpg", (40, 30), orientation=6)) == (30, 40)
    assert size_of_image(empty(tmp_path, "c.jpg") / "c.jpg") is None


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tiff", "gif"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_headers_say_what_decoding_shows(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = picture(tmp_path / f"a.{suffix}", (40, 30), orientation)
    assert size_of_image(path) == decode(path, None).size
    path.write_bytes(path.read_bytes()[:20])
    assert size_of_image(path) in (None, (40, 30))


def test_a_turn_that_a_png_tells_behind_its_pixels_counts(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", (40, 30), 6)
    data = path.read_bytes()
    start = data.index(b"eXIf") - 4
    length = 12 + int.from_bytes(data[start : start + 4], "big")
    exif, end = data[start : start + length], data.index(b"IEND") - 4
    path.write_bytes(data[:start] + data[start + length : end] + exif + data[end:])
    assert size_of_image(path) == (30, 40)


@pytest.mark.parametrize("name", ["coco128/images", "padilla100/images"])
def test_sizes_of_real_photos_are_those_of_the_decoder(shared_data: Path, name: str) -> None:
    listing = ImageListing(shared_data / name)
    found = FolderSizes(shared_data / name, ()).sizes(listing.names)
    for image, size in list(zip(listing.names, found.tolist(), strict=True))[::8]:
        with opened(shared_data / name / image, MAX_PIXELS) as source:
            turned = stored_orientation(source.image) >= 5
            assert tuple(size) == (source.stored[::-1] if turned else source.stored)


def test_all_sizes_are_read_at_once(tmp_path: Path) -> None:
    for number in range(100):
        picture(tmp_path / f"{number}.png", (number + 1, 3))
    (tmp_path / "broken.png").write_bytes(b"no image")
    sizes = FolderSizes(tmp_path, ())
    names = [f"{number}.png" for number in reversed(range(100))]
    found = sizes.sizes([*names, "broken.png", "none.png", "../secret.png"])
    assert found.tolist() == [*([number, 3] for number in range(100, 0, -1)), [0, 0], [0, 0], [0, 0]]


def test_reading_sizes_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(_stage: str, _fraction: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        FolderSizes(tmp_path, ()).sizes([f"{number}.png" for number in range(1000)], cancel)


@pytest.mark.parametrize("files", ["labels", "labels/a.txt"])
def test_images_beside_the_files_are_found_by_name_or_stem(tmp_path: Path, files: str) -> None:
    picture(tmp_path / "images" / "a.jpg", (40, 30))
    empty(tmp_path, "labels/a.txt")
    assert FolderSizes(None, [tmp_path / files]).size("a.jpg") == (40, 30)
    sizes = FolderSizes(None, [tmp_path / files])
    assert sizes.find(["a", "b"]) == ["a.jpg", None]
    assert sizes.folder == tmp_path / "images"


def test_what_a_person_chose_comes_first(tmp_path: Path) -> None:
    picture(tmp_path / "chosen" / "a.jpg", (40, 30))
    picture(tmp_path / "images" / "a.jpg", (5, 5))
    sizes = FolderSizes(tmp_path / "chosen", [tmp_path / "a.txt"])
    sizes.look_in(tmp_path / "images")
    assert sizes.size("a.jpg") == (40, 30)
    assert sizes.names() == ("a.jpg",)
    found = FolderSizes(None, [tmp_path / "x"])
    found.look_in(tmp_path / "images")
    assert found.size("a.jpg") == (5, 5)


def test_one_missing_image_is_not_taken_from_the_data_set_beside(tmp_path: Path) -> None:
    picture(tmp_path / "other" / "a.jpg", (40, 30))
    empty(tmp_path, "own/a.txt")
    for opened_path in ("own", "own/a.txt"):
        assert FolderSizes(None, [tmp_path / opened_path]).size("a.jpg") is None
        assert FolderSizes(None, [tmp_path / opened_path]).find(["a", "b", "c"]) == [None] * 3


def test_a_neighbour_with_half_of_the_images_is_used(tmp_path: Path) -> None:
    empty(tmp_path, "found/a.txt")
    for name in "ab":
        picture(tmp_path / "photos" / f"{name}.jpg")
    assert FolderSizes(None, [tmp_path / "found"]).find(["a", "b", "c"]) == ["a.jpg", "b.jpg", None]


def test_a_folder_that_is_opened_whole_and_holds_images_is_not_left(tmp_path: Path) -> None:
    empty(tmp_path, "own/images/z.jpg", "own/a.txt")
    for name in "abc":
        picture(tmp_path / "other" / f"{name}.jpg")
    assert FolderSizes(None, [tmp_path / "own"]).find(["a", "b", "c"]) == [None] * 3
