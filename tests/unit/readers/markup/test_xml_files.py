"""XML as it comes from anywhere: read without looking at anything else, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.errors import CancelledError, InputError
from inspector.progress import no_progress
from inspector.readers.markup.xml_files import children, read_xml, root_name

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE a [
 <!ENTITY lol "lol">
 <!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
]>
<a>&lol1;</a>"""
QUADRATIC = f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]>\n<a>{"&x;" * 50_000}</a>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % remote SYSTEM "http://127.0.0.1:9/x.dtd"> %remote;]><a/>'
ATTRIBUTES = '<!DOCTYPE a [<!ATTLIST a b CDATA "made up">]><a/>'


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "file.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def both_ways(path: Path) -> list[InputError]:
    """What both ways of reading answer."""
    errors = []
    with pytest.raises(InputError) as error:
        read_xml(path)
    errors.append(error.value)
    with pytest.raises(InputError) as error:
        list(children(path, "a", ["b"], no_progress, ""))
    return [*errors, error.value]


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        QUADRATIC,
        PARAMETER,
        ATTRIBUTES,
        LAUGHS.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"),
        "<!-- <!DOCTYPE a> --><?x ?>" + LAUGHS.partition("\n")[2],
    ],
)
def test_declarations_in_the_document_type_are_refused_with_their_line(
    tmp_path: Path, content: str | bytes
) -> None:
    for error in both_ways(written(tmp_path, content)):
        assert "declarations inside the document type" in error.reason
        assert error.location.startswith("line ")


@pytest.mark.parametrize("where", ["file", "http"])
def test_a_document_type_that_lies_elsewhere_is_never_fetched(tmp_path: Path, where: str) -> None:
    (tmp_path / "outside.dtd").write_text('<!ENTITY secret "secret">')
    address = (tmp_path / "outside.dtd").as_uri() if where == "file" else "http://127.0.0.1:9/outside.dtd"
    path = written(tmp_path, f'<!DOCTYPE a SYSTEM "{address}">\n<a><b>text</b></a>')
    assert [child.text for child in read_xml(path)] == ["text"]
    assert [child.text for child in children(path, "a", ["b"], no_progress, "")] == ["text"]


@pytest.mark.parametrize("content", ["<a>&secret;</a>", '<a b="&secret;"/>'])
def test_an_entity_of_a_document_type_elsewhere_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "outside.dtd").write_text('<!ENTITY secret "secret">')
    address = (tmp_path / "outside.dtd").as_uri()
    errors = both_ways(written(tmp_path, f'<!DOCTYPE a SYSTEM "{address}">\n{content}'))
    for error in errors:
        assert "an entity that is not part of XML itself" in error.reason
        assert error.location == "line 2"


def test_depth_and_length_have_limits(tmp_path: Path) -> None:
    for content in ("<a>" * 100_000, "<a>" * 100_000 + "</a>" * 100_000, f"<a>{'x' * 11_000_000}</a>"):
        for error in both_ways(written(tmp_path, content)):
            assert "too deep, or a text too long" in error.reason


def test_nothing_is_included(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("secret")
    include = '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="other.txt" parse="text"/></a>'
    assert "secret" not in "".join(read_xml(written(tmp_path, include)).itertext())


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "holds no XML element", 1),
        (b"hello", "is not XML", 1),
        (b"<a>\n<b>", "the file ends within an element", 2),
        (b"<a>\n<b></a>", "an element ends that is not the last one begun", 2),
        (b"<a/>\n<c/>", "more behind the end of the root element", 2),
        (b"<a>\n\xff</a>", "a byte that is not UTF-8", 2),
        (b"<a>\0</a>", "a character that XML does not allow", 1),
        (b'<?xml version="1.0" encoding="zip"?><a/>', 'the encoding "zip" is not known', 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, content: bytes, reason: str, line: int) -> None:
    for error in both_ways(written(tmp_path, content)):
        assert reason in error.reason
        assert error.location == f"line {line}"


@pytest.mark.parametrize(
    "content",
    [
        "<a><b>\u00e4</b></a>".encode(),
        b"\xef\xbb\xbf" + "<a><b>\u00e4</b></a>".encode(),
        '<?xml version="1.0" encoding="UTF-16"?><a><b>\u00e4</b></a>'.encode("utf-16"),
        "<a><b>\u00e4</b></a>".encode("utf-16-be"),
        '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>\u00e4</b></a>'.encode("latin-1"),
        # written as UTF-8 by a program that copied the declaration
        '<?xml version="1.0" encoding="utf-16"?>\r\n<a><b>\u00e4</b></a>'.encode(),
    ],
)
def test_encodings_by_mark_and_by_declaration(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    assert root_name(path) == "a"
    assert [child.text for child in read_xml(path)] == ["\u00e4"]
    assert [child.text for child in children(path, "a", ["b"], no_progress, "")] == ["\u00e4"]


def test_text_that_is_not_in_its_encoding_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, b'<?xml version="1.0" encoding="shift_jis"?><a>\x81</a>')
    for error in both_ways(path):
        assert error.reason == "is not text in the encoding that it declares"


def test_only_the_roots_own_children_are_given(tmp_path: Path) -> None:
    path = written(tmp_path, '<a><c><b n="0"/></c><b n="1"><b n="2"/></b><b n="3"/></a>')
    assert [child.get("n") for child in children(path, "a", ["b"], no_progress, "")] == ["1", "3"]


def test_another_root_element_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="<c>"):
        list(children(written(tmp_path, "<c><b/></c>"), "a", ["b"], no_progress, ""))


def test_many_children_take_no_more_memory_than_few(tmp_path: Path) -> None:
    path = tmp_path / "file.xml"
    with path.open("w") as file:
        file.write("<a>")
        for _ in range(40):
            file.write('<b n="1"><d/></b><c>other</c>\n' * 2000)
        file.write("</a>")
    count, most = 0, 0
    for child in children(path, "a", ["b"], no_progress, ""):
        parent = child.getparent()
        assert parent is not None
        if count % 5_000 == 0:
            most = max(most, len(parent))
        count += 1
    assert count == 80_000
    assert most < 10_000


def test_a_long_file_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(_stage: str, fraction: float) -> None:
        if fraction > 0.5:
            raise CancelledError

    path = written(tmp_path, "<a>" + '<b n="1"/>\n' * 300_000 + "</a>")
    with pytest.raises(CancelledError):
        list(children(path, "a", ["b"], cancel, ""))
