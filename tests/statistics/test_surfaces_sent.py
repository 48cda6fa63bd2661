"""What goes out of the service on paper and by mail tells the same figures as the rows."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.digest.helpers import digests, reader, run
from tests.factories import Factory
from tests.statistics.simulated import NOW, fill
from tests.statistics.slow_path import SlowPath
from tori.core import clock
from tori.models.deeds import Deed, DeedStatus
from tori.models.digest import DigestIssue, NewsItem, NewsKind
from tori.models.people import Organisation, Role

YEAR = 2025


@pytest.fixture
def slow(app: Flask, session: Session) -> SlowPath:
    fill(session)
    return SlowPath(session, NOW)


def told(browser: Browser, organisation: Organisation, year: int) -> str:
    with clock.frozen(NOW):
        answer = browser.get(f"/en/organisaatiot/{organisation.slug}/vuosiraportti-{year}.pdf")
    assert answer.status_code == 200
    pages = PdfReader(BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def plain(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def test_the_report_for_the_council(slow: SlowPath, app: Flask, make: Factory) -> None:
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    ranked = [place for row in slow.organisations() for place in slow.places.values() if place.slug == row["slug"]]
    towns = [place for place in ranked if place.kind == "kunta"]
    taken_only = [
        place
        for place in slow.places.values()
        if place not in ranked and any(row.organisation_id == place.id for row in slow.adoptions)
    ]
    assert taken_only, "an organisation that has shared nothing belongs to the comparison"
    for organisation in (towns[0], next(place for place in taken_only if place.kind == "kunta")):
        text = told(editor, organisation, YEAR)
        now, before = slow.year_of(organisation.id, YEAR), slow.year_of(organisation.id, YEAR - 1)
        for words, count, earlier in zip(
            ("Deeds shared", "Times others took our model", "Models taken from others"), now, before, strict=True
        ):
            change = "as many as the year before" if count == earlier else f"{earlier:,} the year before"
            assert f"{words} {count:,} {change}" in text, (organisation.slug, words)
        titles = [
            deed.title
            for deed in slow.deeds
            if deed.organisation_id == organisation.id and deed.published_at and slow.year_in_finland(deed) == YEAR
        ]
        shared = text.partition("What we shared")[2].partition("Who took our models")[0]
        assert all(f"{title} Lyhyesti." in shared for title in titles)
        alike, middles = slow.middle_of_those_alike(organisation.id)
        whole = [sum(slow.year_of(organisation.id, year)[column] for year in range(2015, 2027)) for column in range(3)]
        assert f"There are {alike} others" in text or alike == 1
        assert f"{organisation.name} {' '.join(plain(value) for value in whole)} " in text
        assert f"like us {' '.join(plain(value) for value in middles)}" in text


def test_the_digest_counts_the_deeds_of_its_time(slow: SlowPath, session: Session, make: Factory) -> None:
    """Every deed has its news, those withdrawn since then too; what is told is what counts."""
    rows = session.scalars(select(Deed).where(Deed.published_at.is_not(None))).all()
    assert any(deed.status == DeedStatus.WITHDRAWN for deed in rows)
    session.execute(
        insert(NewsItem),
        [
            {"kind": NewsKind.DEED_PUBLISHED, "key": f"{NewsKind.DEED_PUBLISHED}:{deed.id}", "deed_id": deed.id,
             "created_at": deed.published_at}
            for deed in rows
        ],
    )  # fmt: skip
    session.commit()
    sectors = [3, 6]
    reader(make, NOW - timedelta(days=1_500), email="lukija@example.fi", sector_ids=sectors, locale="en")
    assert run(NOW) == 1
    (mail,) = digests(session)
    issue = session.scalars(select(DigestIssue)).one()
    expected = [
        deed
        for deed in slow.deeds
        if deed.sector_id in sectors and deed.published_at and issue.since < deed.published_at <= issue.until
    ]
    more = re.search(r"And (\d+) more", mail.body_text)
    shown = [deed for deed in expected if f"\n{deed.title}\n" in mail.body_text]
    assert len(shown) + int(more[1] if more else 0) == len(expected) > len(shown) > 0
    others = re.search(r"and (\d+) other deeds", mail.subject)
    assert others
    assert int(others[1]) + 1 == len(expected)
