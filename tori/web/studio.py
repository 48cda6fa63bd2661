"""The studio of TOP lists: choosing, ordering, giving reasons, publishing."""

from collections.abc import Callable

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
from tori.database import db, transaction
from tori.deeds.queries import cards_by_ids, cards_with_title_like
from tori.edge import messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.engine import search_engine
from tori.edge.forms import ToriForm
from tori.edge.routing import row_number
from tori.edge.seen import lock
from tori.edge.templating import request_locale
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import DeedStatus
from tori.policy import ANONYMOUS, Permission, can, require
from tori.search.port import SearchError, SearchQuery
from tori.web.desk import blueprint
from tori.web.studio_forms import KeeperForm, ListForm, NewListForm, Places, PublishForm, Sheet, reason_typed

Page = str | Response | tuple[str, int]
Act = Callable[[Session, TopList], None]

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
            return redirect(url_for("desk.studio", list_id=row.id), 303)
    return _lists_page(form), 422


def _row(session: Session, list_id: int) -> TopList:
    row = candidates.load_items(session, list_id)
    if row is None:
        raise NotFound("toplist")
    require(current_actor(), Permission.LIST_EDIT, row)
    return row


def _to(list_id: int, sheet: Sheet, anchor: str | None = None) -> Page:
    """The page again; with what is still unsaved in its fields, if there is any."""
    words = request.form.get("q") or None
    if left := sheet.kept(lists.get_list(db.session(), list_id)):
        return _page(list_id, left)
    return redirect(url_for("desk.studio", list_id=list_id, _anchor=anchor, q=words), 303)


def _press(list_id: int, sheet: Sheet, act: Act, *forms: ToriForm) -> tuple[str, int] | None:
    """Does what a button says: all of it or nothing. The page when it was refused."""
    if sheet.is_valid(*forms):
        try:
            with transaction() as session:
                row = lists.get_list(session, list_id)
                require(current_actor(), Permission.LIST_EDIT, row)
                lock(session, row)
                act(session, row)
        except RuleBroken as error:
            sheet.show(error)
        else:
            return None
    return _page(list_id, sheet), 409 if sheet.saved else 422


@blueprint.get("/toplistat/<id:list_id>")
@access(OBJECT)
def studio(list_id: int) -> Page:
    return _page(list_id, Sheet())


