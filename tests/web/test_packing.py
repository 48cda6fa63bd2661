"""Static files packed when the service is built, and sent as they were packed."""

import gzip
import os
from pathlib import Path

import brotli
import pytest
from flask import Flask

from tests.conftest import MakeApp
from tori import packing
from tori.edge import page_cache

STYLE = "body { margin: 0 }\n" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "a.css").write_text(STYLE)
    (folder / "small.js").write_text("1")
    (folder / "picture.png").write_bytes(b"x" * 1000)
    return folder


def test_what_gets_smaller_is_packed_both_ways_and_once(folder: Path) -> None:
    assert packing.pack(folder) == 1
    assert brotli.decompress((folder / "a.css.br").read_bytes()).decode() == STYLE
    assert gzip.decompress((folder / "a.css.gz").read_bytes()).decode() == STYLE
    assert {path.name for path in folder.iterdir()} == {"a.css", "a.css.br", "a.css.gz", "small.js", "picture.png"}
    (folder / "a.css.br").write_bytes(b"as it was")
    os.utime(folder / "a.css.br", ns=(0, (folder / "a.css").stat().st_mtime_ns))
    packing.pack(folder)
    assert packing.read(folder / "a.css", "br") == b"as it was"


def test_a_changed_file_is_packed_anew_and_a_removed_one_leaves_nothing(folder: Path) -> None:
    packing.pack(folder)
    (folder / "a.css").write_text(STYLE * 2)
    os.utime(folder / "a.css", ns=(0, 0))
    assert packing.read(folder / "a.css", "gzip") is None
    packing.pack(folder)
    assert gzip.decompress(packing.read(folder / "a.css", "gzip") or b"").decode() == STYLE * 2
    (folder / "a.css").unlink()
    assert packing.pack(folder) == 0
    assert not list(folder.glob("a.css*"))


def test_the_site_sends_what_was_packed_and_packs_nothing(
    app: Flask, make_app: MakeApp, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packing.pack(folder)
    site = make_app(page_cache_mb=1)
    site.static_folder = str(folder)
    monkeypatch.setattr(page_cache, "_packed", None)
    client = site.test_client()
    for accepted, ending in (("gzip", ".gz"), ("gzip, br", ".br")):
        answer = client.get("/static/a.css?v=1", headers={"Accept-Encoding": accepted})
        assert answer.data == (folder / f"a.css{ending}").read_bytes()
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/static/a.css?v=1").text == STYLE
