"""Limits hold for all processes together, live through a restart, and say how long to wait."""

from datetime import timedelta

from tests.conftest import PASSWORD, Browser, MakeApp
from tests.factories import Factory
from tori.core import clock


def test_r01_guesses_are_counted_by_all_processes_together_and_across_restarts(
    make_app: MakeApp, make: Factory
) -> None:
    user = make.user()
    make.session.rollback()
    start = clock.now().replace(minute=1, second=0, microsecond=0)
    with clock.frozen(start):
        statuses = []
        for number in range(12):
            if number % 4 == 0:
                process = Browser(make_app())
            statuses.append(process.post("/kirjaudu", {"email": user.email, "password": f"väärä {number}"}).status_code)
        refused = process.post("/kirjaudu", {"email": user.email, "password": PASSWORD})
    assert statuses == [422] * 10 + [429] * 2
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(14 * 60)
    assert "14 minuutin" in refused.text
    with clock.frozen(start + timedelta(minutes=15)):
        assert process.post("/kirjaudu", {"email": user.email, "password": PASSWORD}).status_code == 303
