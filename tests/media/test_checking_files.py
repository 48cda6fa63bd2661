"""What is taken as a file to download: U02, U04, U10 and the limits."""

import io
import zipfile

import pytest

from tests.media import samples
from tori.core.errors import RuleBroken
from tori.media.documents import MAX_FILE_BYTES, check_document, clean_file_name


def code_of(data: bytes, name: str = "ohje.docx") -> str:
    with pytest.raises(RuleBroken) as caught:
        check_document(data, name)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (samples.PDF, "pdf"), (samples.office_file("docx"), "docx"), (samples.office_file("pptx"), "pptx"),
        (samples.office_file("xlsx"), "xlsx"), (samples.open_document("odt"), "odt"),
        (samples.open_document("odp"), "odp"), (samples.open_document("ods"), "ods"),
    ],
    ids=["pdf", "docx", "pptx", "xlsx", "odt", "odp", "ods"],
)  # fmt: skip
def test_the_type_is_what_the_content_is(data: bytes, ending: str) -> None:
    checked = check_document(data, "Ohje kokouksiin.php")
    assert checked.file_name == f"Ohje kokouksiin.{ending}"


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>", b"MZ" + bytes(200), b"PK\x03\x04" + bytes(100),
        samples.archive({"index.html": b"<script>"}), samples.picture_bytes(), b"<svg/>" + samples.PDF,
    ],
    ids=["html", "exe", "half zip", "other zip", "picture", "svg before pdf"],
)  # fmt: skip
def test_u02_other_content_is_refused_whatever_its_name(data: bytes) -> None:
    assert code_of(data, "ohje.pdf") in ("document_wrong_type", "document_broken")


def test_u10_a_bomb_in_a_document_is_refused_unopened() -> None:
    assert code_of(samples.office_file(word__media__x_bin=bytes(200_000_000))) == "document_bomb"


def test_u10_parts_that_lie_upon_each_other_are_a_bomb() -> None:
    data = samples.office_file(word__big_xml=b"x" * 50_000)
    at = data.rfind(b"PK\x01\x02")
    lying = bytearray(data)
    lying[at + 20 : at + 24] = (len(data) * 2).to_bytes(4, "little")
    assert code_of(bytes(lying)) == "document_bomb"


def test_a_table_of_contents_without_end_is_refused() -> None:
    data = samples.archive({f"{number}.xml": b"" for number in range(5_100)}, zipfile.ZIP_STORED)
    assert code_of(data) == "document_bomb"


def test_the_same_name_twice_and_ways_out_are_refused() -> None:
    file = io.BytesIO(samples.office_file())
    with zipfile.ZipFile(file, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("word/document.xml", b"<other/>")
    assert code_of(file.getvalue()) == "document_broken"
    assert code_of(samples.archive({"../../x": b"", "[Content_Types].xml": b""})) == "document_broken"


def test_macros_locked_old_and_cut_files_have_their_own_sentences() -> None:
    assert code_of(samples.office_file(word__vbaProject_bin=b"x")) == "document_macros"
    assert code_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "document_old"
    assert code_of(samples.PDF[:40]) == "document_broken"
    assert code_of(samples.office_file()[:-30]) == "document_broken"
    assert code_of(b"") == "file_empty"
    assert code_of(samples.PDF + bytes(MAX_FILE_BYTES)) == "document_too_large"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../x.pdf", "x"), ("C:\\omat\\ohje.docx", "ohje"), ("a\0b\r\nSet-Cookie: x.pdf", "abSet-Cookie x"),
        ("<img onerror=alert(1)>.pdf", "img onerror=alert(1)"), ("ohje\u202efdp.exe", "ohjefdp"),
        ("ä" * 400 + ".pdf", "ä" * 100), ("...", "liite"), ("", "liite"), ("Työn ohje 2.1.pdf", "Työn ohje 2.1"),
    ],
)  # fmt: skip
def test_u04_names_are_made_harmless(given: str, kept: str) -> None:
    assert clean_file_name(given) == kept
