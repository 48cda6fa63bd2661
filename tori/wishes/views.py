"""Wishes and calls for partners."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.core.errors import NotFound, RuleBroken
from tori.core.paging import make_pages, page_count, parse_page
from tori.core.text import clean_line
from tori.database import db, transaction
from tori.deeds.queries import all_themes, get_deed
from tori.edge import limits
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.engine import search_engine
from tori.edge.templating import request_locale
from tori.models.deeds import Deed
from tori.models.people import Region
from tori.models.wishes import PartnerCall, Wish, WishAnswer
from tori.policy import Permission, can, require
from tori.wishes import partners, queries, service
from tori.wishes.forms import SEEKS_WORDS, AnswerForm, InterestForm, PartnerForm, ReasonForm, WishForm
from tori.wishes.queries import WishFilter

blueprint = Blueprint("wishes", __name__)

Page = str | tuple[str, int] | Response
MAX_WORD = 100


@blueprint.app_context_processor
def partner_calls() -> dict[str, Any]:
    return {
        "calls_of_deed": lambda deed_id: queries.calls_of(db.session(), deed_id=deed_id),
        "seeks_words": SEEKS_WORDS,
    }


def wish_filter() -> WishFilter:
    state = request.args.get("tila", "")
    return WishFilter(
        text=clean_line(request.args.get("q", ""))[:MAX_WORD],
        state=state if state in ("avoin", "vastattu") else "",
        region=request.args.get("maakunta", "")[:MAX_WORD],
        theme=request.args.get("teema", "")[:MAX_WORD],
    )


def _choices(session: Session) -> dict[str, Any]:
    locale = request_locale()
    return {
        "regions": sorted((row.name_in(locale), row.slug) for row in session.scalars(select(Region))),
        "themes": sorted((row.name_in(locale), row.slug) for row in all_themes(session)),
    }


@blueprint.get("/toiveet")
@access(PUBLIC)
def index() -> Page:
    session, chosen, page = db.session(), wish_filter(), parse_page(request.args.get("sivu"))
    found, total = queries.wishes(session, chosen, page)
    parameters: dict[str, Any] = {
        "q": chosen.text or None, "tila": chosen.state or None, "maakunta": chosen.region or None,
        "teema": chosen.theme or None,
    }  # fmt: skip
    pages = make_pages(
        page, page_count(total, queries.PER_PAGE), lambda number: url_for("wishes.index", **parameters, sivu=number)
    )
    return render_template(
        "wishes/index.html", wishes=found, total=total, chosen=chosen, pages=pages, **_choices(session)
    )


@blueprint.get("/toiveet/kumppanit")
@access(PUBLIC)
def calls() -> Page:
    session, chosen = db.session(), wish_filter()
    seeks = request.args.get("haku", "")
    found = queries.open_calls(session, chosen.region, chosen.theme, seeks if seeks in partners.SEEKS else "")
    return render_template("wishes/calls.html", calls=found, chosen=chosen, seeks=seeks, **_choices(session))


@blueprint.route("/toiveet/uusi", methods=["GET", "POST"])
@access(Permission.WISH_WRITE)
def new() -> Page:
    session: Session = db.session()
    actor, locale = current_actor(), request_locale()
    form = WishForm()
    form.prepare(session, locale)
    if not form.is_submitted():
        if not form.title.data:
            form.title.data = clean_line(request.args.get("q", ""))[: service.MAX_TITLE]
        return render_template("wishes/form.html", form=form, similar=[])
    if form.validate():
        content = form.content(locale)
        similar = (
            [] if form.seen.data else queries.similar_deeds(session, search_engine(), content.title, locale, actor)
        )
        if similar:
            return render_template("wishes/form.html", form=form, similar=similar)
        try:
            with transaction() as session:
                limits.count_act(session, "wish", actor)
                wish = service.post(session, actor, content, form.form_number.data or None)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("Your wish is on the square. We tell you when somebody answers."), "success")
            return _to(wish)
    return render_template("wishes/form.html", form=form, similar=[]), 422


def _to(wish: Wish, anchor: str | None = None) -> Response:
    return redirect(url_for("wishes.show", wish_id=wish.id, slug=wish.slug, _anchor=anchor), 303)


@blueprint.get("/toiveet/<id:wish_id>")
@blueprint.get("/toiveet/<id:wish_id>-<slug>")
@access(OBJECT)
def show(wish_id: int, slug: str = "") -> Page:
    wish = queries.get_wish(db.session(), current_actor(), wish_id)
    if slug != wish.slug:
        return redirect(url_for("wishes.show", wish_id=wish.id, slug=wish.slug), 301)
    return _page(wish)


def _page(wish: Wish, **more: Any) -> str:
    session, actor, locale = db.session(), current_actor(), request_locale()
    is_member = actor.is_member
    context = {
        "wish": wish,
        "answers": queries.answers_of(session, wish, locale, actor),
        "promises": queries.promises_of(session, wish),
        "calls": queries.calls_of(session, wish_id=wish.id),
        "is_joined": service.is_joined(session, actor, wish.id),
        "is_own": is_member and wish.author_id == actor.id,
        "may_hide": can(actor, Permission.WISH_HIDE, wish),
        "may_seek": can(actor, Permission.WISH_EDIT, wish),
        "may_remove": lambda row: can(actor, Permission.WISH_ANSWER_REMOVE, row),
        "answer_form": AnswerForm() if is_member else None,
        "hide_form": ReasonForm() if can(actor, Permission.WISH_HIDE, wish) else None,
    }
    return render_template("wishes/show.html", **{**context, **more})


@blueprint.post("/toiveet/<id:wish_id>/mukaan")
@access(OBJECT)
def join(wish_id: int) -> Page:
    """One press joins, another leaves."""
    actor = current_actor()
    wish = queries.get_wish(db.session(), actor, wish_id)
    with transaction() as session:
        limits.count(session, "follow_account", actor.id)
        (service.leave if request.form.get("back") == "1" else service.join)(session, actor, wish)
    if request.headers.get("X-Requested-With") == "fetch":
        is_joined = service.is_joined(db.session(), actor, wish.id)
        return render_template("wishes/_join.html", wish=wish, is_joined=is_joined, is_own=False)
    return _to(wish)


@blueprint.post("/toiveet/<id:wish_id>/vastaukset")
@access(OBJECT)
def answer(wish_id: int) -> Page:
    session: Session = db.session()
    actor = current_actor()
    wish = queries.get_wish(session, actor, wish_id)
    require(actor, Permission.WISH_JOIN, wish)
    form = AnswerForm()
    if form.validate():
        try:
            deed = deed_in(session, form.deed.data)
            with transaction() as session:
                limits.count_act(session, "comment", actor)
                service.answer(session, actor, wish, deed, form.note.data or "")
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("Thank you! All who joined the wish hear of it."), "success")
            return _to(wish, "vastaukset")
    return _page(wish, answer_form=form), 422


def deed_in(session: Session, text: str) -> Deed:
    """The deed of an address of its page, or of its number."""
    found = re.search(r"/(?:teot|t)/(\d{1,9})\b", text) or re.fullmatch(r"#?(\d{1,9})", text)
    if found is None:
        raise RuleBroken("unknown_deed", "deed")
    try:
        deed = get_deed(session, current_actor(), int(found[1]))
    except NotFound as error:
        raise RuleBroken("unknown_deed", "deed") from error
    if not deed.is_public:
        raise RuleBroken("unknown_deed", "deed")
    return deed


@blueprint.post("/toiveet/vastaukset/<id:answer_id>/poista")
@access(OBJECT)
def remove_answer(answer_id: int) -> Page:
    row = db.session().get(WishAnswer, answer_id)
    if row is None:
        raise NotFound("answer")
    with transaction() as session:
        wish = row.wish
        service.remove_answer(session, current_actor(), row)
    flash(_("Removed."), "success")
    return _to(wish, "vastaukset")


@blueprint.post("/toiveet/<id:wish_id>/meilla-on")
@access(OBJECT)
def promise(wish_id: int) -> Page:
    """Begins a quick deed that answers the wish when it is published."""
    actor = current_actor()
    wish = queries.get_wish(db.session(), actor, wish_id)
    with transaction() as session:
        limits.count(session, "follow_account", actor.id)
        service.promise(session, actor, wish)
    flash(_("Tell the deed in your own words. When you publish it, it answers “%(wish)s” by itself.", wish=wish.title))
    return redirect(url_for("deeds.new"), 303)


@blueprint.post("/toiveet/<id:wish_id>/poista")
@access(OBJECT)
def hide(wish_id: int) -> Page:
    actor = current_actor()
    wish = queries.get_wish(db.session(), actor, wish_id)
    form = ReasonForm()
    try:
        with transaction() as session:
            service.hide(session, actor, wish, form.reason.data or "")
    except RuleBroken as error:
        form.show(error)
        return _page(wish, hide_form=form), 422
    flash(_("The wish was taken off the square."), "success")
    return redirect(url_for("wishes.index"), 303)


# Partners


@blueprint.route("/teot/<id:deed_id>/kumppanit", methods=["GET", "POST"])
@access(OBJECT)
def seek_for_deed(deed_id: int) -> Page:
    deed = get_deed(db.session(), current_actor(), deed_id)
    require(current_actor(), Permission.DEED_EDIT, deed)
    return _seek(deed, url_for("deeds.show", deed_id=deed.id, slug=deed.slug))


@blueprint.route("/toiveet/<id:wish_id>/kumppanit", methods=["GET", "POST"])
@access(OBJECT)
def seek_for_wish(wish_id: int) -> Page:
    wish = queries.get_wish(db.session(), current_actor(), wish_id)
    require(current_actor(), Permission.WISH_EDIT, wish)
    return _seek(wish, url_for("wishes.show", wish_id=wish.id, slug=wish.slug))


def _seek(thing: Deed | Wish, back: str) -> Page:
    form = PartnerForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                limits.count_act(session, "wish", current_actor())
                partners.seek(session, current_actor(), thing, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The call is open. We tell you when somebody wants to take part."), "success")
            return redirect(back, 303)
    page = render_template("wishes/seek.html", form=form, thing=thing, back=back)
    return page, 422 if form.errors else 200


@blueprint.route("/kumppanit/<id:call_id>", methods=["GET", "POST"])
@access(OBJECT)
def call(call_id: int) -> Page:
    """A call: whoever is signed in can offer to take part; its caller sees who did."""
    session: Session = db.session()
    actor = current_actor()
    row = queries.get_call(session, call_id)
    if row.deed is not None:
        require(actor, Permission.DEED_READ, row.deed)
    else:
        require(actor, Permission.WISH_READ, row.wish)
    form = InterestForm() if can(actor, Permission.PARTNER_OFFER, row) else None
    if request.method == "POST":
        require(actor, Permission.PARTNER_OFFER, row)
        form = InterestForm()
        if form.validate():
            try:
                with transaction() as session:
                    limits.count_act(session, "comment", actor)
                    partners.offer(session, actor, row, form.message.data or "")
            except RuleBroken as error:
                form.show(error)
            else:
                flash(_("The caller hears that you would like to take part."), "success")
                return redirect(url_for("wishes.call", call_id=row.id), 303)
    return _call_page(row, form), 422 if form is not None and form.errors else 200


def _call_page(row: PartnerCall, form: InterestForm | None) -> str:
    actor = current_actor()
    may_edit = can(actor, Permission.PARTNER_CALL_EDIT, row)
    return render_template(
        "wishes/call.html",
        call=row,
        form=form,
        is_open=partners.is_open(row),
        may_edit=may_edit,
        interests=queries.interests_of(db.session(), row) if may_edit else [],
    )


@blueprint.post("/kumppanit/<id:call_id>/sulje")
@access(OBJECT)
def close_call(call_id: int) -> Page:
    row = queries.get_call(db.session(), call_id)
    with transaction() as session:
        partners.close(session, current_actor(), row)
    return redirect(url_for("wishes.call", call_id=call_id), 303)
