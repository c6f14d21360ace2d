"""The folder of crops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from inspector.export.handoff import Form, flags_by_image, hand_off
from inspector.export.handoff.crop_picture import boxes_of, picture_of
from inspector.export.handoff.crops import file_name
from inspector.export.handoff.flags import Flag
from inspector.images import ImagePixels
from inspector.refs import Ref
from inspector.review.corrections import corrections
from inspector.review.verdicts import Kind
from tests.unit.export.handoff.conftest import Files, write_street
from tests.unit.review.street import LEFT_CAR, RIGHT_CAR, entry, flag, truth

BLUE, GREEN, VERMILION = (0, 114, 178), (0, 158, 115), (213, 94, 0)


def colours(picture: Image.Image) -> set[tuple[int, ...]]:
    """Which of ours are in it, but for what JPEG changes."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.int64).reshape(-1, 3)
    ours = (BLUE, GREEN, VERMILION)
    return {colour for colour in ours if (np.abs(pixels - colour).max(axis=1) < 12).sum() > 100}


def test_each_flag_has_a_picture_with_its_boxes_and_a_row_in_the_list(files: Files) -> None:
    written = hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    assert (written.flags, written.left_out) == (4, {"the image is not in these files": 1})
    names = sorted(path.name for path in written.path.iterdir())
    assert names == [
        "0001 missing 1.jpg",
        "0002 badly_placed car 1.jpg",
        "0003 wrong_class car 1.jpg",
        "0004 missing car 2.jpg",
        "flags.csv",
    ]
    whole, moved, wrong, missing = (colours(Image.open(written.path / name)) for name in names[:4])
    assert not whole & {BLUE, GREEN, VERMILION}
    assert {BLUE, GREEN, VERMILION} <= moved
    assert {BLUE, VERMILION} <= wrong
    assert VERMILION in missing
    assert BLUE not in missing


def test_small_places_are_enlarged_with_what_is_around_them(files: Files) -> None:
    written = hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    picture = Image.open(written.path / "0004 missing car 2.jpg")
    assert 400 <= picture.width <= 480
    inside = np.array([picture.getpixel((x, x)) for x in (5, picture.width // 2)])
    assert np.abs(inside - 128).max() < 5


def test_images_that_cannot_be_shown_are_counted_with_the_reason(files: Files) -> None:
    folder = files.dataset.image_folder
    assert folder is not None
    (folder / "1.jpg").unlink()
    (folder / "2.jpg").write_bytes(b"")
    written = hand_off(Form.CROPS, files.dataset, files.flagged, files.out)
    assert written.flags == 0
    assert written.left_out["image: the file is empty"] == 1
    assert sum(written.left_out.values()) == 5
    lost = replace(files.dataset, image_folder=None)
    assert (
        hand_off(Form.CROPS, lost, files.flagged, files.out).left_out["image: no image folder was found"] == 4
    )


def test_boxes_beyond_the_image_still_make_a_picture(files: Files) -> None:
    outside = flag(Kind.BADLY_PLACED, right_box=(5000.0, -900.0, 0.0, 0.0))
    written = hand_off(Form.CROPS, files.dataset, files.said({LEFT_CAR: outside}), files.out)
    assert written.flags == 1


def test_names_are_safe_on_every_system_and_never_the_same(files: Files) -> None:
    one = entry(files.dataset, LEFT_CAR, flag(Kind.DUPLICATE))
    odd = replace(
        one, place=replace(one.place, image="a:b\\c/d?e*.f. .jpg", class_name="<CON>|\tx" + "y" * 90)
    )
    name = file_name(7, Flag(odd, None, None, odd.place))
    assert name == f"0007 duplicate CON_x{'y' * 34} d_e_.f.jpg"
    assert not set(name) & set('<>:"/\\|?*\t')
    assert file_name(8, Flag(odd, None, None, odd.place)) != name


def test_letters_beyond_ascii_are_told_apart_in_the_caption(files: Files) -> None:
    def picture(class_name: str) -> bytes:
        one = entry(files.dataset, LEFT_CAR, flag(Kind.SPURIOUS))
        place = replace(one.place, class_name=class_name)
        pixels = ImagePixels((np.full((480, 640, 4), 128, np.uint8),), "")
        return picture_of(pixels, (640, 480), Flag(one, LEFT_CAR, 0, place), ()).tobytes()

    assert picture("ßä") != picture("üñ")


def listed(files: Files, ref: Ref) -> Sequence[Flag]:
    attached = files.said({ref: flag(Kind.DUPLICATE)})
    return flags_by_image(files.dataset, attached, corrections(files.dataset, attached))


def test_a_duplicate_is_shown_with_the_label_that_it_doubles(tmp_path: Path) -> None:
    content = truth()
    content["annotations"].append({**content["annotations"][1], "id": 77, "bbox": [104, 12, 40, 40]})
    files = write_street(tmp_path, content)
    flags = listed(files, RIGHT_CAR)
    drawn = [(item.box, item.text) for item in boxes_of(files.dataset, flags[0])]
    assert ((104.0, 12.0, 40.0, 40.0), "other label: car, annotation 77") in drawn
    alone = listed(files, LEFT_CAR)
    assert not any("other" in item.text for item in boxes_of(files.dataset, alone[0]))
