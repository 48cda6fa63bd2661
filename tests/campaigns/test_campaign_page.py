"""The page of a campaign: who joined, the rankings, and the share kit."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.campaigns.helpers import START, campaign_of, manager, moment
from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.campaigns import figures, kit
from tori.core import clock
from tori.models.campaigns import CampaignVisit
from tori.models.deeds import DeedStatus
from tori.models.people import Region


def test_the_figures_follow_the_counting_rules(session: Session, make: Factory) -> None:
    make._add(Region(name="Lappi", slug="lappi", code="19"))
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make))
    small = make.organisation("Pieni kunta", municipality_id=make.municipality("Pieni", population=2_000).id)
    large = make.organisation("Iso kunta", municipality_id=make.municipality("Iso", population=100_000).id)
    company = make.organisation("Yhtiö", kind="kuntayhtio")
    for number in range(2):
        make.deed(f"Pienen {number}", organisation_id=small.id, campaign_id=campaign.id, published_at=moment(START))
    for number in range(3):
        make.deed(f"Ison {number}", organisation_id=large.id, campaign_id=campaign.id, published_at=moment(START))
    make.deed("Yhtiön", organisation_id=company.id, campaign_id=campaign.id, published_at=moment(START))
    make.deed("Ison vanha", organisation_id=large.id)
    make.deed("Luonnos", organisation_id=small.id, campaign_id=campaign.id, status=DeedStatus.DRAFT)
    make.deed("Vedetty", organisation_id=small.id, campaign_id=campaign.id, status=DeedStatus.WITHDRAWN)
    found = figures.figures_of(session, campaign, "fi")
    assert (found.deeds, found.organisations, found.newcomers, found.regions) == (6, 3, 2, 1)
    assert list(found.missing_regions) == ["Lappi"]
    assert [row.taker.name for row in figures.ranked(found.takers, lambda taker: taker.deeds)] == [
        "Iso kunta", "Pieni kunta", "Yhtiö",
    ]  # fmt: skip
    per_thousand = figures.ranked(found.takers, lambda taker: taker.per_thousand)
    assert [(row.taker.name, row.value) for row in per_thousand] == [("Pieni kunta", 1.0), ("Iso kunta", 0.03)]
    new = figures.ranked(found.takers, lambda taker: taker.deeds if taker.is_new else None)
    assert [row.taker.name for row in new] == ["Pieni kunta", "Yhtiö"]


def test_a_tie_at_the_end_of_a_ranking_is_not_cut() -> None:
    def taker(number: int, deeds: int) -> figures.Taker:
        return figures.Taker(f"k{number}", f"Kunta {number:02}", "kunta", None, None, None, deeds, False)

    takers = [taker(number, 20 - number) for number in range(9)] + [taker(number, 1) for number in range(9, 14)]
    placed = figures.ranked(takers, lambda row: row.deeds)
    assert len(placed) == 9
    equal = figures.ranked([taker(number, 1) for number in range(3)], lambda row: row.deeds)
    assert [row.place for row in equal] == [1, 1, 1]


def test_the_page_shows_who_joined_and_who_has_not(session: Session, make: Factory, client: FlaskClient) -> None:
    make._add(Region(name="Lappi", slug="lappi", code="19"))
    with clock.frozen(moment(START)):
        campaign = campaign_of(
            manager(make), goal_deeds=85, video_url="https://video.example.org/a", video_text="Kehittäjät kertovat.",
            partners=["KT"], rules="Julkaistu teko lasketaan.", slogan="Laita hyvä kiertämään",
        )  # fmt: skip
        place = make.municipality("Kangasala", code="211")
        make.deed("Mukana", campaign_id=campaign.id, organisation_id=make.organisation(municipality_id=place.id).id)
        page = client.get(f"/en/kampanjat/{campaign.slug}").text
    for words in (
        "1 / 85", "Not yet from these regions", "Lappi", "Kangasala: Joined", "Deeds per 1,000 inhabitants",
        "video.example.org", "Kehittäjät kertovat.", "Julkaistu teko lasketaan.", "Open the share kit",
        "kuva-laaja.png",
    ):  # fmt: skip
        assert words in page, words


def test_the_share_kit_has_texts_pictures_and_counted_links(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        campaign = campaign_of(
            manager(make),
            slogan="Laita hyvä kiertämään",
            hashtags=["#hyväntekijät"],
            sources=["some", "Kuntamarkkinat"],
        )
        page = client.get(f"/kampanjat/{campaign.slug}/jaa").text
        for words in ("#hyväntekijät", f"/k/{campaign.slug}/some", f"/k/{campaign.slug}/kuntamarkkinat"):
            assert words in page, words
        for size, measures in (("laaja", (1200, 630)), ("nelio", (1080, 1080))):
            answer = client.get(f"/kampanjat/{campaign.slug}/kuva-{size}.png")
            assert answer.mimetype == "image/png"
            assert Image.open(BytesIO(answer.data)).size == measures
            etag = answer.headers["ETag"]
            again = client.get(f"/kampanjat/{campaign.slug}/kuva-{size}.png", headers={"If-None-Match": etag})
            assert again.status_code == 304
        assert client.get(f"/kampanjat/{campaign.slug}/kuva-iso.png").status_code == 404
        for _ in range(3):
            answer = client.get(f"/k/{campaign.slug}/kuntamarkkinat")
            assert answer.status_code == 302
            assert answer.headers["Location"].endswith(f"/kampanjat/{campaign.slug}")
            assert "Set-Cookie" not in answer.headers
        client.get(f"/k/{campaign.slug}/keksitty")
        assert client.get("/k/ei-ole/some").status_code == 404
    session.rollback()
    rows = session.scalars(select(CampaignVisit)).all()
    assert [(row.source, row.day, row.count) for row in rows] == [("kuntamarkkinat", START, 3)]
    assert figures.visits_of(session, campaign) == {"some": 0, "kuntamarkkinat": 3}


@pytest.mark.parametrize(("paper", "width"), [("a6", 298), ("a4", 595)])
def test_cards_are_one_page_of_the_right_size_and_hold_the_link(
    session: Session, make: Factory, client: FlaskClient, paper: str, width: int
) -> None:
    campaign = campaign_of(manager(make), slogan="Laita hyvä kiertämään ja jaa tekosi koko Suomen kunnille tänään")
    answer = client.get(f"/kampanjat/{campaign.slug}/kortti-{paper}.pdf")
    assert answer.status_code == 200
    reader = PdfReader(BytesIO(answer.data))
    assert len(reader.pages) == 1
    assert round(float(reader.pages[0].mediabox.width)) == width
    text = reader.pages[0].extract_text()
    assert "hyvä kiertämään" in text.replace("\n", " ")
    assert f"/k/{campaign.slug}/kortti" in text.replace("\n", "")
    assert client.get(f"/kampanjat/{campaign.slug}/kortti-a3.pdf").status_code == 404


def test_the_page_takes_few_queries_with_many_organisations(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    campaign = campaign_of(manager(make))
    for number in range(30):
        make.deed(f"Teko {number}", campaign_id=campaign.id)
    with clock.frozen(moment(START + timedelta(days=2))), counted_queries(app) as statements:
        assert client.get(f"/kampanjat/{campaign.slug}").status_code == 200
    assert len(statements) <= PAGE_BUDGET


def test_the_pace_counts_by_the_finnish_day(session: Session, make: Factory) -> None:
    campaign = campaign_of(manager(make))
    for day, hour in ((0, 9), (0, 21), (2, 9)):
        make.deed("Teko", campaign_id=campaign.id, published_at=moment(START + timedelta(days=day), hour))
    pace = figures.pace_of(session, campaign, START + timedelta(days=3))
    # 21 o'clock UTC is the next day in Finland.
    assert list(pace.by_day) == [1, 2, 3, 3]
    assert (pace.at(0), pace.at(2), pace.at(99)) == (0, 2, 3)


def test_pictures_are_drawn_in_any_european_letters() -> None:
    """A letter that a font lacks is taken from another; one that none has is left out, never drawn as a box."""
    face = kit._heading(40)
    for text in ("Hyvä kiertämään", "Žižkov & Łódź", "Хельсинки, Київ", "Ελλάδα", "Việt Nam", "ẞ–”…€½"):
        assert "".join(piece for _font, piece in face.pieces(text)) == text
    assert "".join(piece for _font, piece in face.pieces("Tori 😀 漢")) == "Tori  "
    assert len({font.path for font, _piece in face.pieces("aŽж")}) == 3
    first, second = (kit.image(f"Дру{letter}ба", "слово", "tori.example", 1200, 630) for letter in "жш")
    assert first != second
    long = kit.image("Monialainen perhekeskus " * 4, "Iskulause näkyy silti", "tori.example", 1200, 630)
    assert long != kit.image("Monialainen perhekeskus " * 4, "", "tori.example", 1200, 630)
