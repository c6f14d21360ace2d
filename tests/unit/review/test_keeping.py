"""The review file of what is open: found again, or made with the first verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.review.file import Position, ReviewFile
from inspector.review.keeping import Keeper
from inspector.review.location import default_path
from inspector.sources import Sources
from tests.unit.review.places import MODEL, WRONG, a_detection, an_object


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    made = Keeper()
    yield made
    made.close()


def test_the_usual_place_is_beside_the_detections_and_named_by_the_ground_truth() -> None:
    sources = Sources(Path("truth/instances.val.json"), Path("runs/7/found.json"))
    assert default_path(sources) == Path("runs/7/instances.val.review.sqlite")


def test_of_folders_the_usual_place_is_beside_them_and_in_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, labels, found = tmp_path / "set" / "v1.2", tmp_path / "set" / "v1.2" / "labels", tmp_path / "runs"
    for folder in (labels, found):
        folder.mkdir(parents=True)
    assert default_path(Sources(whole, None)) == tmp_path / "set" / "v1.2.review.sqlite"
    assert default_path(Sources(whole, found)) == tmp_path / "v1.2.review.sqlite"
    inside = Sources(whole, whole / "predictions.json")
    assert default_path(inside) == tmp_path / "set" / "v1.2.review.sqlite"
    assert default_path(Sources(labels, None)) == whole / "labels.review.sqlite"
    monkeypatch.chdir(labels)
    assert default_path(Sources(Path(".."), Path("../../../runs"))) == tmp_path / "v1.2.review.sqlite"
    assert default_path(Sources(Path(), None)) == whole / "labels.review.sqlite"


def test_detections_that_come_later_move_no_verdicts(keeper: Keeper, tmp_path: Path) -> None:
    truth, found = tmp_path / "truth" / "labels.json", tmp_path / "runs" / "found.json"
    for path in (truth, found):
        path.parent.mkdir()
    alone = keeper.open(Sources(truth, None), "Ada").path
    keeper.write([(an_object(), WRONG)], "Ada")
    loaded = keeper.open(Sources(truth, found), "Ada")
    assert (loaded.path, len(loaded.entries)) == (alone, 1)
    assert alone == truth.parent / "labels.review.sqlite"


def test_nothing_is_made_before_the_first_verdict(keeper: Keeper, sources: Sources, path: Path) -> None:
    loaded = keeper.open(sources, "Ada")
    assert (loaded.path, loaded.entries, loaded.is_there) == (path, {}, False)
    keeper.set_position("Ada", Position("a.png"))
    assert list(keeper.newer()) == []
    assert not path.exists()
    keeper.write([(an_object(), WRONG)], "Ada")
    with ReviewFile.open(path) as file:
        assert file.sources == sources


def test_what_another_window_made_meanwhile_is_joined(keeper: Keeper, sources: Sources, path: Path) -> None:
    keeper.open(sources, "Ada")
    with ReviewFile.create(path, sources) as other:
        theirs = other.write([(an_object(), WRONG)], "Ben")
        written = keeper.write([(a_detection(), MODEL)], "Ada")
        assert written[:1] == theirs
        assert [entry.author for entry in written] == ["Ben", "Ada"]


def test_a_file_that_appears_is_seen_without_a_verdict_of_ones_own(
    keeper: Keeper, sources: Sources, path: Path
) -> None:
    keeper.open(sources, "Ada")
    with ReviewFile.create(path, sources) as other:
        theirs = other.write([(an_object(), WRONG)], "Ben")
    assert list(keeper.newer()) == list(theirs)


def test_the_chosen_place_comes_first_then_the_remembered_then_the_usual_one(
    keeper: Keeper, sources: Sources, tmp_path: Path, path: Path
) -> None:
    chosen, remembered = tmp_path / "chosen.sqlite", tmp_path / "remembered.sqlite"
    ReviewFile.create(remembered, sources).close()
    assert keeper.open(sources, "Ada", chosen, remembered).path == chosen
    assert keeper.open(sources, "Ada", None, remembered).path == remembered
    assert keeper.open(sources, "Ada").path == path
    gone = keeper.open(sources, "Ada", None, tmp_path / "gone.sqlite")
    assert gone.path == path
    assert "gone.sqlite" in gone.notice


def test_after_an_error_nothing_can_be_kept_until_there_is_another_place(
    keeper: Keeper, sources: Sources, path: Path, tmp_path: Path
) -> None:
    path.write_text("precious")
    with pytest.raises(InputError, match="is not a review file"):
        keeper.open(sources, "Ada")
    with pytest.raises(InputError, match="is not a review file"):
        keeper.write([(an_object(), WRONG)], "Ada")
    assert list(keeper.newer()) == []
    keeper.move(tmp_path / "mine.sqlite", sources, "Ada", take_along=True)
    assert len(keeper.write([(an_object(), WRONG)], "Ada")) == 1
    assert path.read_text() == "precious"


def test_a_move_that_fails_leaves_the_file_that_is_open(
    keeper: Keeper, sources: Sources, path: Path, tmp_path: Path
) -> None:
    keeper.open(sources, "Ada")
    keeper.write([(an_object(), WRONG)], "Ada")
    with pytest.raises(InputError, match="there is no folder"):
        keeper.move(tmp_path / "no" / "x.sqlite", sources, "Ada", take_along=True)
    keeper.write([(a_detection(), MODEL)], "Ada")
    with ReviewFile.open(path) as file:
        assert len(file.entries()) == 2


def test_newer_detections_are_what_the_file_speaks_of_from_the_next_verdict_on(
    keeper: Keeper, sources: Sources, path: Path
) -> None:
    keeper.open(sources, "Ada")
    keeper.write([(an_object(), WRONG)], "Ada")
    newer = Sources(sources.ground_truth, sources.detections.with_name("newer.json"))
    keeper.open(newer, "Ada", None, path)
    with ReviewFile.open(path) as file:
        assert file.sources == sources
        keeper.write([(a_detection(), MODEL)], "Ada")
        assert file.sources == newer
