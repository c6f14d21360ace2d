from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.images import paths
from inspector.images.paths import find_image_folder, is_neighbour, place_under, resolve_image, windows_oddity
from inspector.images.problem import ImageProblem

_PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "//", "\\\\", "a", "secret.jpg", "images", "C:", "c:\\", "\\\\?\\", "//./",
     "UNC\\", " ", ".. ", "...", "~", "%2e%2e", "\u2025", "\uff0e\uff0e", "\0", "nul", "x:y"]
)  # fmt: skip
_NAMES = st.text() | st.lists(_PIECES | st.text(max_size=3), max_size=8).map("".join)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An image folder with `a.jpg` and `sub/b.jpg`, beside a file that must never be reached."""
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    inside = tmp_path / "images"
    (inside / "sub").mkdir(parents=True)
    (inside / "a.jpg").write_bytes(b"a")
    (inside / "sub" / "b.jpg").write_bytes(b"b")
    return inside


def _reason(folder: Path | None, name: str) -> str:
    with pytest.raises(ImageProblem) as caught:
        resolve_image(folder, name)
    assert "\n" not in caught.value.reason
    return caught.value.reason


@given(_NAMES)
def test_no_name_ever_leaves_the_image_folder(name: str) -> None:
    folder = Path(__file__).parent / "no such folder"
    try:
        place = place_under(folder, name)
    except ImageProblem:
        return
    normal = os.path.normpath(place)
    assert normal.startswith(f"{folder}{os.sep}")
    assert ".." not in place.parts


@given(_NAMES)
def test_resolving_any_text_gives_a_file_inside_or_a_reason(name: str) -> None:
    folder = Path(__file__).parent
    # Any other exception than an `ImageProblem` fails the test.
    with contextlib.suppress(ImageProblem):
        found = resolve_image(folder, name)
        assert found.resolve().is_relative_to(folder.resolve())


@pytest.mark.parametrize("name", ["a.jpg", "./a.jpg", ".\\a.jpg", ".//a.jpg"])
def test_a_relative_name_lies_under_the_folder(folder: Path, name: str) -> None:
    assert resolve_image(folder, name) == folder / "a.jpg"


@pytest.mark.parametrize("name", ["sub/b.jpg", "sub\\b.jpg", "sub//b.jpg", "sub\\.\\b.jpg"])
def test_both_slashes_separate_on_every_system(folder: Path, name: str) -> None:
    assert resolve_image(folder, name) == folder / "sub" / "b.jpg"


@pytest.mark.parametrize(
    "name",
    ["../secret.jpg", "..\\secret.jpg", "sub/../../secret.jpg", "sub/../a.jpg", "..", "/x/../a.jpg",
     "C:\\x\\..\\a.jpg", ".. /secret.jpg", "... /a.jpg", "\\\\?\\C:\\..\\a.jpg"],
)  # fmt: skip
def test_a_name_that_climbs_is_refused_even_where_it_would_come_back(folder: Path, name: str) -> None:
    assert "'..'" in _reason(folder, name)


@pytest.mark.parametrize(
    "name",
    ["/data/set/a.jpg", "C:\\data\\a.jpg", "c:/a.jpg", "\\\\server\\share\\a.jpg", "//server/share/a.jpg",
     "\\\\?\\C:\\data\\a.jpg", "\\\\?\\UNC\\server\\share\\a.jpg", "\\a.jpg"],
)  # fmt: skip
def test_an_absolute_name_of_another_machine_counts_by_its_base_name(folder: Path, name: str) -> None:
    assert resolve_image(folder, name) == folder / "a.jpg"


def test_an_absolute_name_that_points_outside_is_not_opened(folder: Path) -> None:
    assert _reason(folder, str(folder.parent / "secret.jpg")).startswith("not found in")


def test_an_absolute_name_inside_the_folder_keeps_its_subfolder(folder: Path) -> None:
    assert resolve_image(folder, str(folder / "sub" / "b.jpg")) == folder / "sub" / "b.jpg"


def test_an_absolute_name_inside_the_folder_is_recognised_through_a_link(folder: Path) -> None:
    link = folder.parent / "link"
    _link(link, folder)
    assert resolve_image(link, str(folder.resolve() / "sub" / "b.jpg")) == link / "sub" / "b.jpg"


def test_a_folder_whose_name_only_begins_alike_is_outside(folder: Path) -> None:
    other = folder.parent / "images2"
    (other / "sub").mkdir(parents=True)
    (other / "sub" / "b.jpg").write_bytes(b"other")
    assert _reason(folder, str(other / "sub" / "b.jpg")).startswith("not found in")


def test_links_that_somebody_placed_in_the_folder_are_followed(folder: Path) -> None:
    _link(folder / "linked.jpg", folder.parent / "secret.jpg")
    assert resolve_image(folder, "linked.jpg") == folder / "linked.jpg"


def test_links_in_a_circle_give_a_reason(folder: Path) -> None:
    _link(folder / "circle.jpg", folder / "circle.jpg")
    assert _reason(folder, "circle.jpg")


@pytest.mark.parametrize(
    ("name", "part"),
    [("", "empty"), (" \t", "empty"), ("a\0.jpg", "NUL"), ("x" * 5000, "too long"), (".", "folder"),
     ("sub", "folder"), ("sub/", "folder"), ("a.jpg/", "folder"), ("/", "folder"), ("C:\\", "folder"),
     ("missing.jpg", "not found in"), ("a.jpg/b.jpg", "not found in")],
)  # fmt: skip
def test_a_name_that_is_no_file_gives_its_reason(folder: Path, name: str, part: str) -> None:
    assert part in _reason(folder, name)


@pytest.mark.parametrize("name", ["y" * 300, "\ud800.jpg", "a\nb.jpg", "\x7f"])
def test_a_name_that_the_system_refuses_gives_a_reason(folder: Path, name: str) -> None:
    assert _reason(folder, name)


def test_without_an_image_folder_the_reason_says_what_to_do() -> None:
    assert "choose" in _reason(None, "a.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes in folders")
def test_a_pipe_is_never_opened(folder: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(folder / "pipe.jpg")
    assert _reason(folder, "pipe.jpg") == "not a regular file"


@pytest.mark.parametrize(
    ("part", "odd"),
    [("CON", True), ("nul.jpg", True), ("com1.tar.gz", True), ("LPT³", True), ("a.jpg:stream", True),
     ("a.jpg.", True), ("a ", True), ("console.jpg", False), ("a.con", False), ("com10", False)],
)  # fmt: skip
def test_names_that_windows_reads_as_something_else_are_known(part: str, odd: bool) -> None:
    assert bool(windows_oddity(part)) is odd


def test_a_colon_is_an_ordinary_character_elsewhere(folder: Path) -> None:
    if os.name == "nt":
        assert "':'" in _reason(folder, "t1:30.jpg")
    else:
        (folder / "t1:30.jpg").write_bytes(b"")
        assert resolve_image(folder, "t1:30.jpg") == folder / "t1:30.jpg"


def _link(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target, target_is_directory=target.is_dir())
    except OSError:
        pytest.skip("this account may not create symbolic links")


def _with_images(folder: Path, count: int = 3) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        (folder / f"{i}.jpg").write_bytes(b"")
    return folder


NAMES = [f"{i}.jpg" for i in range(3)]


@pytest.mark.parametrize(
    "place",
    [".", "images", "../images", "photos", "../val2017", "../images/val2017", "images/val2017", "..",
     "../Images/train", "../../images"],
)  # fmt: skip
def test_the_image_folder_is_found_in_the_usual_places(tmp_path: Path, place: str) -> None:
    own = tmp_path / "set" / "annotations"
    own.mkdir(parents=True)
    expected = _with_images(Path(os.path.normpath(own / place)))
    assert find_image_folder(own / "instances.json", NAMES) == expected
    may_be_of_others = place in ("../val2017", "../images/val2017", "../Images/train", "../../images")
    assert is_neighbour(expected, own / "instances.json") == may_be_of_others


def test_the_folder_with_most_of_the_images_wins(tmp_path: Path) -> None:
    _with_images(tmp_path / "a", 1)
    expected = _with_images(tmp_path / "b", 2)
    assert find_image_folder(tmp_path / "gt.json", NAMES) == expected


def test_of_equal_folders_the_first_by_name_wins(tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        _with_images(tmp_path / name, 2)
    assert find_image_folder(tmp_path / "gt.json", NAMES) == tmp_path / "a"


def test_names_with_a_subfolder_find_the_folder_above_it(tmp_path: Path) -> None:
    _with_images(tmp_path / "data" / "train")
    names = [f"train\\{name}" for name in NAMES]
    assert find_image_folder(tmp_path / "gt.json", names) == tmp_path / "data"


def test_no_folder_is_made_up(tmp_path: Path) -> None:
    assert find_image_folder(tmp_path / "gt.json", ["no such image.jpg"]) is None
    assert find_image_folder(tmp_path / "gt.json", ["..", "", "\0"]) is None
    assert find_image_folder(tmp_path / "gt.json", []) is None
    assert find_image_folder(tmp_path / "missing" / "deep" / "gt.json", NAMES) is None


def test_a_relative_path_to_the_ground_truth_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _with_images(tmp_path / "images")
    (tmp_path / "annotations").mkdir()
    monkeypatch.chdir(tmp_path / "annotations")
    assert find_image_folder(Path("gt.json"), NAMES) == expected


def test_the_effort_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def count(folder: Path | None, name: str) -> Path:
        assert folder is not None
        asked.append(folder)
        raise ImageProblem(name)

    for i in range(30):
        (tmp_path / f"{i:02}").mkdir()
    monkeypatch.setattr(paths, "resolve_image", count)
    monkeypatch.setattr(paths, "_MOST_FOLDERS", 10)
    names = [f"{i}.jpg" for i in range(100_000)]
    assert find_image_folder(tmp_path / "gt.json", names) is None
    assert len(asked) == 10 * 25


def test_the_sample_is_spread_over_the_list(tmp_path: Path) -> None:
    _with_images(tmp_path / "first", 3)
    expected = tmp_path / "rest"
    expected.mkdir()
    for i in range(3, 100):
        (expected / f"{i}.jpg").write_bytes(b"")
    assert find_image_folder(tmp_path / "gt.json", [f"{i}.jpg" for i in range(100)]) == expected
