"""Detections as a table with a header."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.errors import CancelledError, InputError
from inspector.readers.formats import detection_format
from inspector.reading import Convention, Reading
from tests.unit.readers.found import read_found, told

PIXELS = [[10.0, 20.5, 30.0, 40.0], [1.0, 2.0, 3.0, 4.0]]


def table(folder: Path, text: str | bytes, name: str = "found.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("header", "corners"),
    [
        ("image,class,score,x,y,w,h", "xywh"),
        ("image_id,category_id,score,left,top,width,height", "xywh"),
        ("Filename,LABEL,Conf,xmin,ymin,xmax,ymax", "xyxy"),
        ("ImageID,LabelName,Confidence,XMin,YMin,XMax,YMax", "xyxy"),
        ("path,name,confidence,x1,y1,x2,y2", "xyxy"),
        ("image path,class name,prob,x0,y0,x1,y1", "xyxy"),
        ("img,category,score,cx,cy,w,h", "cxcywh"),
        ("file_name,label,score,bbox_left,bbox_top,bbox_right,bbox_bottom", "xyxy"),
        ("image,class,score,x center,y center,width,height", "cxcywh"),
    ],
)
def test_columns_are_recognised_by_name(tmp_path: Path, header: str, corners: str) -> None:
    path = table(tmp_path, f"{header}\na.jpg,dog,.88,10,20.5,30,40\nb.jpg,cat,1e-3,1,2,3,4\n")
    found, notes = read_found(path)
    assert found.boxes.tolist() == PIXELS
    assert found.scores.tolist() == [0.88, 0.001]
    assert found.convention == Convention(corners)  # type: ignore[arg-type]
    assert (found.images.names, found.classes.names) == (("a.jpg", "b.jpg"), ("dog", "cat"))
    assert found.image_rows.tolist() == found.class_rows.tolist() == [0, 1]
    assert found.place(1) == "line 3"
    assert not notes


def test_columns_may_stand_in_any_order_and_those_not_used_are_noted(tmp_path: Path) -> None:
    text = "ymax,colour,score,xmin,image,ymin,xmax,class,\n40,red,.5,10,a.jpg,20.5,30,dog,\n"
    found, notes = read_found(table(tmp_path, text))
    assert found.boxes.tolist() == PIXELS[:1]
    assert told(notes) == ["1 column of the table not used colour"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_codings_and_line_ends_do_not_matter(
    tmp_path: Path, separator: str, coding: str, end: str
) -> None:
    lines = ["image,class,score,x,y,w,h", 'ä.jpg,"big dog",0.5,10,20.5,30,40', "", "b.jpg,cat,1,1,2,3,4"]
    text = end.join(lines).replace(",", separator)
    found, notes = read_found(table(tmp_path, text.encode(coding)))
    assert found.boxes.tolist() == PIXELS
    assert found.images.names == ("ä.jpg", "b.jpg")
    assert found.classes.names == ("big dog", "cat")
    assert not notes


@pytest.mark.parametrize(
    "line",
    ['a.jpg,dog,"0,5","10,0","20,5","30,0","40,0"', "a.jpg;dog;0,5;10,0;20,5;30,0;40,0"],
)
def test_decimal_commas_are_read_and_noted(tmp_path: Path, line: str) -> None:
    header = "image,class,score,x,y,w,h".replace(",", ";" if ";" in line else ",")
    found, notes = read_found(table(tmp_path, f"{header}\n{line}\n"))
    assert found.boxes.tolist() == PIXELS[:1]
    assert told(notes) == ["1 line with decimal commas, read as points line 2"]


def test_lines_that_cannot_be_read_are_left_out_and_noted_with_their_place(tmp_path: Path) -> None:
    lines = [
        "image,class,score,x,y,w,h",
        "a.jpg,dog,0.5,10,20.5,30,40",
        "a.jpg,dog,high,10,20.5,30,40",
        "a.jpg,dog,0.5,,20.5,30,40",
        "a.jpg,dog,0.5,1,000,20.5,30,40",
        "a.jpg,dog,0.5",
        "a.jpg,dog,0.5,1_0,20.5,30,40",
        "b.jpg,cat,0.5,1,2,3,4",
    ]
    found, notes = read_found(table(tmp_path, "\n".join(lines)))
    assert found.boxes.tolist() == PIXELS
    assert [found.place(row) for row in (0, 1)] == ["line 2", "line 8"]
    assert notes[0].count == 5
    assert sorted(notes[0].examples) == [
        'line 3: "high" is not a number',
        "line 4: a number is missing",
        "line 5: 8 fields, and 7 in the header",
        "line 6: 3 fields, and 7 in the header",
        'line 7: "1_0" is not a number',
    ]


def test_relative_numbers_are_seen_by_their_content(tmp_path: Path) -> None:
    text = "ImageID,LabelName,Score,XMin,XMax,YMin,YMax\na,/m/01,0.5,0.1,0.3,0.2,0.4\n"
    found, _ = read_found(table(tmp_path, text))
    assert found.convention == Convention("xyxy", relative=True)
    assert found.boxes.tolist() == [[0.1, 0.2, 0.3, 0.4]]


def test_numbers_in_place_of_names_are_ids_and_a_list_gives_their_names(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("cat\ndog\n")
    text = "image_id,class,score,x,y,w,h\n0000139,1.0,0.5,10,20.5,30,40\nabc,0,0.5,1,2,3,4\n"
    found, _ = read_found(table(tmp_path, text))
    assert found.images.ids == (139, "abc")
    assert found.images.names == ("0000139", "abc")
    assert found.classes.ids == (1, 0)
    assert found.classes.names == ("dog", "cat")


def test_ids_and_names_in_columns_of_their_own_are_both_taken(tmp_path: Path) -> None:
    header = "image_id,file_name,class,name,score,x1,y1,x2,y2,width,height"
    text = f"{header}\n7,a.jpg,3,dog,1,10,20.5,30,40,640,480\n"
    found, notes = read_found(table(tmp_path, text))
    assert (found.images.ids, found.images.names) == ((7,), ("a.jpg",))
    assert (found.classes.ids, found.classes.names) == ((3,), ("dog",))
    assert found.sizes is not None
    assert found.sizes.tolist() == [[640, 480]]
    assert not notes


def test_centres_called_x_and_y_are_left_to_the_data(tmp_path: Path) -> None:
    found, _ = read_found(table(tmp_path, "image,class,score,x,y,w,h\na,b,1,10,20.5,30,40\n"))
    assert found.candidates == (Convention("cxcywh"),)
    found, _ = read_found(table(tmp_path, "image,class,score,left,top,w,h\na,b,1,10,20.5,30,40\n"))
    assert not found.candidates


def test_four_numbers_may_stand_in_one_column(tmp_path: Path) -> None:
    lines = ['a,"[10.0, 20.5, 30.0, 40.0]",dog,0.5', 'a,"[1, 2, 3]",dog,0.5', "a,(1 2 3 4),dog,0.5"]
    found, notes = read_found(table(tmp_path, "\n".join(["image_id,bbox,class,score", *lines])))
    assert found.boxes.tolist() == PIXELS
    assert found.convention == Convention()
    assert found.candidates == (Convention("xyxy"), Convention("cxcywh"))
    assert told(notes) == ["1 line left out: cannot be read line 3: a number is missing"]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, "image,class,x,y,w,h\na,b,10,20.5,30,40\n")
    with pytest.raises(
        InputError, match=r"line 1: no column for the score \(score, confidence, conf\) in the"
    ):
        read_found(path, Reading(detections_format="csv"))


def test_a_table_of_which_nothing_can_be_read_is_an_error(tmp_path: Path) -> None:
    path = table(tmp_path, "image,class,score,x,y,w,h\na,b,c,10,20.5,30,40\n")
    with pytest.raises(InputError, match=r'found\.csv: line 2: "c" is not a number'):
        read_found(path)


def test_a_table_without_rows_is_no_error(tmp_path: Path) -> None:
    found, notes = read_found(table(tmp_path, "image,class,score,x,y,w,h\n\n"))
    assert len(found.scores) == 0
    assert told(notes) == ["0 the detections file holds no detections"]


def test_a_quote_that_is_never_closed_is_noted(tmp_path: Path) -> None:
    lines = ["image,class,score,x,y,w,h", "b.jpg,cat,0.5,1,2,3,4", '"a.jpg,dog,1,1,1,1,1'] + [
        "c,d,1,1,1,1,1"
    ] * 9
    found, notes = read_found(table(tmp_path, "\n".join(lines)))
    assert len(found.scores) == 1
    assert notes[0].text == "lines left out: cannot be read"
    assert notes[0].count == 10
    assert notes[0].examples == ("line 3: a quote is not closed",)


def test_an_endless_line_is_an_error(tmp_path: Path) -> None:
    path = table(tmp_path, "image,class,score,x,y,w,h\n" + "a" * 2_000_000)
    with pytest.raises(InputError, match="line 2: is longer than a million characters"):
        read_found(path)


def test_labels_of_open_images_are_no_detections(tmp_path: Path) -> None:
    header = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf"
    with pytest.raises(InputError):
        detection_format(table(tmp_path, f"{header}\n"))


def test_reading_a_long_table_can_be_cancelled(tmp_path: Path) -> None:
    path = table(tmp_path, "image,class,score,x,y,w,h\n" + "a,b,1,10,20.5,30,40\n" * 10_000)
    seen: list[float] = []

    def progress(_stage: str, fraction: float) -> None:
        seen.append(fraction)
        if len(seen) == 2:
            raise CancelledError

    with pytest.raises(CancelledError):
        read_found(path, progress=progress)
    assert 0 < seen[0] < seen[1] < 1
    found, _ = read_found(path)
    assert np.array_equal(found.boxes, np.tile(PIXELS[0], (10_000, 1)))
