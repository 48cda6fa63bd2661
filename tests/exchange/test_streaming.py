"""Exports begin before everything is read, and hold no more than a batch at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.api import dump
from tori.exchange import exporting, importing, tables
from tori.models.deeds import Adoption, Deed

COUNT = 7
WRITERS = {
    "deeds as lines": (Deed, lambda session: dump.FILES["teot.jsonl"](session, "http://tori.example")),
    "deeds as a table": (Deed, lambda session: dump.FILES["teot.csv"](session, "http://tori.example")),
    "adoptions": (Adoption, lambda session: dump.FILES["mallit.jsonl"](session, "http://tori.example")),
    "the export": (Deed, exporting.export_lines),
}


@contextmanager
def loaded(kind: Any) -> Iterator[list[int]]:
    found: list[int] = []

    def note(row: Any, context: Any) -> None:
        found.append(row.id)

    event.listen(kind, "load", note)
    try:
        yield found
    finally:
        event.remove(kind, "load", note)


@pytest.fixture
def deeds(session: Session, make: Factory) -> None:
    taker = make.organisation("Kemin kaupunki")
    for number in range(COUNT):
        deed = make.deed(f"Kirjaston aamu {number}", external_id=f"aamu-{number}")
        day = deed.published_at
        session.add(Adoption(deed_id=deed.id, organisation_id=taker.id, created_at=day, updated_at=day))
    session.commit()
    session.expunge_all()


@pytest.mark.parametrize("name", WRITERS)
def test_an_export_gives_its_first_lines_before_it_has_read_the_last(
    app: Flask, session: Session, deeds: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(dump, "BATCH", 2)
    monkeypatch.setattr(exporting, "BATCH", 2)
    monkeypatch.setattr(tables, "batches", lambda ids: importing.batches(ids, 2))
    kind, write = WRITERS[name]
    with app.test_request_context(), loaded(kind) as rows:
        lines = write(session)
        first = [next(lines), next(lines)]
        assert all(first)
        assert 0 < len(set(rows)) <= 4
        rest = list(lines)
    assert len(set(rows)) == COUNT
    assert len(first) + len(rest) >= COUNT
    session.rollback()
