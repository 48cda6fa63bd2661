"""What becomes of pictures that people send: U01, U02, U05, U07, U08 and the limits."""

import io
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.media import samples
from tori.core.errors import RuleBroken
from tori.media import pictures
from tori.media.pictures import CheckedPicture, check_picture, smaller_sizes

TWO_SECONDS = 2.0


def code_of(data: bytes, name: str = "kuva.png") -> str:
    with pytest.raises(RuleBroken) as caught:
        check_picture(data, name)
    assert caught.value.field == "pictures"
    assert caught.value.values["name"] == name
    return caught.value.code


def opened(picture: CheckedPicture, width: int = 0) -> Image.Image:
    """One of its sizes, the largest unless said."""
    return Image.open(io.BytesIO(picture.sizes[width or max(picture.sizes)]))


def with_all_sizes(picture: CheckedPicture) -> CheckedPicture:
    largest = picture.sizes[max(picture.sizes)]
    return replace(picture, sizes={**smaller_sizes(largest, "kuva"), **picture.sizes})


def test_f32_a_picture_that_needs_more_memory_than_there_is_ends_only_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    narrow = tmp_path / "encoder.py"
    code = pictures._ENCODER.read_text()
    assert "MEMORY_BYTES = 1_200_000_000" in code
    narrow.write_text(code.replace("MEMORY_BYTES = 1_200_000_000", "MEMORY_BYTES = 160_000_000"))
    monkeypatch.setattr(pictures, "_ENCODER", narrow)
    assert code_of(samples.png_claiming(7_000, 5_700)) == "picture_too_heavy"
    assert check_picture(samples.picture_bytes(size=(1, 1)), "piste.png").sizes.keys() == {480}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_is_made_anew_as_webp(kind: str) -> None:
    picture = check_picture(samples.picture_bytes(kind, (2000, 1000)), "kuva")
    assert (picture.width, picture.height) == (1600, 800)
    assert picture.sizes.keys() == {1600}
    picture = with_all_sizes(picture)
    assert {width: opened(picture, width).size for width in picture.sizes} == {
        480: (480, 240), 960: (960, 480), 1600: (1600, 800),
    }  # fmt: skip
    assert all(opened(picture, width).format == "WEBP" for width in picture.sizes)


def test_a_small_picture_is_never_enlarged() -> None:
    picture = check_picture(samples.picture_bytes(size=(700, 350)), "kuva.png")
    assert picture.sizes.keys() == {960}
    picture = with_all_sizes(picture)
    assert {width: opened(picture, width).size for width in picture.sizes} == {480: (480, 240), 960: (700, 350)}
    assert check_picture(samples.picture_bytes(size=(1, 1)), "piste.png").sizes.keys() == {480}


def test_a_very_tall_picture_fits_a_screen() -> None:
    picture = check_picture(samples.picture_bytes(size=(300, 16_000)), "torni.png")
    assert picture.height == 3200
    assert picture.width == 60


def test_u01_text_and_tail_of_a_png_are_gone() -> None:
    picture = check_picture(samples.png_with_a_script(), "kuva.png")
    assert all(b"script" not in data for data in picture.sizes.values())


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"<?php system($_GET['c']);",
        b"%PDF-1.7\n%%EOF",
        b"BM" + bytes(200),
        b"SIMPLE  =                    T" + bytes(3000),
    ],
    ids=["svg", "html", "php", "pdf", "bmp", "fits"],
)
def test_u02_what_is_no_picture_is_refused_by_its_content(data: bytes) -> None:
    assert code_of(data) == "picture_wrong_type"


def test_u02_a_picture_that_is_also_a_script_becomes_a_picture_alone() -> None:
    script = b"GIF89a/*" + samples.picture_bytes("GIF")[8:] + b"*/=1;alert(1)//"
    try:
        sizes = check_picture(script, "kuva.gif").sizes
    except RuleBroken:
        sizes = {}
    assert all(b"alert" not in data for data in sizes.values())


