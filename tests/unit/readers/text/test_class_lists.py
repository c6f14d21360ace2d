"""Names for classes that files only number."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.images.sizes import FolderSizes
from inspector.readers.notes import NoteBook
from inspector.readers.parts import Context
from inspector.readers.text.class_lists import ClassList, class_names_for, is_class_list
from inspector.reading import Reading


def names_for(path: Path, reading: Reading | None = None) -> ClassList | None:
    return class_names_for(path, Context(reading or Reading(), False, FolderSizes(None, [path])))


def told(names: ClassList | None) -> list[str]:
    assert names is not None
    notes = NoteBook()
    names.note(notes)
    return [note.text for note in notes.notes()]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.yaml", "nc: 2\nnames: ['cat', \"big dog\"]\n"),
        ("data.yaml", "names:\n  0: cat\n  1: big dog\ntrain: images\n"),
        ("anything.YML", "names: [cat, big dog]\n"),
        ("data.yaml", "\ufeffnames: [cat, big dog]\r\n".encode("utf-16")),
        ("classes.txt", "cat\r\nbig dog\r\n\r\n"),
        ("predefined_classes.txt", "cat\n big dog"),
        ("voc.names", b"\xef\xbb\xbfcat\nbig dog\n"),
    ],
)
def test_every_kind_of_list_is_read(tmp_path: Path, name: str, content: str | bytes) -> None:
    write(tmp_path / name, content)
    names = names_for(tmp_path)
    assert names is not None
    assert names.names == {0: "cat", 1: "big dog"}
    assert told(names) == [f"class names from {name}"]


def test_darknets_settings_lead_to_the_names_though_they_were_moved(tmp_path: Path) -> None:
    write(tmp_path / "set" / "obj.data", "classes= 2\ntrain = data/train.txt\nnames = data/my list\n")
    write(tmp_path / "set" / "my list", "cat\ndog\n")
    names = names_for(tmp_path / "set")
    assert names is not None
    assert names.names == {0: "cat", 1: "dog"}


def test_darknets_settings_never_lead_out_of_their_folder(tmp_path: Path) -> None:
    write(tmp_path / "secret", "cat\ndog\n")
    write(tmp_path / "set" / "obj.data", "names = ../secret\n")
    write(tmp_path / "set" / "absolute.data", f"names = {tmp_path / 'secret'}\n")
    assert names_for(tmp_path / "set") is None


def test_the_nearest_folder_counts_up_to_three_above(tmp_path: Path) -> None:
    labels = tmp_path / "a" / "b" / "c" / "labels"
    labels.mkdir(parents=True)
    write(tmp_path / "classes.txt", "too far")
    assert names_for(labels) is None
    write(tmp_path / "a" / "classes.txt", "far")
    names = names_for(labels)
    assert names is not None
    assert told(names) == ["class names from ../../../classes.txt"]
    write(labels / "classes.txt", "near")
    near = names_for(write(labels / "x.txt", "0 1"))
    assert near is not None
    assert near.names == {0: "near"}


def test_lists_of_one_folder_that_differ_are_named(tmp_path: Path) -> None:
    write(tmp_path / "classes.txt", "cat\ndog")
    write(tmp_path / "same.names", "cat\ndog")
    assert told(names_for(tmp_path)) == ["class names from same.names"]
    write(tmp_path / "data.yaml", "names: [dog, cat]")
    assert told(names_for(tmp_path)) == [
        "class names from data.yaml",
        "other class names in same.names, classes.txt were not used",
    ]


def test_the_list_that_was_chosen_counts(tmp_path: Path) -> None:
    write(tmp_path / "classes.txt", "cat")
    chosen = write(tmp_path / "other" / "list", "dog")
    names = names_for(tmp_path, Reading(class_names=chosen))
    assert names is not None
    assert names.names == {0: "dog"}
    with pytest.raises(InputError, match="holds no class names"):
        names_for(tmp_path, Reading(class_names=write(tmp_path / "empty", "")))
    with pytest.raises(InputError, match="there is no such file"):
        names_for(tmp_path, Reading(class_names=tmp_path / "none"))


def test_words_that_mean_something_to_yaml_are_names(tmp_path: Path) -> None:
    write(tmp_path / "data.yaml", "names: [no, 1, 2020-01-01, null, 1.50]")
    names = names_for(tmp_path)
    assert names is not None
    assert list(names.names.values()) == ["no", "1", "2020-01-01", "null", "1.50"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("a: &a [1]\nnames: *a", "line 2: holds an alias"),
        ("names:\n  !!python/object/apply:os.system [ls]", "line 2: holds a tag"),
        ("names: [" * 30, "line 1: is nested too deep"),
        ("names: [cat\n", "is no YAML"),
        ("names: 'a\x01b'", "is no YAML"),
        ("- cat", "holds no settings"),
        (b"names: [\xff]", "is not text in UTF-8"),
        ("x: y\n" * 300_000, "is too large"),
    ],
)
def test_a_data_yaml_that_cannot_be_used_is_an_error_with_its_place(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    path = write(tmp_path / "data.yaml", content)
    with pytest.raises(InputError, match=reason) as error:
        names_for(tmp_path)
    assert error.value.path == path


def test_other_yaml_files_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "broken.yaml", "names: [")
    write(tmp_path / "model.yaml", "nc: 3")
    assert names_for(tmp_path) is None


def test_lists_are_no_label_files() -> None:
    assert all(map(is_class_list, ("classes.txt", "a/Classes.TXT", "obj.names", "data.yaml", "x.data")))
    assert not any(map(is_class_list, ("a.txt", "train.txt", "names/a.txt", "yaml")))


def test_padillas_lists_are_found(shared_data: Path) -> None:
    voc = names_for(shared_data / "padilla100" / "dets" / "abs_xywh")
    assert voc is not None
    assert voc.names[14] == "person"
    assert told(voc) == ["class names from ../../voc.names"]
    own = names_for(shared_data / "padilla100" / "gts" / "yolo_format")
    assert own is not None
    assert own.names[0] == "person"
    assert len(own.names) == 20
