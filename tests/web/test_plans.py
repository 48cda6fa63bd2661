"""What public pages ask of the database is found by indexes: nothing reads a table that grows from end to end.

The planner is asked, not the clock, so a small database tells it as well as a large one.
"""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.counting import noted_queries
from tori import wiring
from tori.database import db
from tori.search import indexing

GROWING = {
    "adoption", "adoption_member", "browser_session", "comment", "deed", "deed_co_author", "deed_co_organisation",
    "deed_media", "deed_revision", "deed_tag", "deed_theme", "indicator", "material", "notification", "outbox",
    "picture", "reading", "search_log", "thanks", "user", "wish",
}  # fmt: skip
ALLOWED = {
    ("/", "deed"): "the figures of the square; the page is stored",
    ("/sitemap.xml", "deed"): "the list of everything",
    ("/organisaatiot", "deed"): "deeds of each organisation",
    ("/teemat", "deed_theme"): "deeds of each theme",
    ("/api/v1/themes", "deed_theme"): "deeds of each theme",
    ("/api/v1/sectors", "deed"): "deeds of each sector",
    ("/api/v1/tags", "deed_tag"): "deeds of each tag",
    ("/api/v1/organisations", "deed"): "deeds of each organisation",
    ("/tilastot", "*"): "statistics of everything, kept for a while",
    ("/mallinottajat", "*"): "who takes most models: statistics of everything",
    ("/api/v1/statistics", "*"): "statistics of everything, kept for a while",
    ("/tilastot/teot", "deed"): "in the order of an index, as far as the page goes",
}
"""Address and table (or *) -> why all of it is read. Nothing of it is read for a deed, a list or a search."""
NO_PAGES = ("/static", "/healthz", "/readyz", "/hallinta", "/oma", "/tyylit")
SCANS = {"sqlite": re.compile(r"SCAN (\w+)"), "postgresql": re.compile(r"Seq Scan on (\w+)")}


def plan_of(connection: Connection, statement: str, parameters: Any) -> str:
    asked = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(asked + statement, parameters))


def tables_read_whole(connection: Connection, statement: str, parameters: Any) -> set[str]:
    """Also where SQLite makes the pairs of all deeds before it looks at one."""
    names = set(SCANS[connection.dialect.name].findall(plan_of(connection, statement, parameters)))
    # SQLAlchemy numbers its aliases.
    return {re.sub(r"_\d+$", "", name) for name in names}


@pytest.fixture
def addresses(app: Flask, session: Session, make: Factory) -> list[str]:
    theme = make.theme()
    deed = make.deed("Kirjaston aamu", themes=[theme])
    organisation = deed.organisation.slug
    sector = deed.sector.slug
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    session.rollback()
    plain = sorted(
        {
            rule.rule
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith(NO_PAGES)
        }
    )
    return [
        *plain, f"/teot/{deed.id}-{deed.slug}", f"/api/v1/deeds/{deed.id}", f"/teot/{deed.id}/sukupuu",
        "/teot?q=kirjasto", f"/teot?toimiala={sector}&sivu=2", "/teot?q=kirjasto&teema=aivotyo",
        "/api/v1/deeds?updated_since=2026-11-01", f"/organisaatiot/{organisation}", f"/teemat/{theme.slug}",
        f"/toimialat/{sector}", f"/teemat/{theme.slug}.atom", f"/tilastot/teot?teema={theme.slug}",
        f"/toiveet?teema={theme.slug}",
    ]  # fmt: skip


def test_no_public_page_reads_a_table_that_grows_from_end_to_end(
    app: Flask, client: FlaskClient, addresses: list[str]
) -> None:
    faults = set()
    count = 0
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # What is few rows is read whole all the same, unless it must not be.
            connection.exec_driver_sql("SET enable_seqscan = off")
        for address in addresses:
            with noted_queries(app) as asked:
                assert client.get(address).status_code < 500, address
            for statement, parameters in list(asked):
                if not statement.lstrip().startswith(("SELECT", "WITH")):
                    continue
                count += 1
                for table in tables_read_whole(connection, statement, parameters) & GROWING:
                    path = address.partition("?")[0]
                    if not {(path, table), (path, "*")} & set(ALLOWED):
                        faults.add((address, table, statement))
    assert count > 150
    assert not faults, "\n".join(f"{address} reads all of {table}: {text}" for address, table, text in sorted(faults))
