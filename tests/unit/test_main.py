"""The command line, as a person uses it: in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRUTH = {
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


def test_evaluate_prints_the_protocol_the_numbers_and_the_classes(files: list[str]) -> None:
    done = run("evaluate", *files)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "COCO boxes" in done.stdout
    assert "AP50    1.000" in done.stdout
    assert done.stdout.splitlines()[-1].split()[:2] == ["cat", "3"]


def test_evaluate_writes_only_json_to_standard_output_when_asked(files: list[str]) -> None:
    document = json.loads(run("evaluate", *files, "--json", "-").stdout)
    assert set(document) == {"protocol", "stats", "classes"}
    assert document["stats"]["AP75"] == pytest.approx(1.0)
    assert document["stats"]["APl"] is None


def test_evaluate_writes_json_beside_the_text(files: list[str], tmp_path: Path) -> None:
    done = run("evaluate", *files, "--json", str(tmp_path / "out.json"))
    assert "AP50" in done.stdout
    assert json.loads((tmp_path / "out.json").read_text())["classes"][0]["name"] == "cat"


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

    def test_the_demo_prints_its_numbers(self, tmp_path: Path) -> None:
        done = run("demo", XDG_CACHE_HOME=str(tmp_path))
        assert done.returncode == 0
        assert "128 images" in done.stdout
        assert (tmp_path / "detection-inspector").is_dir()

    def test_the_bare_window_says_what_works_instead(self) -> None:
        done = run()
        assert done.returncode == 2
        assert "evaluate" in done.stderr
