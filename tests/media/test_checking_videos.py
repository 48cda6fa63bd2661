"""Videos known by their content, and captions whose mistakes are told by their line."""

import contextlib
import io

import pytest

from tests.media import samples
from tori.core.errors import RuleBroken
from tori.media.captions import MAX_BYTES, check_captions
from tori.media.movies import CheckedVideo, check_video, forget_places


def checked(data: bytes, megabytes: int = 1) -> CheckedVideo:
    return check_video(io.BytesIO(data), "video.mp4", megabytes)


def test_what_browsers_play_is_taken_whatever_it_is_called() -> None:
    assert checked(samples.WEBM) == CheckedVideo("video/webm", 64, 36, 1)
    assert checked(samples.mp4_bytes()) == CheckedVideo("video/mp4", 640, 360, 12)
    assert checked(samples.mp4_bytes(turn=1)).height == 640, "a phone held upright"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"MZ" + bytes(500), "video_wrong_type"),
        (b"<html><script>alert(1)</script>", "video_wrong_type"),
        (samples.picture_bytes(), "video_wrong_type"),
        (samples.PDF, "video_wrong_type"),
        (samples.mp4_bytes(brand=b"qt  "), "video_wrong_type"),
        (samples.WEBM.replace(b"webm", b"matr", 1), "video_wrong_type"),
        (samples.mp4_bytes(codec=b"hvc1"), "video_codec"),
        (samples.WEBM.replace(b"V_VP8", b"V_XYZ", 1), "video_codec"),
        (samples.mp4_bytes(handler=b"soun"), "video_without_picture"),
        (samples.mp4_bytes()[:-1], "video_broken"),
        (samples.mp4_bytes()[:100], "video_broken"),
        (samples.WEBM[:60], "video_broken"),
        (samples.WEBM[:200], "video_broken"),
        (samples.box(b"ftyp", b"isom") + b"\0\0\0\1moov" + b"\xff" * 8, "video_broken"),
        (samples.box(b"ftyp", b"isom", samples.box(b"mdat")) + b"\0\0\0\x00moov" * 90, "video_broken"),
        (samples.mp4_bytes() * 2, "video_broken"),
        (b"\x1aE\xdf\xa3" + b"\xff" * 50, "video_wrong_type"),
        (samples.mp4_bytes() + samples.box(b"free", bytes(1_000_000)), "video_too_large"),
    ],
)  # fmt: skip
def test_what_is_no_video_for_all_is_refused_with_the_reason(data: bytes, code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        checked(data)


def test_any_cut_and_any_flipped_byte_gives_an_answer() -> None:
    """Whatever is sent, the answer is a checked video or a sentence, never an error of ours."""
    for whole in (samples.mp4_bytes()[:700], samples.WEBM[:500]):
        for at in range(len(whole)):
            for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
                with contextlib.suppress(RuleBroken):
                    file = io.BytesIO(data)
                    forget_places(file, check_video(file, "video", 1).media_type)


def test_where_it_was_filmed_is_taken_out_and_nothing_else_moves() -> None:
    before = samples.mp4_bytes()
    assert samples.PLACE in before
    file = io.BytesIO(before)
    forget_places(file, "video/mp4")
    after = file.getvalue()
    assert samples.PLACE not in after
    assert len(after) == len(before)
    assert checked(after) == checked(before)


def test_captions_come_out_as_they_should_be() -> None:
    words = (
        "\ufeffWEBVTT - Kampanja\r\n\r\nNOTE\r\nKäännös: tori\r\n\r\nSTYLE\r\n::cue { color: white }\r\n\r\nalku\r\n"
        "00:00:01.000 --> 00:00:02.500 align:start\r\n<v Kertoja>Hei!\r\nToinen rivi\r\n\r\n"
        "01:02.000 --> 01:03.000\r\nLoppu"
    )
    found = check_captions(words.encode())
    assert found.cues == 2
    assert found.data.startswith(b"WEBVTT - Kampanja\n\nNOTE\n")
    assert b"\r" not in found.data


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "no_header", None),
        ("1\n00:00:01,000 --> 00:00:02,000\nSubRip\n", "no_header", None),
        ("WEBVTTI\n\n00:01.000 --> 00:02.000\nHei\n", "no_header", None),
        ("WEBVTT\n\nNOTE tyhjää\n", "none", None),
        ("WEBVTT\n00:01.000 --> 00:02.000\nHei\n", "no_gap", 2),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nHei\n", "bad_time", 3),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\nHei\n", "bad_time", 3),
        ("WEBVTT\n\nHei\nvaan\n", "bad_time", 3),
        ("WEBVTT\n\n1\n00:01.000 --> 00:02.000\nHei\n\n2\n00:03.000->00:04.000\nMoi\n", "bad_time", 7),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nHei\n", "ends_early", 3),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nHei\n\n00:01.000 --> 00:02.000\nMoi\n", "order", 6),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:03.000 --> 00:04.000\nMoi\n", "no_text", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<b> </b>\n", "no_text", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHei\n00:03.000 --> 00:04.000\nMoi\n", "no_gap", 5),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHe\0i\n", "not_utf8", 4),
    ],
)
def test_a_mistake_in_the_captions_is_told_by_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(RuleBroken, match=f"captions_{code}") as caught:
        check_captions(text.encode())
    assert caught.value.values.get("line") == line


def test_captions_of_another_encoding_or_without_end_are_refused() -> None:
    with pytest.raises(RuleBroken, match="captions_not_utf8") as caught:
        check_captions("WEBVTT\n\n00:01.000 --> 00:02.000\nHyvä\n".encode("latin-1"))
    assert caught.value.values["line"] == 4
    with pytest.raises(RuleBroken, match="captions_too_large"):
        check_captions(b"WEBVTT\n" + b"\n" * MAX_BYTES)
