"""Rows written into patterns are those that the macro makes."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from markupsafe import Markup, escape

from tori.deeds.list_rows import MARK, PICK, _html
from tori.deeds.queries import DeedCard

CARD = DeedCard(
    id=7, title="Aamu", url="/teot/7-aamu", summary="Kirjaston <b>aamu</b> & ilta", language="fi",
    sector_slug="koko-kunta", sector_name="Koko kunta", sector_colour="#123456", icon="school",
    organisation_name="Nokian kaupunki", organisation_slug="nokia", place="Nokia", region="Pirkanmaa",
    published_on=date(2026, 1, 31), status="published", adoptions=0, comments=0, is_short=False, is_new=False,
)  # fmt: skip
LANGUAGES = {"fi": "suomi", "sv": "ruotsi", "en": "englanti"}


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        *(replace(CARD, title="Kirjaston <i>aamu</i>"[:length]) for length in range(1, 22)),
        replace(CARD, summary="", region="", published_on=None),
        replace(CARD, organisation_name="", adoptions=1, comments=2, reuse_score=40),
        replace(CARD, language="sv", is_short=True, is_new=True, is_breakthrough=True),
        replace(CARD, image_url="/kuvat/a.webp", image_alt="Kuva & <kehys>"),
    ],
    ids=lambda card: card.title,
)
def test_a_row_is_as_the_macro_makes_it(app: Flask, card: DeedCard) -> None:
    with app.test_request_context("/teot"):
        other = "ruotsi" if card.language == "sv" else ""
        mark = MARK.decode()
        marked = Markup(f"{mark}{escape(card.summary)}{mark}") if card.summary else None
        macros = app.jinja_env.get_template("macros/deeds.html").module
        wanted = macros.deed_row(replace(card, other_language=other, highlights=marked), "h3", PICK)  # type: ignore[attr-defined]
        assert _html(card, "fi", LANGUAGES) == wanted.encode()
