"""A site of made-up deeds to measure: database, index, comments, themes and adoptions in a folder of its own."""

import random
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select, text, update

from tests.benchmarks.bench_search import NEW_WORDS
from tests.search.benchmark import compounds, made_up
from tori import create_app, wiring
from tori.config import load_config
from tori.core.text import render_markdown, slugify
from tori.database import db, transaction
from tori.deeds import alike
from tori.exchange.seeding import seed
from tori.models.deeds import Comment, Deed, DeedStatus, Sector, Theme, deed_theme
from tori.models.people import Organisation
from tori.notifications.changes import bump_content_version
from tori.search import indexing
from tori.upgrades import upgrade

READY = "ready"
AT_ONCE = 500
COMMENTS = (0, 1, 3, 8)
"""Each as often as the others: three to a deed on the average."""
PARTS = ("need", "implementation", "results")


def made_site(folder: Path, count: int) -> Path:
    """The instance folder with about ``count`` deeds, those of the seed content among them. Made once."""
    if not (folder / READY).exists():
        folder.mkdir(parents=True, exist_ok=True)
        app = create_app(load_config({}, instance=folder, secret_key="bench"))
        with app.app_context():
            upgrade()
            seed(lambda result: None)
            own = db.session.scalar(select(func.count(Deed.id))) or 0
            _add_deeds(app, max(0, count - own))
            engine = wiring.engine_of(app.extensions["tori"])
            indexing.rebuild(db.session(), engine)
            while alike.find_due(db.session(), engine):
                pass
            with transaction() as session:
                bump_content_version(session)
                # Without figures of the tables the planner of SQLite guesses badly after an import.
                session.execute(text("ANALYZE"))
            db.session.remove()
            db.engine.dispose()
        wiring._engines.clear()
        (folder / READY).touch()
    return folder


def _add_deeds(app: Flask, count: int) -> None:
    chance = random.Random(7)
    with transaction() as session:
        sectors = dict(iter(session.execute(select(Sector.slug, Sector.id))))
        organisations = dict(iter(session.execute(select(Organisation.slug, Organisation.id))))
        themes = list(session.scalars(select(Theme.id)))
        first = (session.scalar(select(func.max(Deed.id))) or 0) + 1
        rows, theme_rows, comments = [], [], []
        for number, deed in enumerate(made_up(count, compounds(random.Random(5), NEW_WORDS)), first):
            rows.append({
                "id": number, "title": deed.title, "slug": slugify(deed.title), "summary": deed.summary,
                "need": deed.need, "implementation": deed.implementation, "results": deed.results,
                "rendered": {part: str(render_markdown(getattr(deed, part))) for part in PARTS},
                "status": DeedStatus.PUBLISHED, "sector_id": sectors[deed.sector],
                "organisation_id": organisations[deed.organisation], "published_at": deed.published_at,
                "updated_at": deed.published_at + timedelta(days=1),
            })  # fmt: skip
            theme_rows += [{"deed_id": number, "theme_id": theme} for theme in chance.sample(themes, 3)]
            comments += [
                {
                    "deed_id": number,
                    "body": deed.summary[:300],
                    "html": f"<p>{deed.summary[:300]}</p>",
                    "created_at": deed.published_at + timedelta(days=2),
                }
                for _ in range(chance.choice(COMMENTS))
            ]
            if len(rows) == AT_ONCE:
                _write(session, rows, theme_rows, comments)
        _write(session, rows, theme_rows, comments)
        said = select(func.count()).where(Comment.deed_id == Deed.id).scalar_subquery()
        session.execute(update(Deed).where(Deed.id >= first).values(comment_count=said))


def _write(session, rows, theme_rows, comments) -> None:  # type: ignore[no-untyped-def]
    for table, made in ((Deed, rows), (deed_theme, theme_rows), (Comment, comments)):
        if made:
            session.execute(insert(table), made)
        made.clear()
