"""A feed for every list, named by its page."""

import re
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.core import clock
from tori.models.campaigns import Campaign, CampaignKind, Story, StorySeries
from tori.models.deeds import DeedStatus
from tori.models.wishes import Wish
from tori.search import indexing
from tori.web.list_feeds import FEEDS

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def square(app: Flask, session: Session, make: Factory) -> dict[str, Any]:
    """Two municipalities with a deed each; a draft that nobody may see; a wish, a hidden wish, a story, a campaign."""
    nokia, raahe = make.organisation("Nokian kaupunki"), make.organisation("Raahen kaupunki")
    school = make.sector("opetus-ja-kasvatus", "Opetus")
    trial = make.theme("kokeilukulttuuri")
    campaign = Campaign(slug="haaste", name="Haaste", kind=CampaignKind.CHALLENGE, starts_on=date(2026, 5, 1),
                        ends_on=date(2026, 6, 1), is_public=True)  # fmt: skip
    session.add(campaign)
    session.flush()
    make.deed("Kävelykokous", themes=[trial], organisation_id=nokia.id, sector_id=school.id, campaign_id=campaign.id)
    make.deed("Toisen teko", organisation_id=raahe.id, published_at=datetime(2025, 3, 1, tzinfo=UTC))
    make.deed("Salainen", themes=[trial], organisation_id=nokia.id, sector_id=school.id, status=DeedStatus.DRAFT,
              campaign_id=campaign.id)  # fmt: skip
    series = StorySeries(slug="viikon", name="Viikon tekijä", description="", texts={})
    session.add(series)
    session.flush()
    session.add(
        Story(series_id=series.id, slug="eka", kind="article", title="Eka juttu", position=1, published_at=clock.now())
    )
    author = make.user(organisation=nokia)
    for title, hidden in (("Etsin mallia", None), ("Piilotettu", clock.now())):
        session.add(Wish(title=title, slug="toive", body="Kuka tietää?", html="", language="fi", author_id=author.id,
                         organisation_id=nokia.id, hidden_at=hidden))  # fmt: skip
    session.commit()
    indexing.rebuild(session, app.extensions["tori.search"]())
    session.rollback()
    return {"campaign": campaign}


def titles(client: FlaskClient, path: str) -> list[str | None]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    for link in feed.iter(f"{ATOM}link"):
        assert (
            client.get(re.sub(r"^https?://[^/]+", "", str(link.get("href"))), follow_redirects=True).status_code == 200
        )
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


LISTS = {
    "/teot?toimiala=opetus-ja-kasvatus": ["Kävelykokous"],
    "/teot?q=kävelykokous": ["Kävelykokous"],
    "/teot?maakunta=pirkanmaa": ["Kävelykokous", "Toisen teko"],
    "/teemat/kokeilukulttuuri": ["Kävelykokous"],
    "/toimialat/opetus-ja-kasvatus": ["Kävelykokous"],
    "/organisaatiot/raahen-kaupunki": ["Toisen teko"],
    "/kampanjat": ["Haaste"],
    "/kampanjat/haaste": ["Kävelykokous"],
    "/jutut": ["Eka juttu"],
    "/jutut/viikon": ["Eka juttu"],
    "/toiveet": ["Etsin mallia"],
    "/toiveet?tila=vastattu": [],
    "/tilastot/teot?vuosi=2025": ["Toisen teko"],
    "/toplistat": [],
}


@pytest.mark.parametrize("locale", ["", "/sv"])
def test_the_page_of_a_list_names_a_feed_of_the_same_things(
    client: FlaskClient, square: dict[str, Any], locale: str
) -> None:
    for path, wanted in LISTS.items():
        page = client.get(locale + path).text
        feeds = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"', page)
        assert len(feeds) == 2, (path, feeds)
        own = feeds[1].replace("&amp;", "&")
        assert own.startswith(locale)
        assert titles(client, own) == wanted, path
        assert f'href="{feeds[1]}"' in page.partition("<footer")[2]


def test_what_does_not_exist_has_no_feed(client: FlaskClient, square: dict[str, Any]) -> None:
    for path in ("/teemat/x.atom", "/organisaatiot/x.atom", "/toimialat/x.atom", "/kampanjat/x.atom", "/muut/x.atom"):
        assert client.get(path).status_code == 404, path


def test_every_page_of_the_table_is_there(app: Flask) -> None:
    assert set(FEEDS) <= set(app.view_functions)
