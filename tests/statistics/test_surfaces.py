"""Every published figure is counted once more by another way, and every surface says the same."""

import csv
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.statistics.html_tables import tables_of
from tests.statistics.simulated import NOW, fill
from tests.statistics.slow_path import SlowPath
from tori.core import clock
from tori.database import db
from tori.web.statistics import current_figures
from tori.web.statistics_charts import CHARTS
from tori.web.statistics_tables import TABLES


@pytest.fixture
def slow(app: Flask, session: Session) -> SlowPath:
    fill(session)
    return SlowPath(session, NOW)


def told(client: FlaskClient, path: str) -> Any:
    with clock.frozen(NOW):
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


def cells(client: FlaskClient, name: str) -> list[list[str]]:
    text = told(client, f"/en/tilastot/{name}.csv").text.lstrip("\ufeff")
    return list(csv.reader(StringIO(text), delimiter=";"))[1:]


def divided(rows: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(row["slug"], row["count"], row["percent"]) for row in rows]


def test_the_interface_tells_what_the_rows_say(slow: SlowPath, client: FlaskClient) -> None:
    figures = told(client, "/api/v1/statistics").get_json()
    assert figures["totals"] == slow.totals()
    assert figures["without_region"] == slow.without_region()
    for name in ("by_year", "by_month", "by_region", "by_theme", "spreading", "standings", "questions", "searches"):
        assert figures[name] == getattr(slow, name)(), name
    for name in (
        "by_sector", "by_kind", "by_maturity", "by_size", "by_language", "by_closeness", "by_adoption_status",
    ):  # fmt: skip
        assert divided(figures[name]) == getattr(slow, name)(), name
        assert sum(row["percent"] for row in figures[name]) == 100, name
    assert figures["campaigns"] == slow.campaign_effects()
    assert figures["all_organisations"] == slow.organisations()
    own, (report,) = figures["surveys"][:-1], figures["surveys"][-1:]
    assert [{name: row[name] for name in ("year", "count", "shares")} for row in own] == slow.surveys()
    assert len(own) == 2
    assert (report["year"], report["count"], report["is_from_report"]) == (2020, 91, True)
    shown = len(figures["organisations"]["rows"])
    assert figures["organisations"]["rows"] == slow.organisations()[:shown]
    assert figures["as_of"] == "2026-11-26"
    assert slow.totals()["adoptions"] > 500
    assert slow.questions()["answered"] > 0


def test_small_municipalities_stand_in_the_order_of_their_inhabitants(slow: SlowPath, client: FlaskClient) -> None:
    small = told(client, "/api/v1/statistics").get_json()["small_municipalities"]
    towns = {
        place.slug: slow.towns[place.municipality_id or 0] for place in slow.places.values() if place.municipality_id
    }
    assert small
    assert all(towns[row["slug"]].population < 10_000 for row in small)
    assert [row["per_thousand"] for row in small] == sorted((row["per_thousand"] for row in small), reverse=True)
    assert small[0]["place"] == 1


def test_the_files_hold_the_same_figures(slow: SlowPath, client: FlaskClient) -> None:
    assert cells(client, "vuodet") == [
        [str(row[name]) for name in ("year", "deeds", "total", "per_month", "newcomers", "adoptions")]
        for row in slow.by_year()
    ]
    assert [row[1:] for row in cells(client, "toimialat")] == [[str(a), str(b)] for _, a, b in slow.by_sector()]
    assert [row[1:] for row in cells(client, "vaiheet")] == [[str(a), str(b)] for _, a, b in slow.by_maturity()]
    assert [row[1:] for row in cells(client, "laheisyys")] == [[str(a), str(b)] for _, a, b in slow.by_closeness()]
    assert cells(client, "kuukaudet") == [
        [row["first_day"][:7], str(row["deeds"]), str(row["adoptions"])] for row in slow.by_month()
    ]
    assert cells(client, "maakunnat") == [
        [
            "" if row[name] is None else str(row[name])
            for name in ("name", "deeds", "organisations", "per_thousand", "received", "made")
        ]
        for row in slow.by_region()
    ]
    assert cells(client, "organisaatiot") == [
        [
            "" if row[name] is None else str(row[name])
            for name in ("place", "name", "deeds", "per_thousand", "received", "made", "since")
        ]
        for row in slow.organisations()
    ]
    assert cells(client, "seuranta") == [
        [str(row["month"]), str(row["adoptions"]), str(row["answered"]), *map(str, row["counts"].values())]
        for row in slow.standings()
    ]
    assert cells(client, "kampanjat") == [
        [str(row[name]) for name in ("name", "starts_on", "ends_on", "deeds", "newcomers", "weekly", "weekly_before")]
        for row in slow.campaign_effects()
    ]
    assert [row[:3] for row in cells(client, "kysely")][:2] == [
        [
            str(row["year"]),
            str(row["count"]),
            "" if row["shares"]["interesting"] is None else str(row["shares"]["interesting"]),
        ]
        for row in slow.surveys()
    ]
    key = [row[1] for row in cells(client, "tunnusluvut")]
    spread, asked, sought = slow.spreading(), slow.questions(), slow.searches()
    assert key == [
        str(value)
        for value in (
            *slow.totals().values(), slow.without_region(), spread["confirmed_adoptions"], spread["confirmed_deeds"],
            spread["confirmed_percent"], spread["breakthroughs"], asked["asked"], asked["answered"], asked["percent"],
            sought["made"], sought["found"], sought["found_percent"], sought["opened"],
        )
    ]  # fmt: skip


