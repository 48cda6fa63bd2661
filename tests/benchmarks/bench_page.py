"""Times whole pages of results: `python -m tests.benchmarks.bench_page 10000`. Not a test.

A database of SQLite and an index of Whoosh with made-up deeds in a folder of its own; the page is asked through the
application without a network. CPU milliseconds of the thread that answers, each search asked for the first time.
"""

import argparse
import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from tests.benchmarks.bench_search import FREQUENT, NEW_WORDS
from tests.search.benchmark import compounds, made_up
from tori import create_app, wiring
from tori.config import load_config
from tori.core.text import slugify
from tori.database import db
from tori.exchange.seeding import seed
from tori.models.deeds import Deed, DeedStatus, Sector
from tori.models.people import Organisation
from tori.search import indexing
from tori.upgrades import upgrade

SEARCHES = 60


def fill(app: Flask, count: int, new_words: list[str]) -> None:
    """Deeds beside those of the seed content, and an index of all."""
    with app.app_context():
        seed(lambda result: None)
        session = db.session()
        sectors = dict(iter(session.execute(select(Sector.slug, Sector.id))))
        organisations = dict(iter(session.execute(select(Organisation.slug, Organisation.id))))
        rows = [
            {
                "title": deed.title, "slug": slugify(deed.title), "summary": deed.summary, "need": deed.need,
                "implementation": deed.implementation, "results": deed.results, "status": DeedStatus.PUBLISHED,
                "sector_id": sectors[deed.sector], "organisation_id": organisations[deed.organisation],
                "published_at": deed.published_at, "updated_at": deed.published_at + timedelta(days=1),
            }
            for deed in made_up(count, new_words)
        ]  # fmt: skip
        for start in range(0, len(rows), 500):
            session.execute(insert(Deed), rows[start : start + 500])
        session.commit()
        indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    count = parser.parse_args().count
    chance = random.Random(5)
    new_words = compounds(chance, NEW_WORDS)
    with tempfile.TemporaryDirectory() as scratch:
        app = create_app(load_config({}, instance=Path(scratch), secret_key="bench", development=True))
        with app.app_context():
            upgrade()
        fill(app, count, new_words)
        wiring._engines.clear()
        with app.app_context():
            wiring.engine_of(app.extensions["tori"]).warm()
        client = app.test_client()
        client.get("/teot?q=kirjasto")
        kinds = {
            "three words, one rare": [
                " ".join((*chance.sample(FREQUENT, 2), chance.choice(new_words[:3000]))) for _ in range(SEARCHES)
            ],
            "three common words": [" ".join(chance.sample(FREQUENT, 3)) for _ in range(SEARCHES)],
            "one common word": list(FREQUENT),
            "no words": [""] * 20,
        }
        for kind, texts in kinds.items():
            times = []
            for text in texts:
                started = time.thread_time()
                answer = client.get("/teot", query_string={"q": text} if text else {"toimiala": "koko-kunta"})
                times.append((time.thread_time() - started) * 1000)
                assert answer.status_code == 200
            slowest = times.index(max(times)) + 1
            times.sort()
            middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(f"page: {kind}: {middle:.0f} / {high:.0f}, slowest {times[-1]:.0f} at search {slowest}", flush=True)


if __name__ == "__main__":
    main()
