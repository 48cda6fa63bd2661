"""Small made-up deeds and every engine filled with them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.conftest import TEST_DATABASE_URL
from tori.config import load_config
from tori.search.analysis import analyser
from tori.search.engine import BaseEngine
from tori.search.finnish import voikko_problem
from tori.search.memory_engine import MemoryEngine
from tori.search.port import DeedDocument
from tori.search.postgresql_engine import PostgresqlEngine
from tori.search.whoosh_engine import WhooshEngine

MakeEngine = Callable[[], BaseEngine]


def deed(number: int, title: str, summary: str = "", **values: Any) -> DeedDocument:
    """A document with plain values; later numbers are newer."""
    plain: dict[str, Any] = {
        "sector": "koko-kunta",
        "sector_names": ("Koko kunta", "Hela kommunen", "Whole municipality"),
        "organisation": "nokian-kaupunki",
        "organisation_names": ("Nokian kaupunki", "", ""),
        "municipality": "Nokia",
        "municipality_names": ("Nokia",),
        "region": "pirkanmaa",
        "region_names": ("Pirkanmaa", "Birkaland"),
        "year": 2020 + number % 3,
        "published_at": datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number),
    }
    return DeedDocument(id=number, title=title, summary=summary, **{**plain, **values})


KUHMO = {
    "organisation": "kuhmon-kaupunki", "organisation_names": ("Kuhmon kaupunki", "", ""), "municipality": "Kuhmo",
    "municipality_names": ("Kuhmo",), "region": "kainuu", "region_names": ("Kainuu", "Kajanaland"),
}  # fmt: skip
SCHOOL = {"sector": "opetus-ja-kasvatus", "sector_names": ("Opetus ja kasvatus", "Undervisning och fostran", "")}
WELL = {
    "themes": ("tyohyvinvointi",),
    "theme_names": ("Työhyvinvointi", "Välbefinnande i arbetet", "Well-being at work"),
}
DIGITAL = {"themes": ("digitalisaatio",), "theme_names": ("Digitalisaatio", "Digitalisering", "Digitalisation")}

DEEDS = [
    deed(1, "Työhyvinvoinnin vuosikello", "Lähijohto suunnittelee jaksamista tukevat teot vuodeksi.", **WELL),
    deed(2, "Päiväkodin aamuhetki", "Varhaiskasvatuksen väki aloittaa päivän yhdessä.", **SCHOOL, **KUHMO, **WELL),
    deed(3, "Kirjaston digiloikka", "Kirjasto siirsi palvelunsa verkkoon viikossa.", **DIGITAL, adoptions=12),
    deed(4, "Esihenkilöt valmentavat", "Valmentava johtaminen otettiin käyttöön kaikissa yksiköissä.", **KUHMO),
    deed(5, "Koulun välitunnit liikkeelle", "Oppilaat suunnittelivat välituntien tekemistä.", **SCHOOL, adoptions=3),
    deed(6, "Kotihoito etäyhteydellä", "Hoitaja tapaa asiakkaan ruudun välityksellä.", **DIGITAL, **KUHMO),
    deed(
        7, "Sote-uudistus tutuksi", "Henkilöstö oppii uudistuksen pelien avulla.", body="Lautapeli syntyi työpajassa."
    ),
    deed(8, "Biblioteket öppet dygnet runt", "Invånarna lånar böcker när de vill.", language="sv", **DIGITAL),
    deed(9, "Pelisäännöt keittiöön", "Kouluruokailun väki sopi työnsä säännöistä.", **SCHOOL),
    deed(10, "Kuljettajat ideoivat", "Bussinkuljettajat kokeilivat taukoliikuntaa.", lessons="Aloita pienestä."),
]


@pytest.fixture(params=["memory", "whoosh", "postgresql"])
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> MakeEngine:
    """Makes an empty engine of each kind; that of PostgreSQL when the tests have such a database."""
    if request.param == "memory":
        return MemoryEngine
    if request.param == "postgresql":
        database = request.getfixturevalue("index_database")
        return lambda: PostgresqlEngine(database)
    return lambda: WhooshEngine(tmp_path / "index")


@pytest.fixture
def index_database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A PostgreSQL database whose index is empty."""
    if not TEST_DATABASE_URL.startswith("postgresql"):
        pytest.skip("TEST_DATABASE_URL is not PostgreSQL")
    request.getfixturevalue("migrated")
    database = create_engine(load_config({}, database_url=TEST_DATABASE_URL).database)
    with database.begin() as connection:
        connection.execute(text("TRUNCATE tori_search.document, tori_search.posting, tori_search.word"))
        connection.execute(text("UPDATE tori_search.state SET build = NULL, earlier_build = NULL, is_building = false"))
    yield database
    database.dispose()


@pytest.fixture
def engine(make_engine: MakeEngine) -> BaseEngine:
    """Each engine, filled with `DEEDS`."""
    made = make_engine()
    made.rebuild(DEEDS)
    return made


@pytest.fixture
def whoosh(tmp_path: Path) -> WhooshEngine:
    made = WhooshEngine(tmp_path / "whoosh")
    made.rebuild(DEEDS)
    return made


@pytest.fixture(params=["voikko", "packaged"])
def chain(request: pytest.FixtureRequest) -> str:
    """Each chain of Finnish analysis that is installed."""
    if request.param == "voikko" and voikko_problem():
        pytest.skip("Voikko is not installed")
    analyser(request.param)
    return str(request.param)