@pytest.mark.parametrize("kind", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\x20\x00\x00\x00WEBP"])
def test_u02_the_head_of_a_picture_alone_is_not_enough(kind: bytes) -> None:
    assert code_of(kind + b"<script>alert(1)</script>" * 20) == "picture_broken"


def test_u05_the_place_and_all_other_metadata_are_gone() -> None:
    picture = check_picture(samples.jpeg_from_a_phone(), "kuva.jpg")
    for width, data in picture.sizes.items():
        image = opened(picture, width)
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        assert samples.SECRET.encode() not in data
        assert b"EXIF" not in data[:64]


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (600, 400), (300, 20)), (3, (600, 400), (300, 380)), (6, (400, 600), (380, 300)), (8, (400, 600), (20, 300))],
)
def test_u05_a_picture_taken_sideways_stands_upright(
    orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    picture = check_picture(samples.jpeg_from_a_phone(orientation), "kuva.jpg")
    assert (picture.width, picture.height) == size
    pixel = opened(picture, max(picture.sizes)).convert("RGB")
    scale = pixel.width / size[0]
    colour = pixel.getpixel((int(red[0] * scale), int(red[1] * scale)))
    assert isinstance(colour, tuple)
    assert colour[0] > 150
    assert colour[2] < 80


def test_broken_metadata_does_not_spoil_a_picture() -> None:
    data = samples.picture_bytes("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)
    assert check_picture(data, "kuva.jpg").sizes


@pytest.mark.parametrize("size", [(60_000, 60_000), (20_000, 20_000), (6_400, 6_400)])
def test_u07_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    start = time.monotonic()
    assert code_of(samples.png_claiming(*size)) == "picture_too_many_pixels"
    assert time.monotonic() - start < TWO_SECONDS


def test_u08_a_cut_file_is_broken() -> None:
    data = samples.picture_bytes("JPEG", (1200, 800), quality=95)
    assert code_of(data[: len(data) // 2]) == "picture_broken"
    assert code_of(samples.picture_bytes("WEBP", (1200, 800))[:60]) == "picture_broken"


def test_u08_of_a_moving_picture_the_first_frame_is_taken() -> None:
    data = samples.gif_with_frames(1000)
    start = time.monotonic()
    picture = check_picture(data, "kuva.gif")
    assert time.monotonic() - start < TWO_SECONDS
    assert getattr(opened(picture), "n_frames", 1) == 1


def test_u06_a_file_over_the_limit_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_run_encoder", lambda *arguments: pytest.fail("opened"))
    assert code_of(samples.picture_bytes() + bytes(pictures.MAX_PICTURE_BYTES)) == "picture_too_large"


def test_an_empty_file_and_a_picture_of_a_new_phone_have_their_own_sentences() -> None:
    assert code_of(b"") == "file_empty"
    assert code_of(b"\0\0\0\x18ftypheic" + bytes(100)) == "picture_heic"


def test_transparency_stays_and_other_colours_become_plain() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (500, 300), (10, 20, 30, 0)).save(file, "PNG")
    assert opened(check_picture(file.getvalue(), "kuva.png")).mode == "RGBA"
    for mode, kind in (("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("I;16", "PNG")):
        file = io.BytesIO()
        Image.new(mode, (500, 300)).save(file, kind)
        assert opened(check_picture(file.getvalue(), "kuva")).mode == "RGB", mode


def test_a_laborious_picture_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WALL_SECONDS", 0.001)
    assert code_of(samples.picture_bytes(size=(3000, 3000))) == "picture_too_heavy"


def test_the_decoder_knows_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def run(command: list[str], **options: object) -> object:
        seen.update(options, command=command)
        raise RuleBroken("seen")

    monkeypatch.setenv("SECRET_KEY", "salaisuus")
    monkeypatch.setattr(pictures.subprocess, "run", run)
    with pytest.raises(RuleBroken, match="seen"):
        check_picture(samples.picture_bytes(), "kuva.png")
    assert seen["env"] == {}
    assert "-I" in seen["command"]  # type: ignore[operator]
