"""The studio of TOP lists: choosing, ordering, giving reasons, publishing."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from werkzeug.wrappers import Response

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.text import clean_line
from tori.curation import candidates, lists
from tori.curation.candidates import Ground
from tori.curation.lists import Placed
from tori.database import db, transaction
from tori.deeds.queries import cards_by_ids, cards_with_title_like
from tori.edge import messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.engine import search_engine
from tori.edge.routing import row_number
from tori.edge.templating import request_locale
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import DeedStatus
from tori.policy import ANONYMOUS, Permission, can, require
from tori.search.port import SearchError, SearchQuery
from tori.web.desk import blueprint
from tori.web.studio_forms import KeeperForm, ListForm, NewListForm, PublishForm

Page = str | Response | tuple[str, int]

FOUND_SHOWN = 10
NEAR = 40
GROUNDS = {
    Ground.SUBJECT: __("near the subject"),
    Ground.ADOPTED: __("taken as a model"),
    Ground.FRESH: __("new this year"),
    Ground.REGION: __("a region not yet on the list"),
    Ground.SIZE: __("a size of municipality not yet on the list"),
}


@blueprint.get("/toplistat")
@access(OBJECT)
def top_lists() -> Page:
    """All lists for editors, their own for the keepers of a network."""
    return _lists_page(NewListForm() if can(current_actor(), Permission.CURATE) else None)


def _lists_page(form: NewListForm | None) -> str:
    session, actor = db.session(), current_actor()
    require(actor, Permission.ACCOUNT_OWN)
    rows = session.scalars(
        select(TopList)
        .options(selectinload(TopList.items).joinedload(TopListItem.deed), selectinload(TopList.keepers))
        .order_by(TopList.position, TopList.id)
    )
    own = [row for row in rows if can(actor, Permission.LIST_EDIT, row)]
    if not own:
        require(actor, Permission.CURATE)
    return render_template(
        "desk/top_lists.html",
        lists=[(row, state_of(row), _left(row)) for row in own],
        form=form,
    )


def state_of(row: TopList) -> str:
    if row.published_at is None:
        return "draft"
    if row.published_at > clock.now():
        return "timed"
    return "expired" if row.is_expired(clock.today()) else "published"


def _left(row: TopList) -> int:
    """How many deeds of the list are archived or gone."""
    return sum(item.deed.status != DeedStatus.PUBLISHED for item in row.items)


@blueprint.post("/toplistat")
@access(Permission.CURATE)
def new_list() -> Page:
    form = NewListForm()
    if form.validate():
        try:
            with transaction() as session:
                row = lists.create(session, current_actor(), form.title.data)
        except RuleBroken as error:
            form.show(error)
        else:
            return _to(row.id)
    return _lists_page(form), 422


def _row(session: Session, list_id: int) -> TopList:
    row = candidates.load_items(session, list_id)
    if row is None:
        raise NotFound("toplist")
    require(current_actor(), Permission.LIST_EDIT, row)
    return row


def _to(list_id: int, anchor: str | None = None, **values: Any) -> Response:
    return redirect(url_for("desk.studio", list_id=list_id, _anchor=anchor, **values), 303)


@blueprint.get("/toplistat/<id:list_id>")
@access(OBJECT)
def studio(list_id: int) -> Page:
    return _page(list_id)


def _page(
    list_id: int, form: ListForm | None = None, publish_form: PublishForm | None = None,
    keeper_form: KeeperForm | None = None, problem: RuleBroken | None = None, places: list[Placed] | None = None,
) -> str:  # fmt: skip
    session, actor, locale = db.session(), current_actor(), request_locale()
    row = _row(session, list_id)
    if form is None:
        values = ListForm.values_of(row)
        form = ListForm(data=values) if request.method == "GET" else ListForm(formdata=None, data=values)
    shown = places if places is not None else lists.placed(row)
    statuses = {item.deed_id: item.deed.status for item in row.items}
    words = clean_line(request.values.get("q", ""))[:100]
    found = _found(session, words, locale)
    suggested = candidates.suggest(session, row, _near(row))
    wanted = [*(place.deed_id for place in shown), *found, *(item.deed_id for item in suggested)]
    cards = {card.id: card for card in cards_by_ids(session, wanted, locale, actor)}
    return render_template(
        "desk/studio.html",
        list=row,
        state=state_of(row),
        form=form,
        publish_form=publish_form or PublishForm(formdata=None),
        keeper_form=keeper_form or KeeperForm(formdata=None),
        items=[(place, cards[place.deed_id], statuses.get(place.deed_id)) for place in shown if place.deed_id in cards],
        q=words,
        found=[cards[deed_id] for deed_id in found if deed_id in cards],
        suggested=[(item, cards[item.deed_id]) for item in suggested if item.deed_id in cards],
        on_list={place.deed_id for place in shown},
        grounds=GROUNDS,
        versions=lists.versions(session, row),
        left=_left(row),
        may_curate=can(actor, Permission.CURATE),
        problem=messages.sentence(problem) if problem else "",
        problem_field=problem.field if problem else "",
        max_reason=lists.MAX_REASON,
    )


def _found(session: Session, words: str, locale: str) -> list[int]:
    if not words:
        return []
    try:
        result = search_engine().search(SearchQuery(words, per_page=FOUND_SHOWN, locale=locale))
        return [hit.id for hit in result.hits]
    except SearchError:
        return [card.id for card in cards_with_title_like(session, words, locale, FOUND_SHOWN)]


def _near(row: TopList) -> list[int]:
    try:
        return [hit.id for hit in search_engine().nearest(f"{row.title}\n{row.introduction}", NEAR) if not hit.weak]
    except SearchError:
        return []


@blueprint.post("/toplistat/<id:list_id>/tiedot")
@access(OBJECT)
def edit_list(list_id: int) -> Page:
    form = ListForm()
    if form.validate():
        try:
            with transaction() as session:
                lists.edit(session, current_actor(), lists.get_list(session, list_id), form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The list has been saved."), "success")
            return _to(list_id)
    return _page(list_id, form=form), 422


def _typed_places() -> list[Placed]:
    """The order of the form is the order of the list."""
    ids = [int(value) for value in request.form.getlist("teko") if re.fullmatch(r"\d{1,9}", value)]
    return [Placed(deed_id, request.form.get(f"peruste-{deed_id}", "")) for deed_id in dict.fromkeys(ids)]


@blueprint.post("/toplistat/<id:list_id>/teot")
@access(OBJECT)
def arrange_list(list_id: int) -> Page:
    """Saves order and reasons. ``action`` may move or remove one, for those without scripts."""
    action, _sep, number = request.form.get("action", "").partition(":")
    places = _typed_places()
    target = int(number) if number.isdecimal() and len(number) < 10 else 0
    anchor = f"teko-{target}" if action in ("up", "down") else "teot"
    places = _moved(places, action, target)
    try:
        with transaction() as session:
            lists.arrange(session, current_actor(), lists.get_list(session, list_id), places)
    except RuleBroken as error:
        return _page(list_id, problem=error, places=places), 422
    flash(_("The deeds of the list have been saved."), "success")
    return _to(list_id, anchor)


def _moved(places: list[Placed], action: str, deed_id: int) -> list[Placed]:
    at = next((index for index, place in enumerate(places) if place.deed_id == deed_id), None)
    if at is None:
        return places
    if action == "remove":
        return [place for place in places if place.deed_id != deed_id]
    to = {"up": at - 1, "down": at + 1}.get(action, at)
    if 0 <= to < len(places):
        places[at], places[to] = places[to], places[at]
    return places


@blueprint.post("/toplistat/<id:list_id>/lisaa")
@access(OBJECT)
def add_to_list(list_id: int) -> Page:
    number = request.form.get("deed", 0, type=row_number)
    try:
        with transaction() as session:
            row = lists.get_list(session, list_id)
            reason = request.form.get("reason", "")
            lists.add(session, current_actor(), row, number, reason)
            count = len(row.items)
    except RuleBroken as error:
        return _page(list_id, problem=error), 422
    flash(ngettext("%(num)d deed is on the list now.", "%(num)d deeds are on the list now.", count), "success")
    return _to(list_id, "lisaa", q=request.form.get("q") or None)


@blueprint.post("/toplistat/<id:list_id>/julkaise")
@access(OBJECT)
def publish_list(list_id: int) -> Page:
    form = PublishForm()
    if form.validate():
        try:
            with transaction() as session:
                lists.publish(session, current_actor(), lists.get_list(session, list_id), form.moment())
        except RuleBroken as error:
            if error.field == "publish_at":
                form.show(error)
                return _page(list_id, publish_form=form), 422
            return _page(list_id, problem=error), 422
        flash(
            _("The list has been published.") if not form.moment() else _("The list is published by itself."), "success"
        )
        return _to(list_id)
    return _page(list_id, publish_form=form), 422


@blueprint.post("/toplistat/<id:list_id>/piilota")
@access(OBJECT)
def hide_list(list_id: int) -> Page:
    with transaction() as session:
        lists.hide(session, current_actor(), lists.get_list(session, list_id))
    flash(_("The list is hidden from readers."), "success")
    return _to(list_id)


@blueprint.post("/toplistat/<id:list_id>/palauta/<id:number>")
@access(OBJECT)
def restore_list(list_id: int, number: int) -> Page:
    try:
        with transaction() as session:
            lists.restore(session, current_actor(), lists.get_list(session, list_id), number)
    except RuleBroken as error:
        return _page(list_id, problem=error), 422
    flash(_("The older version is now the newest one."), "success")
    return _to(list_id)


@blueprint.post("/toplistat/<id:list_id>/yllapitajat")
@access(Permission.CURATE)
def add_keeper(list_id: int) -> Page:
    form = KeeperForm()
    if form.validate():
        try:
            with transaction() as session:
                user = lists.add_keeper(session, current_actor(), lists.get_list(session, list_id), form.email.data)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("%(name)s may now keep this list.", name=user.display_name), "success")
            return _to(list_id, "yllapitajat")
    return _page(list_id, keeper_form=form), 422


@blueprint.post("/toplistat/<id:list_id>/yllapitajat/<id:user_id>/poista")
@access(Permission.CURATE)
def remove_keeper(list_id: int, user_id: int) -> Page:
    with transaction() as session:
        lists.remove_keeper(session, current_actor(), lists.get_list(session, list_id), user_id)
    return _to(list_id, "yllapitajat")


@blueprint.get("/toplistat/<id:list_id>/esikatselu")
@access(OBJECT)
def preview_list(list_id: int) -> Page:
    """As readers will see it."""
    session = db.session()
    row = _row(session, list_id)
    ids = [item.deed_id for item in row.items]
    cards = {card.id: card for card in cards_by_ids(session, ids, request_locale(), ANONYMOUS)}
    return render_template(
        "toplists/show.html",
        top_list=row,
        items=[(item, cards[item.deed_id]) for item in row.items if item.deed_id in cards],
        others=[],
        is_preview=True,
    )
