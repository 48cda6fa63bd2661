"""How the square shows elsewhere: previews of deeds, oEmbed, boxes."""

import json
import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.models.deeds import DeedStatus
from tori.web.previews import TITLE_LINES, TITLE_WIDTH, _font, title_lines

HIDDEN = [DeedStatus.DRAFT, DeedStatus.IN_REVIEW, DeedStatus.WITHDRAWN]


def test_a_deed_has_a_picture_of_its_own(make: Factory, client: FlaskClient) -> None:
    first, second = make.deed("Kävelevä palaveri ä ö å"), make.deed("Aivan toinen teko")
    pictures = [client.get(f"/teot/{deed.id}/kuva.png") for deed in (first, second)]
    for answer in pictures:
        assert answer.mimetype == "image/png"
        assert Image.open(BytesIO(answer.data)).size == (1200, 630)
    assert pictures[0].data != pictures[1].data
    again = client.get(f"/teot/{first.id}/kuva.png", headers={"If-None-Match": pictures[0].headers["ETag"]})
    assert again.status_code == 304


def test_a_deed_has_a_square_picture_for_channels_that_want_one(make: Factory, client: FlaskClient) -> None:
    deed = make.deed("Kävelevä palaveri ä ö å", summary="Palaveri kävellen. " * 30)
    answer = client.get(f"/teot/{deed.id}/nelio.png")
    picture = Image.open(BytesIO(answer.data)).convert("L")
    assert picture.size == (1080, 1080)
    assert picture.crop((70, 290, 800, 380)).getextrema()[0] < 60, "no ink where the title stands"
    assert f"/teot/{deed.id}/nelio.png" in client.get(f"/teot/{deed.id}/jaa").text


def test_the_words_are_really_drawn(make: Factory, client: FlaskClient) -> None:
    picture = Image.open(BytesIO(client.get(f"/teot/{make.deed('Teko').id}/kuva.png").data)).convert("L")
    title = picture.crop((60, 180, 600, 290))
    assert title.getextrema()[0] < 60, "no ink where the title stands"


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=120))
def test_any_title_fits_on_its_picture(title: str) -> None:
    size, lines = title_lines(title)
    assert 1 <= len(lines) <= TITLE_LINES
    assert all(_font(size).getlength(line) <= TITLE_WIDTH + size for line in lines)


@pytest.mark.parametrize("status", HIDDEN)
def test_what_is_not_public_shows_nowhere(make: Factory, client: FlaskClient, status: DeedStatus) -> None:
    deed = make.deed("Salainen teko", status=status)
    assert client.get(f"/teot/{deed.id}/kuva.png").status_code in (404, 410)
    assert client.get(f"/teot/{deed.id}/nelio.png").status_code in (404, 410)
    assert client.get(f"/oembed?url=/teot/{deed.id}").status_code in (404, 410)
    assert "Salainen" not in client.get("/upote/teot").text


def test_the_page_of_a_deed_tells_machines_what_it_is(make: Factory, client: FlaskClient) -> None:
    deed = make.deed("Teko </script><b>", organisation_id=make.organisation("Nokian kaupunki").id, adoption_count=3)
    page = client.get(f"/teot/{deed.id}-{deed.slug}").text
    told = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert told
    data = json.loads(told[1])
    assert data["headline"] == "Teko </script><b>"
    assert data["author"]["name"] == "Nokian kaupunki"
    assert data["datePublished"] == "2026-05-04"
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["interactionStatistic"]["userInteractionCount"] == 3
    picture = re.search(r'property="og:image" content="([^"]+)"', page)
    assert picture
    assert client.get("/" + picture[1].split("/", 3)[3]).mimetype == "image/png"
    assert 'name="twitter:card"' in page


def test_a_pasted_link_becomes_a_box(make: Factory, client: FlaskClient) -> None:
    deed = make.deed("Teko & toinen")
    page = client.get(f"/sv/teot/{deed.id}-{deed.slug}").text
    link = re.search(r'application/json\+oembed" href="([^"]+)"', page)
    assert link
    answer = client.get(link[1].replace("&amp;", "&")).get_json()
    assert (answer["version"], answer["type"], answer["title"]) == ("1.0", "rich", "Teko & toinen")
    frame = re.search(r'<iframe src="([^"]+)"', answer["html"])
    assert frame
    assert f"/sv/teot/{deed.id}/upote" in frame[1]
    assert client.get("/" + frame[1].split("/", 3)[3]).status_code == 200
    assert client.get(f"/oembed?url=/t/{deed.id}&maxwidth=300").get_json()["width"] == 300


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 404), ("url=https://evil.example/teot/1", 404), ("url=/kartta", 404), ("url=/teot/999", 404),
     ("url=/teot/1&format=xml", 501)],
)  # fmt: skip
def test_oembed_knows_only_deeds_of_this_square(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/oembed?{query}").status_code == status


def test_boxes_may_stand_anywhere_without_scripts_or_cookies(app: Flask, make: Factory, client: FlaskClient) -> None:
    nokia, akaa = make.organisation("Nokian kaupunki"), make.organisation("Akaan kaupunki")
    make.deed("Nokian teko", organisation_id=nokia.id)
    make.deed("Akaan teko", organisation_id=akaa.id)
    with counted_queries(app) as statements:
        box = client.get(f"/en/upote/teot?organisaatio={nokia.slug}&maara=5")
    assert len(statements) <= PAGE_BUDGET
    assert "Nokian teko" in box.text
    assert "Akaan teko" not in box.text
    count = client.get("/en/upote/laskuri")
    assert "<strong>2</strong> deeds" in count.text
    for answer in (box, count):
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text


def test_the_codes_on_the_page_lead_to_boxes(make: Factory, client: FlaskClient) -> None:
    make.deed("Teko")
    page = client.get("/en/avoin-data").text
    addresses = re.findall(r"(?:src|href)=&#34;http://127.0.0.1:8000([^&#]*/upote[^\s]*?)&#34;", page)
    assert len(addresses) >= 4
    for address in addresses:
        with client.get(address.replace("&amp;amp;", "&").replace("&amp;", "&")) as answer:
            assert answer.status_code == 200, address
