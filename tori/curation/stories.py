"""Stories in their series: articles, podcasts and webinars, tied to deeds."""

from flask import Blueprint, Response, render_template

from tori.core import clock
from tori.core.errors import NotFound
from tori.curation import queries, story_pictures
from tori.database import db
from tori.deeds.labels import STORY_KINDS
from tori.deeds.queries import cards_by_ids
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import request_locale
from tori.media.serving import answer_with_size
from tori.media.views import storage
from tori.policy import ANONYMOUS, Permission, can, require

FIRST_SHOWN = 4
KINDS = STORY_KINDS
ICONS = {"article": "file-text", "podcast": "speakerphone", "webinar": "device-laptop"}

blueprint = Blueprint("stories", __name__)


@blueprint.route("/jutut")
@access(PUBLIC)
def index() -> str:
    session = db.session()
    series = queries.all_series(session)
    return render_template(
        "stories/index.html",
        series=series,
        first=queries.first_stories(session, [row for row, count in series], FIRST_SHOWN) if series else {},
    )


@blueprint.route("/jutut/<series_slug>")
@access(PUBLIC)
def series(series_slug: str) -> str:
    session = db.session()
    found = queries.series_of(session, series_slug)
    stories = queries.stories_of(session, found)
    return render_template(
        "stories/series.html",
        series=found,
        stories=stories,
        kinds=KINDS,
        icons=ICONS,
        others=[row for row, count in queries.all_series(session) if row.id != found.id],
    )


@blueprint.route("/jutut/<series_slug>/<slug>")
@access(PUBLIC)
def show(series_slug: str, slug: str) -> str:
    session = db.session()
    found = queries.series_of(session, series_slug)
    stories = queries.stories_of(session, found)
    place = next((number for number, story in enumerate(stories) if story.slug == slug), None)
    if place is None:
        raise NotFound(slug)
    story = stories[place]
    ids = queries.deed_ids_of(session, [story])[story.id]
    return render_template(
        "stories/show.html",
        series=found,
        story=story,
        kind=KINDS.get(story.kind, story.kind),
        icons=ICONS,
        may_edit=can(current_actor(), Permission.CURATE),
        cards=cards_by_ids(session, ids, request_locale(), ANONYMOUS),
        pictures=story_pictures.pictures_of(session, story.id),
        earlier=stories[place - 1] if place else None,
        later=stories[place + 1] if place + 1 < len(stories) else None,
        total=len(stories),
    )


@blueprint.get("/jutut/kuvat/<key>/<any('480', '960', '1600'):width>.webp")
@access(OBJECT)
def picture(key: str, width: str) -> Response:
    """One of the fixed sizes; of a story that nobody reads yet only for editors."""
    row = story_pictures.picture_by_key(db.session(), key)
    published = row.story.published_at
    is_open = published is not None and published <= clock.now()
    if not is_open:
        require(current_actor(), Permission.CURATE)
    return answer_with_size(storage(), row, int(width), is_open)
