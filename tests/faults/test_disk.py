"""F04, F05, F06, F37, F40: the disk is full, takes no writing or is not there. Reading goes on; no text is lost."""

import io
import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.conftest import TEST_DATABASE_URL
from tests.faults.clients import Member, Reply, can_mount, fetch, found, processes, wait_until
from tests.faults.conftest import MakeSite
from tests.site import Site


def picture(width: int, height: int, noise: bool = False) -> bytes:
    """With noise it can hardly be packed, so that it is as large as a photograph."""
    file = io.BytesIO()
    made = Image.effect_noise((width, height), 90) if noise else Image.new("RGB", (width, height), "#17805f")
    made.save(file, "PNG")
    return file.getvalue()


pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="starts sites of its own on SQLite"),
]

PAGES = ("/", "/teot", "/teot?q=koulu", "/tilastot", "/kampanjat", "/kirjaudu", "/sv/teot", "/api/v1/deeds")
TEXT = "Tämä teksti ei saa kadota, vaikka levy täyttyisi kesken kirjoittamisen."


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """``mounted("60m")``: a small file system of its own."""
    folders: list[Path] = []

    def mount(size: str) -> Path:
        folder = tmp_path / f"disk-{len(folders)}"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
        folders.append(folder)
        return folder

    if not can_mount(tmp_path / "trial"):
        pytest.skip("needs root and the right to mount, to make a small disk")
    yield mount
    for folder in folders:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, spare: int = 0) -> Path:
    """Writes until the disk is full, then gives back what is asked for."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(65536))
    except OSError:
        pass
    if spare:
        with ballast.open("r+b") as file:
            file.truncate(ballast.stat().st_size - spare)
    return ballast


def check_reading(site: Site, member: Member) -> list[Reply]:
    deed = urlsplit(json.loads(fetch(site, "/api/v1/deeds").text)["items"][0]["url"]).path
    replies = [fetch(site, path) for path in (*PAGES, deed)] + [member.ask("GET", path) for path in PAGES[:3]]
    assert [reply.status for reply in replies] == [200] * len(replies)
    return replies


def check_kept(reply: Reply, status: int, *words: str) -> None:
    """The answer says what is wrong and has the text in a form."""
    assert reply.status == status, reply.text[:2000]
    for word in (TEXT, *words):
        assert word in reply.text
    assert int(reply.headers["retry-after"]) > 0
    assert reply.headers["cache-control"] == "no-store"


def own_deed(member: Member, title: str) -> str:
    reply = member.try_to_publish(title)
    assert reply.status == 303
    return found(r"/teot/(\d+)", reply.headers["location"])


def deeds_called(site: Site, title: str) -> int:
    with closing(sqlite3.connect(site.instance / "tori.sqlite3")) as connection:
        return int(connection.execute("SELECT count(*) FROM deed WHERE title = ?", (title,)).fetchone()[0])


def test_f04_f05_f37_a_full_disk_keeps_reading_and_every_text_and_recovers_alone(
    make_site: MakeSite, mounted: Callable[[str], Path]
) -> None:
    disk = mounted("90m")
    site = make_site(disk / "instance")
    member = Member(site)
    mine = own_deed(member, "Ennen täyttymistä")

    ballast = fill(disk)
    reply = member.try_to_publish("Täydelle levylle", TEXT)
    check_kept(reply, 507, 'value="Täydelle levylle"')
    check_reading(site, member)
    assert "demo" in fetch(site, "/teot?q=kirjasto").text

    def degraded_after_a_try() -> bool:
        # What was noticed is forgotten after a while, and a slow machine takes longer than that for all the reading.
        member.try_to_publish("Täydelle levylle", TEXT)
        return '"degraded"' in fetch(site, "/healthz").text

    wait_until(degraded_after_a_try, 10, "the state after a try to write")
    # The API says it in its own way.
    assert deeds_called(site, "Täydelle levylle") == 0

    # F05: a picture for which there is not room enough leaves neither a row nor a file.
    ballast.unlink()
    assert member.publish("Kun tilaa on taas")
    before = sorted(path.name for path in (site.instance / "uploads").rglob("*-*") if path.is_file())
    ballast = fill(disk, spare=100_000)
    reply = member.upload(f"/teot/{mine}/kuvat", "pictures", "iso.png", picture(1600, 1200, noise=True))
    assert reply.status in (503, 507), reply.text[:1500]
    ballast.unlink()
    with closing(sqlite3.connect(site.instance / "tori.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM picture").fetchone() == (0,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert sorted(path.name for path in (site.instance / "uploads").rglob("*-*") if path.is_file()) == before
    wait_until(lambda: member.publish(f"Taas {time.monotonic()}"), 10, "writing again")
    reply = member.upload(f"/teot/{mine}/kuvat", "pictures", "iso.png", picture(1600, 1200, noise=True))
    assert reply.status == 303
    wait_until(lambda: '"ok"' in fetch(site, "/healthz").text, 5, "health")
    check_uploads_away(site, member, mine)


def test_f06_f40_a_disk_that_takes_no_writing_makes_the_site_read_only(
    make_site: MakeSite, mounted: Callable[[str], Path]
) -> None:
    disk = mounted("90m")
    # F40: nothing of the log can be written all the while.
    site = make_site(disk / "instance", log=Path("/dev/full"), LOG_LEVEL="DEBUG")
    member = Member(site)
    assert member.publish("Vaikka loki on täynnä")
    wait_until(lambda: '"lost_log_lines"' in fetch(site, "/healthz").text, 5, "counting")
    # A second look at the same folder that takes no writing, put over it.
    aside = disk / "aside"
    aside.mkdir()
    subprocess.run(["mount", "--bind", str(site.instance), str(aside)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(aside)], check=True)
    subprocess.run(["mount", "--bind", str(aside), str(site.instance)], check=True)
    subprocess.run(["umount", "--lazy", str(aside)], check=True)
    try:
        for pid in processes(site, "tori-web"):
            # Files that are open stay writable; a new web process finds the disk as it is now.
            subprocess.run(["kill", "-9", str(pid)], check=True)
        # It looks at the disk every few seconds.
        wait_until(lambda: "vain luettavana" in member.ask("GET", "/oma").text, 20, "a new web process that knows")
        replies = check_reading(site, member)
        check_kept(member.try_to_publish("Lukitulle levylle", TEXT), 503)
        assert "demo" in replies[0].text
    finally:
        subprocess.run(["umount", "--lazy", str(site.instance)], check=True)
    wait_until(lambda: member.publish(f"Taas {time.monotonic()}"), 40, "writing again")


def fetch_checks(site: Site) -> dict[str, bool]:
    return {name: check["ok"] for name, check in json.loads(fetch(site, "/readyz").text)["checks"].items()}


def check_uploads_away(site: Site, member: Member, mine: str) -> None:
    # F37: the folder of uploads is gone.
    small = picture(600, 400)
    assert member.upload(f"/teot/{mine}/kuvat", "pictures", "kuva.png", small).status == 303
    with closing(sqlite3.connect(site.instance / "tori.sqlite3")) as connection, connection:
        connection.execute("UPDATE picture SET alt = 'Kuva', has_consent = 1")
        key = connection.execute("SELECT key FROM picture").fetchone()[0]
    assert fetch(site, f"/kuvat/{key}/480.webp").status == 200
    uploads = site.instance / "uploads"
    uploads.rename(site.instance / "elsewhere")
    assert member.ask("GET", f"/teot/{mine}/kuvat").status == 200
    # Under an address that no cache knows.
    stand_in = fetch(site, f"/kuvat/{key}/480.webp?uudelleen")
    assert (stand_in.status, stand_in.headers["content-type"]) == (503, "image/svg+xml; charset=utf-8")
    assert stand_in.headers["cache-control"] == "private, no-store"
    refused = member.upload(f"/teot/{mine}/kuvat", "pictures", "toinen.png", picture(601, 400))
    assert refused.status == 503
    # Nothing was put under the place where the disk belongs.
    assert not uploads.exists()
    assert not fetch_checks(site)["uploads"]
    shutil.move(site.instance / "elsewhere", uploads)
    assert fetch(site, f"/kuvat/{key}/480.webp").status == 200
    assert fetch_checks(site)["uploads"]
