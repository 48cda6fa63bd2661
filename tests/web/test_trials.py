"""Features on trial: behind a switch, counted, off after their last day."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tori.config import load_config
from tori.core import clock
from tori.core.errors import ConfigurationError
from tori.models.people import Role


def test_a_trial_is_shown_counted_and_off_after_its_last_day(make_app: MakeApp, make: Factory) -> None:
    app = make_app(trials="kuuntele:2026-12-31, poistettu:2026-12-31")
    deed, admin = make.deed("Ääneen luettava"), make.user(role=Role.ADMIN)
    address = f"/en/teot/{deed.id}-{deed.slug}"
    client = app.test_client()
    with clock.frozen(datetime(2026, 12, 31, 9, tzinfo=UTC)):
        assert 'data-listen="/en/kokeilut/kuuntele"' in client.get(address).text
        for _press in range(2):
            assert client.post("/kokeilut/kuuntele").status_code == 204
        assert client.post("/kokeilut/poistettu").status_code == 404
        assert client.get("/hallinta/kokeilut").status_code in (302, 303, 401)
        desk = Browser(app).sign_in(admin)
        page = desk.get("/en/hallinta/kokeilut").text
        row = page.split("<code>kuuntele</code>")[1].split("</tr>")[0]
        assert '<td class="number">2</td><td class="number">2</td><td class="number">1</td>' in row
        assert "poistettu" not in page
    with clock.frozen(datetime(2027, 1, 1, 9, tzinfo=UTC)):
        assert "data-listen" not in client.get(address).text
        assert "listen.js" not in client.get(address).text
        assert client.post("/kokeilut/kuuntele").status_code == 404
        assert "Over" in Browser(app).sign_in(admin).get("/en/hallinta/kokeilut").text


def test_without_trials_nothing_is_tried(make_app: MakeApp, make: Factory) -> None:
    deed = make.deed("Teko")
    client: FlaskClient = make_app(trials="").test_client()
    assert "data-listen" not in client.get(f"/teot/{deed.id}-{deed.slug}").text


def test_a_switch_written_wrong_stops_the_start_and_is_named() -> None:
    with pytest.raises(ConfigurationError, match="TRIALS"):
        load_config({"TRIALS": "kuuntele:ensi vuonna"})
