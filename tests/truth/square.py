"""A square whose kept and stored pages are compared with pages made anew after every change."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime
from difflib import unified_diff
from types import CodeType, FrameType
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori import wiring
from tori.core import clock
from tori.core.text import slugify
from tori.database import FINISHERS, _writing, db, is_writing, transaction
from tori.deeds.content import DeedContent
from tori.edge.page_cache import PageCache
from tori.models.campaigning import Award
from tori.models.campaigns import Campaign, Story, TopList
from tori.models.deeds import PUBLIC_STATUSES, Deed, DeedStatus, Theme
from tori.models.editorial import GuidePage, Newsletter
from tori.models.operations import IndexTask, OutboxMail
from tori.models.people import Organisation, Role
from tori.models.tags import TagKind
from tori.models.wishes import PartnerCall, Wish
from tori.notifications import reads
from tori.notifications.changes import quick_stamps, stamps
from tori.policy import Actor
from tori.search import indexing

NOW = datetime(2026, 9, 10, 9, tzinfo=UTC)
TITLES = ("Kokous kävellen", "Kokous seisten", "Kokous ulkona", "Kokous etänä")
FIXED = (
    "/", "/sv/", "/teot", "/api/v1/deeds", "/en/teot?q=kokous", "/sv/teot?teema=arki", "/teot.atom", "/teemat",
    "/organisaatiot", "/toimialat/koko-kunta", "/organisaatiot/nokian-kaupunki", "/sv/organisaatiot/kemin-kaupunki",
    "/toplistat", "/jutut", "/kampanjat", "/viikon-tekijat", "/palkinnot", "/toiveet", "/oppaat", "/en/saavutettavuus",
    "/uutiskirjeet", "/tilastot", "/kartta.svg", "/sitemap-1.xml", "/api/v1/organisations", "/api/v1/tags",
)  # fmt: skip
"""Pages that no driver makes, in one language or another."""

NEWEST: tuple[tuple[str, Any, Any], ...] = (
    ("/kampanjat/", Campaign.slug, Campaign.id), ("/toplistat/", TopList.slug, TopList.id),
    ("/oppaat/", GuidePage.slug, GuidePage.id), ("/teemat/", Theme.slug, Theme.id),
    ("/organisaatiot/", Organisation.slug, Organisation.id), ("/palkinnot/", Award.key, Award.id),
    ("/kumppanit/", PartnerCall.id, PartnerCall.id), ("/uutiskirjeet/", Newsletter.id, Newsletter.id),
)  # fmt: skip
OF_CAMPAIGN = ("tulokset", "aanesta", "raportti")
STORED, NONE = re.compile(r"(/sv)?/(teot/\d+-.*)?$"), re.compile("$^")
"""Pages that ``edge/stored.py`` keeps while others change."""
TURNS = int(os.environ.get("TRUTH_TURNS", "5"))
"""After a change that makes all kept pages old, a fifth of the pages is compared, another one each time; after one
that no page tells of, every page. TRUTH_TURNS=1 compares every page always."""
MOST_UNTOLD = 8

T = TypeVar("T")


class Square:
    """Four deeds that name each other, people of two organisations, and two applications on one database: one keeps
    all that may be kept, the other nothing. ``do`` makes one change and compares every page."""

    def __init__(self, app: Flask, fresh: Flask, make: Factory) -> None:
        self.app, self.make, self.session = app, make, make.session
        self.config = app.extensions["tori"]
        self.kept, self.fresh = app.test_client(), fresh.test_client()
        self._fresh_app = fresh
        cache = app.extensions["tori.reading_limits"].wsgi
        assert isinstance(cache, PageCache)
        self._cache = cache
        self.driven: set[CodeType] = set()
        self.changes = 0
        self._untold: list[str] = []
        """Changes since the pages were last compared: those that no page was to tell of."""
        self._watched: list[str] = []
        self._problem: AssertionError | None = None
        self._fill()

    def _fill(self) -> None:
        make = self.make
        self.home, self.away = make.organisation("Nokian kaupunki"), make.organisation("Kemin kaupunki")
        self.theme = make.theme("arki")
        self.tags = [
            make.tag(kind, name)
            for kind, name in zip(TagKind, ("vanhukset", "aika", "opettajat", "kriisi", "kysely"), strict=True)
        ]
        self.author = self.person("Torin tekijä", self.home)
        self.reader = self.person("Torin lukija", self.away)
        self.editor, self.manager, self.admin = (
            self.person(role, None, role=role) for role in (Role.EDITOR, Role.CAMPAIGN_MANAGER, Role.ADMIN)
        )
        self.deeds = [
            make.deed(
                title, themes=[self.theme], author_id=self.author.id, organisation_id=self.home.id, external_id=title,
                related=[other for other in TITLES if other != title],
            )
            for title in TITLES
        ]  # fmt: skip
        self._is_looking = False
        self.deed, self.other = self.deeds[:2]
        self.first = self.deed.id
        indexing.rebuild(self.session, wiring.engine_of(self.config))
        self.session.rollback()

    def person(self, name: str, organisation: Organisation | None, **values: Any) -> Actor:
        return Actor(self.make.user(f"{slugify(name)}@example.org", organisation, display_name=name, **values))

    def content(self, title: str, **values: Any) -> DeedContent:
        words = "Palaveri pidetään kävellen."
        return DeedContent(
            **{"title": title, "summary": words, "organisation": self.home, "sector": self.make.sector(),
               "themes": (self.theme,), **values}
        )  # fmt: skip

    def draft(self, title: str, **values: Any) -> Deed:
        """A draft that no driver made."""
        owner = {"author_id": self.author.id, "organisation_id": self.home.id}
        return self.make.deed(title, status=DeedStatus.DRAFT, **{**owner, **values})

    def do(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """One change by a function that takes the session."""

        def change() -> T:
            with transaction() as rows:
                return verb(rows, *arguments, **named)

        change.__qualname__ = f"{verb.__module__}.{verb.__name__}"
        return self.runs(change)

    def runs(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """One change by a function that commits by itself."""
        result = self._change(verb, *arguments, **named)
        if self.session.scalar(select(func.count()).select_from(IndexTask)):
            self.session.rollback()
            self.finish()
            self._change(wiring.queues(self.config)[2].drain, self.config)
        self.session.rollback()
        return result

    def _change(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        self._before = quick_stamps(db.engine)
        FINISHERS.append(self._before_commit)
        try:
            with self._noting():
                result = verb(*arguments, **named)
        finally:
            FINISHERS.remove(self._before_commit)
        if self._problem:
            # Raised in the middle of a change, the worker would take it for a fault of the change and go on.
            raise self._problem
        self.changes += 1
        self._untold.append(verb.__qualname__)
        after = quick_stamps(db.engine)
        if after.content > self._before.content or len(self._untold) >= MOST_UNTOLD:
            self._compare()
        self.session.rollback()
        return result

    def _before_commit(self, session: Session) -> None:
        """Readers still see the state before. A change that no page tells of must meet every page kept, one that leaves
        some stored must meet these; and what went before must be looked at."""
        if self._is_looking:
            # A page that was looked at has noted something of its own.
            return
        # What is noted last would not be seen: the counters are asked for past the session.
        session.flush()
        told = stamps(session)
        if told.content == self._before.content:
            if not self._untold:
                self._in_the_state_before(lambda: self._keep(self._all()))
            return
        if self._untold:
            self._in_the_state_before(self._compare)
        self._watched = []
        if told.pages == self._before.pages:
            self._in_the_state_before(lambda: self._keep(self._in_turn(STORED)))

    def _in_the_state_before(self, look: Callable[[], None]) -> None:
        def apart() -> None:
            _writing.set(False)
            look()

        with _profile(None):
            self._is_looking = True
            try:
                copy_context().run(apart)
            finally:
                self._is_looking = False

    def _keep(self, addresses: list[str]) -> None:
        self._watched = addresses
        for address in self._watched:
            self.kept.get(address)

    def _all(self) -> list[str]:
        return [*FIXED, *self._newest()]

    def _in_turn(self, always: re.Pattern[str] = NONE) -> list[str]:
        turn = self.changes % TURNS
        return [path for n, path in enumerate(self._all()) if n % TURNS == turn or always.match(path)]

    def finish(self) -> None:
        """Looks now, after changes that no page was to tell of, before another takes back what they did."""
        if self._untold:
            self._compare()

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Another time. What is kept grows old by itself when the day changes, not by a change."""
        self.finish()
        with clock.frozen(moment):
            self._forget()
            yield
            self.finish()
        self._forget()

    def _forget(self) -> None:
        self._cache._pages.clear()
        self._cache._size = 0

    def secret(self, event: str, pattern: str = r"/([\w.-]{30,})\s") -> str:
        """The first secret in the newest mail of the kind."""
        self.session.rollback()
        newest = select(OutboxMail).where(OutboxMail.event == event).order_by(OutboxMail.id.desc()).limit(1)
        found = re.findall(pattern, self.session.scalars(newest).one().body_text)
        assert found, event
        self.session.rollback()
        return str(found[0])

    def newest(self, model: type[T]) -> T:
        return self.session.scalars(select(model).order_by(model.id.desc()).limit(1)).one()  # type: ignore[attr-defined]

    def _compare(self) -> None:
        with self._fresh_app.app_context():
            reads.forget(db.engine)
        if self.changes % TURNS == 0:
            self._fresh_app.extensions["tori.frame"].cache_clear()
        for address in self._watched or self._in_turn():
            kept, true = self.kept.get(address), self.fresh.get(address)
            if "public" in true.headers["Cache-Control"] and (kept.status_code, kept.data) != (
                true.status_code,
                true.data,
            ):
                what = " or ".join(self._untold)
                self._problem = AssertionError(f"After {what} {address} is old:\n{_difference(kept.text, true.text)}")
        self._untold.clear()
        if self._problem and not is_writing():
            raise self._problem

    def _newest(self) -> list[str]:
        """Of the rows that there are by now, whether or not a visitor may see them."""
        with Session(db.engine) as rows:
            public = select(Deed.id, Deed.slug).where(Deed.status.in_(PUBLIC_STATUSES)).order_by(Deed.id.desc())
            pages = [f"/teot/{deed_id}-{slug}" for deed_id, slug in rows.execute(public.limit(2))]
            page = f"/teot/{self.first}-kokous-kavellen"
            found = [*pages, page, f"/sv{page}", f"/teot/{self.first}/leviaminen"]
            for start, column, number in NEWEST:
                found += [f"{start}{slug}" for slug in rows.scalars(select(column).order_by(number.desc()).limit(1))]
            found += [f"{path}/{part}" for path in found if path.startswith("/kampanjat/") for part in OF_CAMPAIGN]
            for story in rows.scalars(select(Story).order_by(Story.id.desc()).limit(1)):
                found.append(f"/jutut/{story.series.slug}/{story.slug}")
            found += [f"/toiveet/{row.id}-{row.slug}" for row in rows.scalars(select(Wish).limit(2))]
        return found

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Notes which functions of the service run."""

        def note(frame: FrameType, event: str, argument: object) -> None:
            if event == "call":
                self.driven.add(frame.f_code)

        with _profile(note):
            yield


@contextmanager
def _profile(function: Callable[[FrameType, str, object], None] | None) -> Iterator[None]:
    before = sys.getprofile()
    sys.setprofile(function)
    try:
        yield
    finally:
        sys.setprofile(before)


def _difference(kept: str, true: str) -> str:
    return "\n".join(list(unified_diff(kept.splitlines(), true.splitlines(), "kept", "true", lineterm="", n=0))[:12])
