"""Stories and wishes in the interface: what readers of the square read and look for."""

from typing import TypedDict

from flask import Response, jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.api import parameters as allowed
from tori.api import serializers
from tori.api.v1 import _check, _page_url, blueprint
from tori.core import clock
from tori.curation.queries import deed_ids_of
from tori.database import db
from tori.edge.access import PUBLIC, access
from tori.edge.templating import request_locale
from tori.models.campaigns import Story, StorySeries
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.wishes import Wish, WishAnswer


class StoryItem(TypedDict):
    series: str
    slug: str
    kind: str
    title: str
    summary: str
    published_on: str | None
    deeds: list[int]
    url: str


class WishItem(TypedDict):
    id: int
    title: str
    body: str
    language: str
    organisation: serializers.OrganisationName | None
    sector: str | None
    themes: list[str]
    supporters: int
    answers: list[int]
    asked_on: str
    url: str


@blueprint.get("/api/v1/stories")
@access(PUBLIC)
def stories() -> Response:
    """Published stories of all series, in their order."""
    _check(())
    session, locale = db.session(), request_locale()
    rows = session.scalars(
        select(Story)
        .join(StorySeries, StorySeries.id == Story.series_id)
        .options(joinedload(Story.series))
        .where(Story.published_at <= clock.now())
        .order_by(StorySeries.position, StorySeries.id, Story.position, Story.id)
    ).all()
    deeds = deed_ids_of(session, rows)
    items: list[StoryItem] = [
        {
            "series": row.series.slug,
            "slug": row.slug,
            "kind": row.kind,
            "title": row.said("title", locale).text,
            "summary": row.said("summary", locale).text,
            "published_on": serializers.iso(clock.in_finland(row.published_at).date()) if row.published_at else None,
            "deeds": deeds[row.id],
            "url": _page_url("stories.show", series_slug=row.series.slug, slug=row.slug),
        }
        for row in rows
    ]
    return jsonify(items=items)


@blueprint.get("/api/v1/wishes")
@access(PUBLIC)
def wishes() -> Response:
    """What is looked for, the newest first, without the persons who ask."""
    _check(allowed.WISH_LIST)
    session, locale = db.session(), request_locale()
    page, per_page = (allowed.number(request.args, parameter) for parameter in allowed.WISH_LIST)
    shown = Wish.hidden_at.is_(None)
    rows = session.scalars(
        select(Wish)
        .where(shown)
        .options(joinedload(Wish.organisation), joinedload(Wish.sector), selectinload(Wish.themes))
        .order_by(Wish.id.desc())
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    answers = _answers(session, [row.id for row in rows])
    items: list[WishItem] = [
        {
            "id": row.id,
            "title": row.title,
            "body": row.body,
            "language": row.language,
            "organisation": {"name": row.organisation.name_in(locale), "slug": row.organisation.slug}
            if row.organisation
            else None,
            "sector": row.sector.slug if row.sector else None,
            "themes": [theme.slug for theme in row.themes],
            "supporters": row.supporter_count,
            "answers": answers.get(row.id, []),
            "asked_on": clock.in_finland(row.created_at).date().isoformat(),
            "url": _page_url("wishes.show", wish_id=row.id, slug=row.slug),
        }
        for row in rows
    ]
    return jsonify(items=items, page=page, per_page=per_page)


def _answers(session: Session, wish_ids: list[int]) -> dict[int, list[int]]:
    """Wish id -> its answers that are public deeds."""
    found: dict[int, list[int]] = {}
    rows = session.execute(
        select(WishAnswer.wish_id, WishAnswer.deed_id)
        .join(Deed, Deed.id == WishAnswer.deed_id)
        .where(WishAnswer.wish_id.in_(wish_ids), Deed.status.in_(PUBLIC_STATUSES))
        .order_by(WishAnswer.id)
    )
    for wish_id, deed_id in rows:
        found.setdefault(wish_id, []).append(deed_id)
    return found
