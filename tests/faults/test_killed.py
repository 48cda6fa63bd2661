"""F01, F02, F15: the server and the worker are killed in the middle of publishing. Nothing answered is lost, nothing is
half there, and the index catches up alone."""

import http.client
import json
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.faults.clients import Member
from tests.site import Site

pytestmark = pytest.mark.fault

ROUNDS = 3
CATCH_UP_SECONDS = 60


def publish_until_killed(member: Member, prefix: str, acknowledged: list[str]) -> None:
    for number in range(1000):
        title = f"{prefix} numero {number}"
        try:
            if member.publish(title):
                acknowledged.append(title)
        except (OSError, http.client.HTTPException):
            return


def test_f01_f02_f15_a_kill_loses_nothing_and_leaves_nothing_half(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.start()
    acknowledged: list[str] = []
    try:
        for turn in range(ROUNDS):
            member = Member(site)
            writer = threading.Thread(
                target=publish_until_killed, args=(member, f"Kierros {turn}", acknowledged), daemon=True
            )
            writer.start()
            time.sleep(1.5 + 0.37 * turn)
            site.stop(signal.SIGKILL)
            writer.join(timeout=20)
            site.start()
        assert len(acknowledged) >= ROUNDS
        check_database(tmp_path / "tori.sqlite3", set(acknowledged))
        wait_for_index(site, acknowledged[-1])
    finally:
        site.stop()


def check_database(path: Path, acknowledged: set[str]) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows = connection.execute(
        "SELECT d.title, d.status, d.published_at, d.rendered,"
        " (SELECT count(*) FROM deed_revision r WHERE r.deed_id = d.id),"
        " (SELECT count(*) FROM audit_entry a"
        "  WHERE a.event = 'DeedPublished' AND json_extract(a.data, '$.deed_id') = d.id)"
        " FROM deed d WHERE d.title LIKE 'Kierros %'"
    ).fetchall()
    connection.close()
    assert acknowledged <= {row[0] for row in rows}
    for title, status, published_at, rendered, revisions, audited in rows:
        assert status == "published", title
        assert published_at is not None, title
        assert json.loads(rendered)["implementation"] == f"<p><strong>{title}</strong></p>"
        assert (revisions, audited) == (1, 1), title


def wait_for_index(site: Site, title: str) -> None:
    end = time.monotonic() + CATCH_UP_SECONDS
    while time.monotonic() < end:
        with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)) as connection:
            connection.request("GET", f"/api/v1/deeds?q={quote(title)}")
            items = json.loads(connection.getresponse().read())["items"]
        if any(item["title"] == title for item in items):
            return
        time.sleep(0.5)
    raise AssertionError(f"the index never found {title!r}")
