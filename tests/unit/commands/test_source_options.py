"""What the commands read: which options there are, and what they come to."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from inspector.commands.source_options import add_source_options, both_of, sources_of
from inspector.commands.targets import check_target
from inspector.errors import InputError
from inspector.reading import AS_WRITTEN, Convention, Reading
from inspector.sources import Sources


@pytest.fixture
def paths(tmp_path: Path) -> Sources:
    """Files that are there; what they hold does not matter here."""
    for name in ("gt.json", "dt.json", "names.txt"):
        (tmp_path / name).touch()
    (tmp_path / "pictures").mkdir()
    return Sources(tmp_path / "gt.json", tmp_path / "dt.json", tmp_path / "pictures")


def parsed(*arguments: str, known: Sources | None = None) -> Sources:
    parser = argparse.ArgumentParser()
    add_source_options(parser, paths=True)
    return sources_of(parser.parse_args(arguments), known)


def reading(paths: Sources, *arguments: str) -> Reading:
    return parsed("--gt", str(paths.ground_truth), "--pred", str(paths.detections), *arguments).reading


def test_either_side_may_be_missing_but_not_both(paths: Sources) -> None:
    assert parsed("--gt", str(paths.ground_truth)) == Sources(paths.ground_truth, None)
    assert parsed("--pred", str(paths.detections)) == Sources(None, paths.detections)
    with pytest.raises(InputError, match="--gt, --pred"):
        parsed()


def test_a_side_that_a_command_needs_is_asked_for(paths: Sources) -> None:
    assert both_of(paths, "to evaluate") is paths
    with pytest.raises(InputError, match=r"gt\.json: .*to evaluate, give detections with --pred"):
        both_of(Sources(paths.ground_truth, None), "to evaluate")
    with pytest.raises(InputError, match=r"dt\.json: .*to evaluate, give ground truth with --gt"):
        both_of(Sources(None, paths.detections), "to evaluate")


def test_what_is_not_said_is_as_it_was_found_out(paths: Sources) -> None:
    assert reading(paths) == AS_WRITTEN


def test_the_matching_and_the_class_names_are_chosen(paths: Sources, tmp_path: Path) -> None:
    chosen = reading(
        paths, "--match-images", "stem", "--match-classes", "name", "--names", str(tmp_path / "names.txt")
    )
    assert chosen == Reading(images_by="stem", classes_by="name", class_names=tmp_path / "names.txt")


def test_a_bare_format_is_that_of_all_sides_that_know_it(paths: Sources) -> None:
    assert reading(paths, "--format", "coco") == Reading("coco", "coco")
    assert reading(paths, "--format", "gt=coco") == Reading(ground_truth_format="coco")
    assert reading(paths, "--format", "pred=coco") == Reading(detections_format="coco")


def test_boxes_are_those_of_the_detections_unless_a_side_is_named(paths: Sources) -> None:
    chosen = reading(paths, "--boxes", "xyxy,one-based", "--boxes", "gt=cxcywh,relative")
    assert chosen.detection_boxes == Convention("xyxy", relative=False, one_based=True)
    assert chosen.ground_truth_boxes == Convention("cxcywh", relative=True, one_based=False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "docx"], "expected one of .*coco.*docx"),
        (["--format", "truth=coco"], 'gt= or pred=, found "truth="'),
        (["--boxes", "yxyx"], 'xywh, xyxy or cxcywh.*found "yxyx"'),
        (["--boxes", "xyxy,percent"], 'found "xyxy,percent"'),
    ],
)
def test_what_makes_no_sense_is_told_with_what_would(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parsed(*arguments)
    assert re.search(told, capsys.readouterr().err)


@pytest.mark.parametrize("option", ["--names", "--images"])
def test_a_path_that_is_not_there_is_named(paths: Sources, tmp_path: Path, option: str) -> None:
    with pytest.raises(InputError, match=r"gone: no such"):
        reading(paths, option, str(tmp_path / "gone"))


def test_an_image_folder_is_a_folder(paths: Sources) -> None:
    with pytest.raises(InputError, match=r"dt\.json: is not a folder"):
        reading(paths, "--images", str(paths.detections))


def test_what_was_known_fills_in_and_its_images_go_with_its_ground_truth(
    paths: Sources, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.json"
    newer.touch()
    known = Sources(paths.ground_truth, paths.detections, paths.images, Reading(images_by="name"))
    with_newer = parsed("--pred", str(newer), known=known)
    assert with_newer == Sources(paths.ground_truth, newer, paths.images, Reading(images_by="name"))
    assert parsed("--gt", str(newer), known=known).images is None


def test_paths_are_looked_through_for_what_no_option_names(paths: Sources, tmp_path: Path) -> None:
    paths.ground_truth.write_text('{"images": []}')
    paths.detections.write_text("[]")
    assert parsed(str(tmp_path)) == Sources(paths.ground_truth, paths.detections)
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(InputError, match=r"more than once \(dt\.json, other\.json\)"):
        parsed(str(tmp_path))
    chosen = parsed(str(tmp_path), "--pred", str(tmp_path / "other.json"), "--match-images", "name")
    expected = Sources(paths.ground_truth, tmp_path / "other.json", reading=Reading(images_by="name"))
    assert chosen == expected


def test_nothing_in_a_folder_that_is_read_is_overwritten(tmp_path: Path) -> None:
    labels = tmp_path / "labels"
    labels.mkdir()
    (labels / "a.txt").touch()
    sources = Sources(labels, None)
    with pytest.raises(InputError, match="lies in the folder of the ground truth"):
        check_target(labels / "a.txt", sources)
    (tmp_path / "way").symlink_to(labels, target_is_directory=True)
    with pytest.raises(InputError, match="lies in the folder of the ground truth"):
        check_target(tmp_path / "way" / "a.txt", sources)
    check_target(labels / "new.json", sources)
    check_target(labels / "a.txt", sources, is_ours=True)
    check_target(tmp_path / "a.txt", sources)
