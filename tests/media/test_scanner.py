"""The virus scanner: a server that speaks as clamd does."""

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media import samples
from tori.core.errors import RuleBroken
from tori.media.scanner import refuse_infected

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    broken = False

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        if self.broken:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in data:
            self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "clamd.sock"
    server = socketserver.ThreadingUnixStreamServer(str(path), Clamd)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield str(path)
    server.shutdown()
    thread.join()
    server.server_close()


def test_u11_a_file_with_a_virus_is_refused_and_a_clean_one_taken(clamd: str) -> None:
    refuse_infected(samples.PDF * 5_000, "ohje.pdf", clamd)
    with pytest.raises(RuleBroken, match="file_infected") as caught:
        refuse_infected(io.BytesIO(bytes(200_000) + EICAR), "video.mp4", clamd, "video")
    assert caught.value.field == "video"
    with pytest.raises(RuleBroken, match="file_infected"):
        refuse_infected(samples.PDF + b"x" * 200_000 + EICAR, "ohje.pdf", clamd)


def test_u11_a_scanner_that_is_stopped_or_says_something_else_lets_nothing_in(
    clamd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for away in (str(tmp_path / "ei-ole.sock"), "127.0.0.1:1"):
        with pytest.raises(RuleBroken, match="scanner_away"):
            refuse_infected(samples.PDF, "ohje.pdf", away)
    monkeypatch.setattr(Clamd, "broken", True)
    with pytest.raises(RuleBroken, match="scanner_away"):
        refuse_infected(samples.PDF, "ohje.pdf", clamd)


def test_u11_without_a_scanner_nobody_is_asked() -> None:
    refuse_infected(EICAR, "ohje.pdf", "")


def test_u11_the_pages_of_files_ask_the_scanner(
    make_app: object, make: object, session: object, tmp_path: Path
) -> None:
    from sqlalchemy import select

    from tests.conftest import Browser
    from tests.media.test_pages import send_file
    from tori.models.media import Attachment

    organisation = make.organisation("Nokian kaupunki")  # type: ignore[attr-defined]
    author = make.user(organisation=organisation)  # type: ignore[attr-defined]
    deed = make.deed("Teko", author_id=author.id, organisation_id=organisation.id)  # type: ignore[attr-defined]
    app = make_app(clamd=str(tmp_path / "ei-ole.sock"))  # type: ignore[operator]
    browser = Browser(app).sign_in(author)
    answer = send_file(browser, deed.id, (samples.PDF, "ohje.pdf"))
    assert "ohje.pdf" in answer.text
    session.rollback()  # type: ignore[attr-defined]
    assert session.scalars(select(Attachment)).all() == []  # type: ignore[attr-defined]
