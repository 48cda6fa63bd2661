"""Pages of a deed's life: review, timed publishing, preview links, the yearly question, merging."""

from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds import lifecycle, links, queries, review, service
from tori.deeds.forms import MergeForm, ReasonForm
from tori.deeds.lifecycle import Freshness
from tori.deeds.views import Answer, blueprint, story
from tori.deeds.writing_views import remove_page
from tori.edge import messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.models.deeds import UNPUBLISHED_STATUSES, Deed
from tori.models.writing import LinkKind
from tori.policy import SYSTEM, Permission, can, require


class PressForm(ToriForm):
    """One button."""


def own_deed(deed_id: int) -> Deed:
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    require(actor, Permission.DEED_EDIT, deed)
    return deed


def private(page: str, status: int = 200) -> Response:
    """A page whose address holds a secret."""
    response = Response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def bad_link() -> Response:
    return private(render_template("deeds/bad_link.html"), 404)


# Before publishing


@blueprint.get("/teot/<id:deed_id>/julkaisu")
@access(OBJECT)
def publishing(deed_id: int) -> str:
    """When and how the deed goes public, and who may read it before."""
    return render_template("deeds/publishing.html", **_publishing_page(own_deed(deed_id)))


def _publishing_page(deed: Deed, problem: str = "") -> dict[str, Any]:
    actor = current_actor()
    found = links.links_of(db.session(), deed)
    addresses = [
        (link, url_for("deeds.open_preview", token=links.token_of(link), _external=False))
        for link in found
        if link.kind == LinkKind.PREVIEW
    ]
    hours = current_app.extensions["tori"].review_hours
    return {
        "deed": deed,
        "problem": problem,
        "preview_links": addresses,
        "may_publish": can(actor, Permission.DEED_PUBLISH, deed),
        "may_submit": can(actor, Permission.DEED_SUBMIT, deed),
        "promised_until": review.promised_until(deed, hours),
        "review_hours": hours,
    }


@blueprint.post("/teot/<id:deed_id>/julkaisu/ajasta")
@access(OBJECT)
def schedule(deed_id: int) -> Answer | BaseResponse:
    deed, actor = own_deed(deed_id), current_actor()
    try:
        with transaction() as session:
            if request.form.get("action") == "cancel":
                lifecycle.unschedule(session, actor, deed)
            else:
                lifecycle.schedule(session, actor, deed, _moment(request.form.get("publish_at", "")))
    except RuleBroken as error:
        return render_template("deeds/publishing.html", **_publishing_page(deed, messages.sentence(error))), 422
    flash(_("Saved."), "success")
    return redirect(url_for("deeds.publishing", deed_id=deed.id), 303)


def _moment(text: str) -> datetime:
    """A local moment of Finland, as a browser sends it."""
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=clock.HELSINKI)
    except ValueError as error:
        raise RuleBroken("bad_moment", "publish_at") from error


@blueprint.post("/teot/<id:deed_id>/tarkistus/peru")
@access(OBJECT)
def withdraw_from_review(deed_id: int) -> BaseResponse:
    deed, actor = own_deed(deed_id), current_actor()
    with transaction() as session:
        review.withdraw_from_review(session, actor, deed)
    flash(_("The deed is a draft again. Go on writing."), "success")
    return redirect(url_for("deeds.edit", deed_id=deed.id), 303)


# Links for chosen readers


@blueprint.post("/teot/<id:deed_id>/linkit")
@access(OBJECT)
def make_link(deed_id: int) -> BaseResponse:
    deed, actor = own_deed(deed_id), current_actor()
    kind = request.form.get("kind", "")
    if kind not in set(LinkKind):
        raise RuleBroken("unknown_choice")
    with transaction() as session:
        links.make(session, actor, deed, LinkKind(kind))
    flash(_("The link is ready. It works for 30 days."), "success")
    return redirect(_page_of_links(deed, kind), 303)


@blueprint.post("/teot/<id:deed_id>/linkit/<id:link_id>/peru")
@access(OBJECT)
def revoke_link(deed_id: int, link_id: int) -> BaseResponse:
    deed, actor = own_deed(deed_id), current_actor()
    with transaction() as session:
        links.revoke(session, actor, deed, link_id)
    flash(_("The link does not work any more."), "success")
    return redirect(_page_of_links(deed, request.form.get("kind", "")), 303)


def _page_of_links(deed: Deed, kind: str) -> str:
    return url_for("deeds.publishing" if kind == LinkKind.PREVIEW else "deeds.together_page", deed_id=deed.id)


@blueprint.get("/teot/esikatselu/<token>")
@access(OBJECT)
def open_preview(token: str) -> BaseResponse:
    """The unpublished deed for whoever has the link; a published one opens at its own address."""
    try:
        link = links.open_link(db.session(), token, LinkKind.PREVIEW)
    except RuleBroken:
        return bad_link()
    deed = queries.get_deed(db.session(), SYSTEM_READER, link.deed_id)
    if deed.is_public:
        return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug), 303)
    if deed.status not in UNPUBLISHED_STATUSES:
        return bad_link()
    page = render_template("deeds/preview.html", **story(deed), expires_at=link.expires_at, is_link=True)
    return private(page)


SYSTEM_READER = SYSTEM
"""The link itself is the right to read."""


# Is it still true?


@blueprint.route("/teot/tuoreus/<token>/<answer>", methods=["GET", "POST"])
@access(OBJECT)
def freshness(token: str, answer: str) -> BaseResponse:
    """Opening the link changes nothing, as mail scanners open it too; the button does."""
    form = PressForm()
    try:
        if answer not in set(Freshness):
            raise RuleBroken("bad_link")
        deed, reader = lifecycle.opened_question(db.session(), current_app.extensions["tori"], token)
        if answer == Freshness.UPDATE:
            return redirect(url_for("deeds.edit", deed_id=deed.id), 303)
        if not form.validate_on_submit():
            return private(render_template("deeds/freshness.html", deed=deed, answer=answer, form=form))
        with transaction() as session:
            if answer == Freshness.VALID:
                lifecycle.confirm_valid(session, reader, deed)
            else:
                service.archive(session, reader, deed)
    except RuleBroken:
        return bad_link()
    return private(render_template("deeds/freshness.html", deed=deed, answer=answer, form=None))


@blueprint.post("/teot/<id:deed_id>/tarkistettu")
@access(OBJECT)
def still_true(deed_id: int) -> BaseResponse:
    deed, actor = own_deed(deed_id), current_actor()
    with transaction() as session:
        lifecycle.confirm_valid(session, actor, deed)
    flash(_("Thank you! The page now tells that the deed has been checked today."), "success")
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug), 303)


# Merging


@blueprint.post("/teot/<id:deed_id>/yhdista")
@access(Permission.MODERATE)
def merge(deed_id: int) -> Answer | BaseResponse:
    deed, actor, form = own_deed(deed_id), current_actor(), MergeForm()
    text = (form.into.data or "").rstrip("/").rpartition("/")[2].partition("-")[0]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        with transaction() as session:
            lifecycle.merge(session, actor, deed, number, form.why.data or _("Merged with another deed"))
    except RuleBroken as error:
        form.show(error)
        return remove_page(deed, ReasonForm(formdata=None), form), 422
    flash(_("Merged. The old address leads to the other deed."), "success")
    return redirect(url_for("deeds.show", deed_id=number), 303)