def test_every_month_is_there_and_makes_the_whole(slow: SlowPath, client: FlaskClient) -> None:
    rows = cells(client, "kaikki-kuukaudet")
    assert sum(int(row[1]) for row in rows) == len(slow.deeds)
    assert rows[-1][0] == "2026-11"
    assert [row[1:] for row in rows[-12:]] == [[str(row["deeds"]), str(row["adoptions"])] for row in slow.by_month()]


def test_the_page_says_the_same(slow: SlowPath, client: FlaskClient) -> None:
    parts = ("", "/aiheet-ja-paikat", "/mallit", "/organisaatiot", "/kampanjat", "/mielipiteet")
    tables = {
        name: rows for part in parts for name, rows in tables_of(told(client, f"/en/tilastot{part}").text).items()
    }
    said = [row for row in tables["What users say, year by year"] if "first square" not in row[0]]
    assert [row[:2] for row in said] == [[str(row["year"]), str(row["count"])] for row in slow.surveys()]
    years = [row for row in tables["Deeds by year"] if "first square" not in row[0]]
    assert years == [
        [
            f"{row['year']}", f"{row['total']:,}", f"{row['deeds']:,}", f"{row['per_month']:.1f}".removesuffix(".0"),
            f"{row['newcomers']}", f"{row['adoptions']:,}",
        ]
        for row in slow.by_year()
    ]  # fmt: skip
    ranking = tables["Organisations with most deeds"]
    assert [row[2] for row in ranking] == [f"{row['deeds']:,}" for row in slow.organisations()[: len(ranking)]]
    assert [row[4:6] for row in ranking] == [
        [f"{row['received']:,}", f"{row['made']:,}"] for row in slow.organisations()[: len(ranking)]
    ]
    standing = tables["Where models stand after six and twelve months"]
    assert [row[1:3] for row in standing] == [[str(row["adoptions"]), str(row["answered"])] for row in slow.standings()]
    assert {row[0]: row[1] for row in tables["Themes over the years"]} == {
        row["name"]: str(row["deeds"]) for row in slow.by_theme()[:12]
    }


def test_the_front_page_the_map_and_the_page_of_an_organisation_agree(slow: SlowPath, client: FlaskClient) -> None:
    front = told(client, "/en/").text
    for value in (slow.totals()["deeds"], slow.totals()["organisations"], slow.totals()["adoptions"]):
        assert f">{value:,}<" in front
    best = slow.organisations()[0]
    page = told(client, f"/en/organisaatiot/{best['slug']}").text
    for name in ("deeds", "received", "made"):
        assert f">{best[name]:,}<" in page


def test_a_number_of_a_chart_leads_to_as_many_deeds(slow: SlowPath, app: Flask, client: FlaskClient) -> None:
    """The list behind a number is counted by conditions of its own."""
    for name in CHARTS:
        _check_links(app, client, name, slow)


def _deeds_told(slow: SlowPath, column: str) -> set[int]:
    """Numbers of deeds of which some taker gives each value."""
    values = {getattr(row, column) for row in slow.adoptions}
    return {len({row.deed_id for row in slow.adoptions if getattr(row, column) == value}) for value in values}


def _check_links(app: Flask, client: FlaskClient, name: str, slow: SlowPath) -> None:
    figures = told(client, "/api/v1/statistics").get_json()
    with clock.frozen(NOW), app.test_request_context("/en/tilastot"):
        chart = CHARTS[name](current_figures(db.session(), "en"))
    assert chart is not None
    counts = {
        "toimialat": "by_sector", "tyypit": "by_kind", "koot": "by_size", "vaiheet": "by_maturity",
        "kielet": "by_language",
    }  # fmt: skip
    by_percent: dict[int, set[int]] = {}
    for row in figures.get(counts.get(name, ""), []):
        by_percent.setdefault(row["percent"], set()).add(row["count"])
    column = {"laheisyys": "closeness", "mallien-tilat": "status"}.get(name)
    deeds = _deeds_told(slow, column) if column else set()
    assert all(row.href for row in chart.rows if row.value), name
    for row in [row for row in chart.rows if row.href][:4]:
        assert row.href is not None
        page = told(client, f"/en{row.href.removeprefix('/en')}").text
        listed = int(page.partition('id="behind-count">')[2].partition(" ")[0].replace(",", ""))
        assert listed in deeds if column else listed == row.value or listed in by_percent.get(int(row.value), set()), (
            row
        )


def test_each_chart_is_a_table_and_a_picture_too(slow: SlowPath, client: FlaskClient) -> None:
    assert set(CHARTS) < set(TABLES)
    for name in CHARTS:
        assert cells(client, name), name
        drawing = told(client, f"/sv/tilastot/{name}.svg")
        assert drawing.mimetype == "image/svg+xml"
        assert "<text" in drawing.text
        picture = told(client, f"/tilastot/{name}.png").data
        assert picture.startswith(b"\x89PNG"), name
        assert len(picture) > 5_000, name