def _page(list_id: int, sheet: Sheet) -> str:
    session, actor, locale = db.session(), current_actor(), request_locale()
    row = _row(session, list_id)
    form = sheet.form or ListForm(formdata=None, data=ListForm.values_of(row))
    places = sheet.places or Places(lists.placed(row))
    statuses = {item.deed_id: item.deed.status for item in row.items}
    words = clean_line(request.values.get("q", ""))[:100]
    found = _found(session, words, locale)
    suggested = [item for item in candidates.suggest(session, row, _near(row)) if item.deed_id not in found]
    wanted = [*(place.deed_id for place in places.rows), *found, *(item.deed_id for item in suggested)]
    cards = {card.id: card for card in cards_by_ids(session, wanted, locale, actor)}
    problem = sheet.problem
    return render_template(
        "desk/studio.html",
        list=row,
        state=state_of(row),
        form=form,
        publish_form=sheet.publish_form,
        keeper_form=sheet.keeper_form,
        items=[(place, cards.get(place.deed_id), statuses.get(place.deed_id)) for place in places.rows],
        places_mark=places.mark,
        saved=sheet.saved,
        q=words,
        found=[cards[deed_id] for deed_id in found if deed_id in cards],
        suggested=[(item, cards[item.deed_id]) for item in suggested if item.deed_id in cards],
        on_list={place.deed_id for place in places.rows},
        reason_typed=reason_typed,
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


@blueprint.post("/toplistat/<id:list_id>/haku")
@access(OBJECT)
def search_for_list(list_id: int) -> Page:
    """Looks for deeds and saves nothing: readers must not see half of a sentence because of a search."""
    return _page(list_id, Sheet())


@blueprint.post("/toplistat/<id:list_id>/tiedot")
@access(OBJECT)
def edit_list(list_id: int) -> Page:
    sheet = Sheet()
    if refused := _press(list_id, sheet, sheet.save):
        return refused
    flash(_("The list has been saved."), "success")
    return _to(list_id, sheet)


@blueprint.post("/toplistat/<id:list_id>/teot")
@access(OBJECT)
def arrange_list(list_id: int) -> Page:
    """Saves order and reasons. ``action`` may move or remove one, for those without scripts; ``enter`` is the Enter of
    any field then: it searches, and nobody knows what else was meant by it, so nothing is saved."""
    sheet = Sheet()
    action, _sep, number = request.form.get("action", "").partition(":")
    if action == "enter":
        if request.form.get("q", "") == request.form.get("haettu", ""):
            flash(_("Nothing has been saved yet: press the button that you mean."), "info")
        return _page(list_id, sheet)
    target = int(number) if number.isdecimal() and len(number) < 10 else 0
    if sheet.places is not None:
        sheet.places.move(action, target)
    if refused := _press(list_id, sheet, sheet.save):
        return refused
    flash(_("The deeds of the list have been saved."), "success")
    return _to(list_id, sheet, f"teko-{target}" if action in ("up", "down") else "teot")


@blueprint.post("/toplistat/<id:list_id>/lisaa")
@access(OBJECT)
def add_to_list(list_id: int) -> Page:
    sheet, number = Sheet(), request.form.get("deed", 0, type=row_number)

    def add(session: Session, row: TopList) -> None:
        sheet.save(session, row)
        lists.add(session, current_actor(), row, number, reason_typed(number))

    if refused := _press(list_id, sheet, add):
        return refused
    count = len(lists.get_list(db.session(), list_id).items)
    flash(ngettext("%(num)d deed is on the list now.", "%(num)d deeds are on the list now.", count), "success")
    return _to(list_id, sheet, "lisaa")


@blueprint.post("/toplistat/<id:list_id>/julkaise")
@access(OBJECT)
def publish_list(list_id: int) -> Page:
    sheet = Sheet()
    moment = sheet.publish_form.moment()

    def publish(session: Session, row: TopList) -> None:
        sheet.save(session, row)
        lists.publish(session, current_actor(), row, moment)

    if refused := _press(list_id, sheet, publish, sheet.publish_form):
        return refused
    flash(_("The list has been published.") if not moment else _("The list is published by itself."), "success")
    sheet.publish_form = PublishForm(formdata=None)
    return _to(list_id, sheet)


@blueprint.post("/toplistat/<id:list_id>/piilota")
@access(OBJECT)
def hide_list(list_id: int) -> Page:
    sheet = Sheet()

    def hide(session: Session, row: TopList) -> None:
        # First, as a list that nobody sees may lack a reason.
        lists.hide(session, current_actor(), row)
        sheet.save(session, row)

    if refused := _press(list_id, sheet, hide):
        return refused
    flash(_("The list is hidden from readers."), "success")
    return _to(list_id, sheet)


@blueprint.post("/toplistat/<id:list_id>/palauta/<id:number>")
@access(OBJECT)
def restore_list(list_id: int, number: int) -> Page:
    """What is typed becomes a version too, so that it can be brought back."""
    sheet = Sheet()

    def restore(session: Session, row: TopList) -> None:
        sheet.save(session, row)
        lists.restore(session, current_actor(), row, number)

    if refused := _press(list_id, sheet, restore):
        return refused
    flash(_("The older version is now the newest one."), "success")
    return _to(list_id, sheet)


@blueprint.post("/toplistat/<id:list_id>/yllapitajat")
@access(Permission.CURATE)
def add_keeper(list_id: int) -> Page:
    sheet = Sheet()

    def add(session: Session, row: TopList) -> None:
        sheet.save(session, row)
        user = lists.add_keeper(session, current_actor(), row, sheet.keeper_form.email.data)
        flash(_("%(name)s may now keep this list.", name=user.display_name), "success")

    if refused := _press(list_id, sheet, add, sheet.keeper_form):
        return refused
    sheet.keeper_form = KeeperForm(formdata=None)
    return _to(list_id, sheet, "yllapitajat")


@blueprint.post("/toplistat/<id:list_id>/yllapitajat/<id:user_id>/poista")
@access(Permission.CURATE)
def remove_keeper(list_id: int, user_id: int) -> Page:
    sheet = Sheet()

    def remove(session: Session, row: TopList) -> None:
        sheet.save(session, row)
        lists.remove_keeper(session, current_actor(), row, user_id)

    return _press(list_id, sheet, remove) or _to(list_id, sheet, "yllapitajat")


@blueprint.post("/toplistat/<id:list_id>/esikatselu")
@access(OBJECT)
def save_for_preview(list_id: int) -> Page:
    sheet = Sheet()
    return _press(list_id, sheet, sheet.save) or redirect(url_for("desk.preview_list", list_id=list_id), 303)


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
