"""What is made once belongs to its application."""

import gc
import weakref
from pathlib import Path

from tests.conftest import TEST_DATABASE_URL
from tori import create_app
from tori.config import load_config
from tori.database import db


def test_an_application_that_nobody_needs_any_more_is_let_go(instance: Path) -> None:
    app = create_app(load_config({}, instance=instance, database_url=TEST_DATABASE_URL, secret_key="test"))
    assert app.test_client().get("/kayttoehdot").status_code == 200
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    gone = weakref.ref(app)
    del app
    gc.collect()
    assert gone() is None
