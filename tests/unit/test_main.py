"""The command line, as a person uses it: in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inspector import __version__

ROOT = Path(__file__).parents[2]
TRUTH: dict[str, list[dict[str, Any]]] = {
    "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}],
    "categories": [{"id": 3, "name": "cat"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 3, "bbox": [4, 4, 20, 20], "area": 400, "iscrowd": 0}
    ],
}
FOUND = [{"image_id": 1, "category_id": 3, "bbox": [4, 4, 20, 19], "score": 0.75}]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "gt.json").write_text(json.dumps(TRUTH))
    (tmp_path / "dt.json").write_text(json.dumps(FOUND))
    return ["--gt", str(tmp_path / "gt.json"), "--pred", str(tmp_path / "dt.json")]


BUFFERED = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
"""As most people run it: what is printed is written when the program ends."""


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program without any display."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def lines_of(done: subprocess.CompletedProcess[str]) -> list[str]:
    return done.stderr.splitlines()


def test_evaluate_prints_the_protocol_the_numbers_and_the_classes(files: list[str]) -> None:
    done = run("evaluate", *files)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "COCO boxes" in done.stdout
    assert "1 image · 1 object · 1 detection · 1 class" in done.stdout.splitlines()
    assert "AP50    1.000" in done.stdout
    assert any(line.split()[:3] == ["cat", "1.000", "1.000"] for line in done.stdout.splitlines())


def test_evaluate_writes_only_json_to_standard_output_when_asked(files: list[str]) -> None:
    document = json.loads(run("evaluate", *files, "--json", "-").stdout)
    numbers = {"protocol", "operating_point", "stats", "classes", "tables"}
    assert set(document) == {"program", "evaluated", "remarks", *numbers}
    assert document["evaluated"]["ground_truth"] == files[1]
    assert document["stats"]["AP75"] == pytest.approx(1.0)
    assert document["stats"]["APl"] is None


def test_evaluate_writes_json_beside_the_text(files: list[str], tmp_path: Path) -> None:
    done = run("evaluate", *files, "--json", str(tmp_path / "out.json"))
    assert "AP50" in done.stdout
    assert json.loads((tmp_path / "out.json").read_text())["classes"][0]["name"] == "cat"


def test_a_folder_is_looked_through_for_both_sides(files: list[str], tmp_path: Path) -> None:
    done = run("evaluate", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "AP50    1.000" in done.stdout
    (tmp_path / "other.json").write_text(json.dumps(FOUND))
    done = run("evaluate", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds detections more than once (dt.json, other.json)" in done.stderr
    assert run("evaluate", str(tmp_path), *files[2:]).returncode == 0


def test_files_and_folders_without_a_command_are_opened(files: list[str]) -> None:
    done = run(files[1], files[3])  # there is no display, so the numbers are printed
    assert done.returncode == 0
    assert "AP50    1.000" in done.stdout


def test_a_side_alone_cannot_be_evaluated_and_is_told_so(files: list[str]) -> None:
    done = run("evaluate", *files[:2])
    assert (done.returncode, done.stdout) == (2, "")
    assert lines_of(done) == [
        f"{files[1]}: this is ground truth alone; to evaluate, give detections with --pred"
    ]


def test_how_detections_were_matched_is_said_where_it_is_not_by_ids(files: list[str]) -> None:
    done = run("evaluate", *files, "--match-images", "name")
    assert done.returncode == 0
    assert "images joined by name: 0 of 1 detection finds its image; by id: 1" in done.stderr


def test_evaluate_imports_no_qt(files: list[str]) -> None:
    code = (
        "import sys, main; status = main.main(sys.argv[1:]);"
        "qt = [name for name in sys.modules if name.startswith(('PySide6', 'shiboken', 'pyqtgraph'))];"
        "sys.exit(status or len(qt))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "evaluate", *files], cwd=ROOT, capture_output=True, timeout=120
    )
    assert done.returncode == 0


BAD_CALLS = [
    (["evaluate", "--gt", "gone.json", "--pred", "gone.json"], "gone.json"),
    (["evaluate"], "--gt"),
    (["evaluate", "--gt"], "expected one argument"),
    (["nonsense"], "nonsense"),
    (["open", "--gt", "gone.json", "--pred", "gone.json"], "gone.json"),
    (["open", "--gt", "gone.json", "--pred", "gone.json", "--screenshot", "window.png"], "gone.json"),
]


@pytest.mark.parametrize(("arguments", "mentioned"), BAD_CALLS)
def test_bad_input_exits_2_with_one_line(arguments: list[str], mentioned: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert mentioned in done.stderr


def test_a_place_in_the_file_is_named(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "dt.json").write_text(json.dumps([*FOUND, {**FOUND[0], "bbox": [1, 2]}]))
    done = run("evaluate", *files)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{tmp_path / 'dt.json'}: [1].bbox: ")


def test_a_missing_image_folder_is_bad_input(files: list[str], tmp_path: Path) -> None:
    done = run("open", *files, "--images", str(tmp_path / "gone"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{tmp_path / 'gone'}: no such folder\n"


def test_what_is_ignored_is_said_on_standard_error(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "dt.json").write_text(json.dumps([*FOUND, {**FOUND[0], "image_id": 99}]))
    done = run("evaluate", *files, "--json", "-")
    assert json.loads(done.stdout)["classes"][0]["detections"] == 1
    assert "[1].image_id" in done.stderr


@pytest.mark.parametrize("spelling", ["as it is", "in another way", "through a link", "through a hard link"])
@pytest.mark.parametrize(("name", "what"), [("gt.json", "the ground truth"), ("dt.json", "the detections")])
def test_what_is_read_is_never_overwritten(
    files: list[str], tmp_path: Path, spelling: str, name: str, what: str
) -> None:
    before = (tmp_path / name).read_bytes()
    target = tmp_path / "target.json"
    if spelling == "as it is":
        target = tmp_path / name
    elif spelling == "in another way":
        (tmp_path / "sub").mkdir()
        target = tmp_path / "sub" / ".." / name
    elif spelling == "through a link":
        target.symlink_to(tmp_path / name)
    else:
        target.hardlink_to(tmp_path / name)
    done = run("evaluate", *files, "--json", str(target))
    assert (done.returncode, done.stdout) == (2, "")
    assert lines_of(done) == [f"{target}: not overwritten: it is {what}"]
    assert (tmp_path / name).read_bytes() == before


def test_a_screenshot_never_overwrites_what_is_read(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "window.png").symlink_to(tmp_path / "gt.json")
    done = run("open", *files, "--screenshot", str(tmp_path / "window.png"))
    assert (done.returncode, done.stdout) == (2, "")
    assert lines_of(done) == [f"{tmp_path / 'window.png'}: not overwritten: it is the ground truth"]
    assert json.loads((tmp_path / "gt.json").read_text()) == TRUTH


@pytest.mark.parametrize("command", [["demo"], ["open"]])
def test_a_review_file_that_is_none_is_refused_at_once_and_stays(
    files: list[str], tmp_path: Path, command: list[str]
) -> None:
    asked = [*command, *files] if command == ["open"] else command
    letter = tmp_path / "letter.txt"
    letter.write_text("precious")
    for path, reason in ((letter, "is not a review file"), (tmp_path / "no" / "x.sqlite", "no folder")):
        done = run(*asked, "--review", str(path))
        assert done.returncode == 2
        assert str(path) in done.stderr
        assert reason in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert letter.read_text() == "precious"


def test_what_is_read_is_no_review_file(files: list[str]) -> None:
    done = run("open", *files, "--review", files[1])
    assert done.returncode == 2
    assert "it is the ground truth" in done.stderr


def test_a_screenshot_is_a_png(files: list[str], tmp_path: Path) -> None:
    for command in (["demo"], ["open", *files]):
        done = run(*command, "--screenshot", "window.jpg", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(lines_of(done)) == 1
        assert done.stderr.startswith("window.jpg: ")
        assert ".png" in done.stderr


def test_a_target_that_cannot_be_written_is_refused_before_the_files_are_read(tmp_path: Path) -> None:
    unread = ["--gt", "gone.json", "--pred", "gone.json"]
    missing, folder = tmp_path / "gone" / "out.png", tmp_path / "folder.png"
    folder.mkdir()
    for command in (["evaluate", *unread, "--json"], ["open", *unread, "--screenshot"]):
        done = run(*command, str(missing))
        assert (done.returncode, done.stdout) == (2, "")
        assert lines_of(done) == [f"{missing}: cannot be written: there is no folder {missing.parent}"]
        done = run(*command, str(folder))
        assert (done.returncode, done.stdout) == (2, "")
        assert lines_of(done) == [f"{folder}: cannot be written: it is a folder"]


def test_an_older_result_is_replaced(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("older")
    assert run("evaluate", *files, "--json", str(tmp_path / "out.json")).returncode == 0
    assert json.loads((tmp_path / "out.json").read_text())["protocol"]["name"] == "COCO"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("command", ["evaluate", "evaluate --json -", "--help", "--version"])
def test_standard_output_that_is_full_is_one_line(files: list[str], command: str) -> None:
    first, *rest = command.split()
    arguments = [first, *(files if first == "evaluate" else ()), *rest]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *arguments],
            env=BUFFERED,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["standard output: No space left on device"]


def test_a_reader_that_has_gone_is_no_error(files: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "evaluate", *files],
        env=BUFFERED,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == ""
    assert process.wait(timeout=120) == 0


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix")
def test_standard_output_may_be_closed(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    command = [sys.executable, str(ROOT / "main.py"), "evaluate", *files, "--json", str(out)]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert out.exists()


def test_a_console_that_lacks_letters_shows_their_numbers(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "gt.json").write_text(json.dumps({**TRUTH, "categories": [{"id": 3, "name": "猫"}]}))
    done = run("evaluate", *files, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert any(line.startswith(r"\u732b") for line in done.stdout.splitlines())


def test_json_is_utf_8_whatever_the_console_speaks(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "gt.json").write_text(json.dumps({**TRUTH, "categories": [{"id": 3, "name": "é"}]}))
    done = run("evaluate", *files, "--json", "-", PYTHONIOENCODING="latin-1")
    assert json.loads(done.stdout)["classes"][0]["name"] == "é"


def test_the_version_is_told() -> None:
    done = run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"detection-inspector {__version__}\n"


def test_the_warnings_of_python_are_kept_from_people_who_did_not_ask() -> None:
    code = "import sys, warnings, main;main.main = lambda _: warnings.warn('a cast') or 0;main.entry_point()"
    for options, expected in (([], False), (["-Wdefault"], True)):
        done = subprocess.run(
            [sys.executable, *options, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0
        assert ("a cast" in done.stderr) == expected


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")
class TestWithoutDisplay:
    def test_open_says_so_and_prints_the_numbers(self, files: list[str]) -> None:
        done = run("open", *files)
        assert done.returncode == 0
        assert done.stderr.startswith("No display is available")
        assert "AP50    1.000" in done.stdout

    def test_a_platform_that_needs_none_shows_the_error_as_well(self, tmp_path: Path) -> None:
        arguments = ["open", "--gt", "gone.json", "--pred", "gone.json", "--screenshot", "window.png"]
        done = run(*arguments, cwd=tmp_path, QT_QPA_PLATFORM="offscreen")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines() == ["gone.json: there is no such file"]

    def test_an_x_server_that_does_not_answer_is_no_display(self, files: list[str]) -> None:
        done = run("open", *files, DISPLAY=":987")
        assert done.returncode == 0
        assert done.stderr.startswith("No display is available")

    def test_the_screenshot_is_written_all_the_same(self, files: list[str], tmp_path: Path) -> None:
        done = run("open", *files, "--screenshot", str(tmp_path / "window.png"))
        assert done.returncode == 0, done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")
        assert "AP50    1.000" in done.stdout

    @pytest.mark.parametrize("sized", [True, False])
    def test_boxes_as_large_as_numbers_can_be_are_shown_without_a_word(
        self, files: list[str], tmp_path: Path, sized: bool
    ) -> None:
        image = TRUTH["images"][0] if sized else {"id": 1, "file_name": "a.png"}
        huge = [[0, 0, 1e308, 1e308], [1e308, 1e308, 1e308, 1e308], [-1e308, -1e308, 1.7e308, 1.7e308]]
        truth = {
            "images": [image],
            "categories": TRUTH["categories"],
            "annotations": [{**TRUTH["annotations"][0], "id": n, "bbox": box} for n, box in enumerate(huge)],
        }
        (tmp_path / "gt.json").write_text(json.dumps(truth))
        (tmp_path / "dt.json").write_text(json.dumps([{**FOUND[0], "bbox": box} for box in huge]))
        asked = {"PYTHONWARNINGS": "always::RuntimeWarning", "QT_QPA_PLATFORM": "offscreen"}
        done = run("open", *files, "--screenshot", str(tmp_path / "window.png"), **asked)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (tmp_path / "window.png").exists()

    def test_the_demo_prints_its_numbers(self, tmp_path: Path) -> None:
        done = run("demo", XDG_CACHE_HOME=str(tmp_path))
        assert done.returncode == 0
        assert "128 images" in done.stdout
        assert (tmp_path / "detection-inspector").is_dir()

    def test_the_bare_window_says_what_works_instead(self) -> None:
        done = run()
        assert done.returncode == 2
        assert "evaluate" in done.stderr


@pytest.fixture
def large_files(files: list[str]) -> list[str]:
    """Files that are worth keeping, if only for their spaces."""
    found = Path(files[3])
    found.write_text(" " * (4 << 20) + found.read_text())
    return files


def test_what_was_evaluated_is_told_again_without_the_evaluator(
    large_files: list[str], tmp_path: Path
) -> None:
    kept = {"DETECTION_INSPECTOR_CACHE": str(tmp_path / "kept")}
    first = run("evaluate", *large_files, **kept)
    code = (
        "import sys, main; status = main.main(sys.argv[1:]);"
        "sys.exit(status or any(name.startswith(('numba', 'llvmlite')) for name in sys.modules))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code, "evaluate", *large_files],
        cwd=ROOT,
        env={**os.environ, **kept},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert (first.returncode, again.returncode) == (0, 0)
    assert again.stdout == first.stdout
    assert again.stderr == ""


def test_what_is_kept_is_told_and_cleared(large_files: list[str], tmp_path: Path) -> None:
    kept = {"DETECTION_INSPECTOR_CACHE": str(tmp_path / "kept")}
    run("evaluate", *large_files, **kept)
    told = run("cache", **kept)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith(f"{tmp_path / 'kept'}: 3 entries, ")
    cleared = run("cache", "--clear", **kept)
    assert cleared.stdout == f"{tmp_path / 'kept'}: 0 entries, 0.0 MB\n"
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_cache_that_cannot_be_written_changes_nothing(large_files: list[str]) -> None:
    kept = {"DETECTION_INSPECTOR_CACHE": str(Path(large_files[1]) / "inside a file")}
    done = run("evaluate", *large_files, **kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert run("cache", **kept).stdout.endswith(": 0 entries, 0.0 MB\n")


def test_where_nothing_is_kept_that_is_told() -> None:
    assert run("cache", DETECTION_INSPECTOR_CACHE="").stdout == "Nothing is kept.\n"
