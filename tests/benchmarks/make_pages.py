"""Makes what the worker makes for readers: `TORI_INSTANCE=… python -m tests.benchmarks.make_pages`. Not a test."""

from tori import create_app, wiring
from tori.database import db
from tori.deeds import alike
from tori.web import ready_pages


def main() -> None:
    ready_pages.MOST_SECONDS = float("inf")
    app = create_app()
    config = app.extensions["tori"]
    with app.app_context():
        while alike.find_due(db.session(), wiring.engine_of(config)):
            pass
        ready_pages.make_ready(config)


if __name__ == "__main__":
    main()
