"""Whatever is changed by whichever function of the service: no kept page differs from the page made anew."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import MakeApp
from tests.factories import Factory
from tests.truth import deeds, editing, people, talk
from tests.truth.square import NOW, Square
from tests.truth.writing import FEATURES, writing_functions
from tori.core import clock
from tori.database import db

Story = Callable[[Square], None]

CHAPTERS: dict[str, tuple[tuple[str, ...], list[Story]]] = {
    "deeds": (
        ("deeds", "media"),
        [
            deeds.writing,
            deeds.reviewing,
            deeds.together_,
            deeds.taking_up,
            deeds.planning,
            deeds.typing,
            deeds.pictures,
        ],
    ),
    "talk": (
        ("conversation", "wishes", "follows", "adoptions", "moderation", "organisations", "exchange"),
        [talk.comments, talk.wishing, talk.following, talk.moderating, talk.organising, talk.bringing],
    ),
    "editing": (
        ("campaigns", "curation"),
        [
            editing.campaigns,
            editing.challenging,
            editing.weekly_makers,
            editing.front_page,
            editing.top_lists,
            editing.stories,
            editing.gatherings,
            editing.words,
        ],
    ),
    "people": (
        ("accounts", "digest", "notifications", "search", "statistics", "web", "api"),
        [people.accounts, people.keys, people.belonging, people.single, people.letters, people.leaving, people.jobs],
    ),
}
"""The features whose functions a chapter must run, and its stories. Each story begins with a square of its own."""


@pytest.fixture
def app(app: Flask, make_app: MakeApp) -> Flask:
    return make_app(page_cache_mb=8, page_cache_check_ms=0, stored_pages_mb=8, shared_pages_mb=8)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with clock.frozen(NOW), app.app_context():
        session = db.session()
        yield session
        session.close()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_kept_page_differs_from_the_truth_after_any_change(
    app: Flask, make_app: MakeApp, make: Factory, chapter: str
) -> None:
    features, stories = CHAPTERS[chapter]
    on = Square(app, make_app(), make)
    for story in stories:
        story(on)
    on.finish()
    wanted = {name: code for feature in features for name, code in writing_functions(feature).items()}
    missing = sorted(name for name, code in wanted.items() if code not in on.driven)
    assert not missing, (
        f"These change what is stored, but no story of tests/truth runs them, so nobody knows whether kept pages stay "
        f"true: {', '.join(missing)}. Add a line to a story of the chapter '{chapter}'."
    )


def test_every_feature_belongs_to_a_chapter() -> None:
    assert sorted(feature for features, _stories in CHAPTERS.values() for feature in features) == sorted(FEATURES)
