"""Who reads and writes in the drill of load: the pages asked for, the members who write, those who get the digest."""

import itertools
import random
import sqlite3
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote_plus

from sqlalchemy import insert, select

from tests.faults.clients import Member
from tests.site import DEMO_PASSWORD, Site
from tori import create_app
from tori.accounts.passwords import hash_password
from tori.config import load_config
from tori.core import clock
from tori.database import db, transaction
from tori.models.deeds import Sector
from tori.models.digest import DigestIssue, NewsItem, NewsKind, Rhythm, Subscriber
from tori.models.people import Membership, Organisation, User
from tori.search.words import words

MEMBERS = 40
READERS_OF_THE_DIGEST = 2000
NEWS = 30
HANDS, PER_SECOND = 4, 2
"""So many write at once, and so many writes a second together: 5 of 100 requests at 40."""
TURN = ("publish", *["comment"] * 4, *["thank"] * 7, *["autosave"] * 8)
"""What is written, in turns. One in twenty makes old what every page shows."""
MIX = 20_000
TALKED_OF = 300
FINE = {200, 303, 429}


def asked_for(place: Path) -> list[str]:
    """35 parts lists and searches, 45 deeds, 15 interface. Deeds as people read them: a few very often, most rarely."""
    chance = random.Random(3)
    with sqlite3.connect(f"file:{place}/tori.sqlite3?mode=ro", uri=True) as rows:
        deeds = rows.execute("SELECT id, slug, title FROM deed WHERE status = 'published' ORDER BY id DESC").fetchall()
        sectors = [slug for (slug,) in rows.execute("SELECT slug FROM sector")]
        themes = [slug for (slug,) in rows.execute("SELECT slug FROM theme")]
    chance.shuffle(deeds)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(deeds) + 1)))
    read = [f"/teot/{number}-{slug}" for number, slug, _ in chance.choices(deeds, cum_weights=weights, k=MIX)]
    said = [words(title) for *_, title in chance.sample(deeds, min(len(deeds), 2000))]

    def sought() -> str:
        return quote_plus(" ".join(chance.choice(said)[: chance.choice((1, 2))]))

    def listed() -> str:
        kind = chance.random()
        if kind < 0.5:
            return f"/teot?q={sought()}"
        if kind < 0.7:
            return f"/teot?toimiala={chance.choice(sectors)}&sivu={chance.randint(1, 5)}"
        if kind < 0.8:
            return f"/teot?teema={chance.choice(themes)}"
        return chance.choice(("/", "/teot", "/teot?sivu=2", "/tilastot"))

    makers = [listed, lambda: next(deed), lambda: f"/api/v1/deeds?per_page=20&q={sought()}"]
    deed = iter(read)
    kinds = chance.choices(makers, (35, 45, 15), k=MIX)
    return [make() for make in kinds]


def settle(place: Path) -> None:
    """Adds those who write, and readers of the digest whose issue is not due yet, to a site that does not run."""
    app = create_app(load_config({}, instance=place, secret_key="load"))
    password, now = hash_password(DEMO_PASSWORD), clock.now()
    with app.app_context():
        with transaction() as session:
            sectors = list(session.scalars(select(Sector.id)))
            homes = list(session.scalars(select(Organisation.id).limit(MEMBERS)))
            for number in range(MEMBERS):
                user = User(
                    email=address_of(number), display_name=f"Kuormittaja {number}", password_hash=password,
                    confirmed_at=now, trusted_at=now,
                )  # fmt: skip
                user.memberships.append(Membership(organisation_id=homes[number % len(homes)]))
                session.add(user)
            session.execute(
                insert(Subscriber),
                [
                    {
                        "email": f"lukija{number}@example.org", "key": f"lukija{number}", "rhythm": Rhythm.WEEKLY,
                        "created_at": now, "confirmed_at": now, "told_until": now + timedelta(days=30),
                        "sector_ids": sectors,
                    }
                    for number in range(READERS_OF_THE_DIGEST)
                ],
            )  # fmt: skip
        db.session.remove()
        db.engine.dispose()


def make_digest_due(place: Path) -> None:
    """Every reader of the digest has two weeks to be told of."""
    with sqlite3.connect(place / "tori.sqlite3", timeout=20) as rows:
        newest = rows.execute("SELECT id FROM deed WHERE status = 'published' ORDER BY id DESC LIMIT ?", (NEWS,))
        since, then = (f"{clock.now() - timedelta(days=days):%Y-%m-%d %H:%M:%S.%f}" for days in (15, 14.5))
        rows.executemany(
            f"INSERT INTO {NewsItem.__tablename__} (kind, key, deed_id, created_at) VALUES (?, ?, ?, ?)",
            [(NewsKind.DEED_PUBLISHED, f"load:{number}", number, then) for (number,) in newest.fetchall()],
        )
        rows.execute(f"UPDATE {Subscriber.__tablename__} SET told_until = ?", (since,))
    rows.close()


def digests_written(place: Path) -> int:
    with sqlite3.connect(f"file:{place}/tori.sqlite3?mode=ro", uri=True) as rows:
        return int(rows.execute(f"SELECT count(*) FROM {DigestIssue.__tablename__}").fetchone()[0])


def address_of(number: int) -> str:
    return f"kuormittaja{number}@example.org"


class Writers:
    """Members who publish, comment, thank and save drafts in turns. ``took`` are the seconds of each answer."""

    def __init__(self, site: Site, place: Path) -> None:
        with sqlite3.connect(f"file:{place}/tori.sqlite3?mode=ro", uri=True) as rows:
            found = rows.execute("SELECT id FROM deed WHERE status = 'published' LIMIT ?", (TALKED_OF,))
            self.deeds = [number for (number,) in found]
        # Each from an address of its own, as people are.
        self.members = [
            Member(site, address_of(number), {"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(MEMBERS)
        ]
        self.turns = itertools.count()
        self.took: list[float] = []
        self.answers: Counter[str] = Counter()
        self.failed: list[str] = []

    def write(self, stop: threading.Event) -> None:
        """One hand of several: each takes the next turn."""
        while not stop.wait(HANDS / PER_SECOND):
            number = next(self.turns)
            act, member = TURN[number % len(TURN)], self.members[number % len(self.members)]
            began = time.monotonic()
            try:
                status = self._write(act, member, number)
            except OSError as error:
                self.failed.append(f"{act}: {error!r}")
                continue
            self.took.append(time.monotonic() - began)
            self.answers[f"{act} {status}"] += 1
            if status not in FINE:
                self.failed.append(f"{act}: {status}")

    def _write(self, act: str, member: Member, number: int) -> int:
        deed = self.deeds[number % len(self.deeds)]
        if act == "publish":
            return member.try_to_publish(f"Kuormitus {number}").status
        if act == "thank":
            return member.ask("POST", f"/teot/{deed}/kiita", {"csrf_token": member.token}).status
        if act == "comment":
            data = {"csrf_token": member.token, "body": f"Kommentti {number}", "kind": "comment"}
            return member.ask("POST", f"/teot/{deed}/kommentit", data).status
        # The same draft again and again, as people write: nobody may have more than some begun at a time.
        data = {
            "csrf_token": member.token, "form_number": f"luonnos{number % len(self.members)}",
            "sequence": str(number + 1), "title": f"Luonnos {number}", "summary": "Kesken vielä. " * 20,
        }  # fmt: skip
        return member.ask("POST", "/teot/uusi/automaattitallennus", data).status
