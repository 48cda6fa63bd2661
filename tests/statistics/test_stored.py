"""The figures that the worker keeps in the database."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.statistics.simulated import NOW, fill
from tests.web.counting import counted_queries
from tori import statistics
from tori.config import Config
from tori.core import clock
from tori.database import transaction
from tori.models.operations import Setting
from tori.notifications.changes import bump_content_version
from tori.statistics.stored import keep_ready, stored_figures

READ_AT_MOST = 2


@pytest.fixture
def config(app: Flask, session: Session) -> Config:
    fill(session)
    found: Config = app.extensions["tori"]
    with clock.frozen(NOW):
        keep_ready(found)
    return found


def test_what_is_stored_is_what_is_counted(config: Config, session: Session) -> None:
    with clock.frozen(NOW):
        for locale in ("fi", "sv", "en"):
            stored = stored_figures(session, locale)
            assert stored is not None
            assert stored[1] == statistics.figures(session, locale)


def test_a_new_process_reads_and_does_not_count(config: Config, app: Flask, session: Session) -> None:
    with clock.frozen(NOW + timedelta(minutes=5)), counted_queries(app) as queries:
        found = statistics.kept_figures({}, session, "fi")
    assert found.counted_at == NOW
    assert len(queries) <= READ_AT_MOST


def test_a_change_or_time_makes_them_old_for_readers_and_the_worker(config: Config, session: Session) -> None:
    def counted_at(minutes: int) -> timedelta:
        with clock.frozen(NOW + timedelta(minutes=minutes)):
            return statistics.kept_figures({}, session, "sv").counted_at - NOW

    assert counted_at(9) == timedelta(0)
    assert counted_at(10) == timedelta(minutes=10)
    with clock.frozen(NOW + timedelta(minutes=1)):
        keep_ready(config)
    assert counted_at(2) == timedelta(0)
    with transaction() as writing:
        bump_content_version(writing)
    assert counted_at(2) == timedelta(minutes=2)
    with clock.frozen(NOW + timedelta(minutes=3)):
        keep_ready(config)
    assert counted_at(4) == timedelta(minutes=3)


def test_figures_of_another_shape_are_counted_anew(config: Config, session: Session) -> None:
    row = session.get_one(Setting, "figures:fi")
    row.value = {**row.value, "figures": {**row.value["figures"], "totals": {"deeds": 1}}}
    session.commit()
    with clock.frozen(NOW):
        assert stored_figures(session, "fi") is None
        assert statistics.kept_figures({}, session, "fi").totals.deeds > 1
