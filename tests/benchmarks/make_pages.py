"""Makes the pages that the worker makes: `TORI_INSTANCE=… python -m tests.benchmarks.make_pages`. Not a test."""

from tori import create_app
from tori.web import ready_pages


def main() -> None:
    ready_pages.MOST_SECONDS = float("inf")
    app = create_app()
    with app.app_context():
        ready_pages.make_ready(app.extensions["tori"])


if __name__ == "__main__":
    main()
