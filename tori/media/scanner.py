"""Asks a virus scanner (clamd) about files, where the operator has set one up. Without its word nothing is taken."""

import io
import socket
import struct
from pathlib import Path
from typing import BinaryIO

from tori.core.errors import RuleBroken

TIMEOUT_SECONDS = 20
CHUNK = 65_536
FIELD = "files"


def refuse_infected(data: bytes | BinaryIO, name: str, clamd: str, field: str = FIELD) -> None:
    """``clamd`` is the path of its socket, or ``host:port``; empty asks nobody.

    Raises RuleBroken("file_infected"), and RuleBroken("scanner_away") when the scanner does not answer: it fails
    closed, so that a stopped scanner opens no door.
    """
    if not clamd:
        return
    try:
        answer = _ask(io.BytesIO(data) if isinstance(data, bytes) else data, clamd)
    except (OSError, ValueError) as error:
        raise RuleBroken("scanner_away", field, name=name) from error
    if answer.endswith("FOUND"):
        raise RuleBroken("file_infected", field, name=name)
    if not answer.endswith("OK"):
        raise RuleBroken("scanner_away", field, name=name)


def _ask(file: BinaryIO, clamd: str) -> str:
    """The protocol of clamd: INSTREAM, pieces with their length before them, an empty piece, one line of answer."""
    with _connect(clamd) as link:
        link.sendall(b"zINSTREAM\0")
        file.seek(0)
        while piece := file.read(CHUNK):
            link.sendall(struct.pack(">I", len(piece)) + piece)
        link.sendall(struct.pack(">I", 0))
        answer = b""
        while piece := link.recv(1_000):
            answer += piece
    return answer.decode(errors="replace").strip("\0\n ")


def _connect(clamd: str) -> socket.socket:
    host, _, port = clamd.rpartition(":")
    if host and port.isdigit() and not Path(clamd).exists():
        return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(TIMEOUT_SECONDS)
    try:
        link.connect(clamd)
    except OSError:
        link.close()
        raise
    return link
