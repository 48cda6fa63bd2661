"""Talking about deeds: comments, questions, thanks, reports."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.conversation import queries, service
from tori.conversation.forms import CommentForm, EditForm, ReplyForm, TakeawayForm
from tori.conversation.labels import length_of
from tori.conversation.queries import Talk
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.deeds.forms import ReasonForm
from tori.deeds.queries import get_deed
from tori.deeds.views import deed_page, wants_fragment
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.models.deeds import Comment, CommentKind, Deed
from tori.models.moderation import Reportable
from tori.policy import Actor, Permission, can, require

blueprint = Blueprint("conversation", __name__)

Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class TalkPanel:
    """What the page of a deed shows of the talk. ``usual_reply`` is in words, empty when there is nothing to tell."""

    talk: Talk
    usual_reply: str
    form: CommentForm | None
    takeaway_form: TakeawayForm | None

    def may_edit(self, actor: Actor, comment: Comment) -> bool:
        return service.may_still_edit(actor, comment)

    def may_mark(self, actor: Actor, comment: Comment) -> bool:
        return comment.kind == CommentKind.QUESTION and can(actor, Permission.QUESTION_MARK, comment)

    def reply_time(self, question: Comment, answers: list[Comment]) -> str:
        time = queries.reply_time(question, answers)
        return "" if time is None else length_of(time)


@blueprint.app_context_processor
def talk_panel() -> dict[str, Any]:
    return {"talk_about": _talk_about}


def _talk_about(
    actor: Actor,
    deed: Deed,
    form: CommentForm | None = None,
    takeaway_form: TakeawayForm | None = None,
    is_silent: bool = False,
) -> TalkPanel:
    """``is_silent``: nobody has said or thanked anything, so it need not be asked for."""
    session = db.session()
    if actor.is_member:
        form = form or CommentForm(formdata=None)
        form.prepare([user for user in queries.mentionable(session, deed) if user.id != actor.id])
        takeaway_form = takeaway_form or TakeawayForm(formdata=None)
    usual = queries.usual_reply(session, deed)
    talk = queries.SILENCE if is_silent else queries.talk_of(session, actor, deed)
    return TalkPanel(talk, length_of(usual) if usual else "", form, takeaway_form)


def _deed(deed_id: int) -> tuple[Session, Actor, Deed]:
    session, actor = db.session(), current_actor()
    return session, actor, get_deed(session, actor, deed_id)


def _comment(deed_id: int, comment_id: int) -> tuple[Actor, Deed, Comment]:
    session, actor, deed = _deed(deed_id)
    return actor, deed, service.comment_on(session, deed.id, comment_id)


def _to(deed: Deed, anchor: str) -> Response:
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug, _anchor=anchor), 303)


def _posted(deed: Deed, comment: Comment, words: str) -> Response:
    if comment.held_at is not None:
        flash(_("Thank you! The editors look at your comment before it is shown, as it has a link."), "info")
    else:
        flash(words, "success")
    return _to(deed, f"kommentti-{comment.id}")


@blueprint.route("/teot/<id:deed_id>/kommentit", methods=["GET", "POST"])
@access(OBJECT)
def comment(deed_id: int) -> Page:
    """Opened as a page (after signing in) it is the page of the deed with what was written."""
    _session, actor, deed = _deed(deed_id)
    require(actor, Permission.COMMENT_WRITE, deed)
    form = CommentForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                limits.count_act(session, "comment", actor)
                posted = service.post(
                    session, actor, deed, form.body.data or "", form.chosen_kind, form.form_number.data or None,
                    mentioned=form.mentioned,
                )  # fmt: skip
        except RuleBroken as error:
            form.show(error)
        else:
            is_question = posted.kind == CommentKind.QUESTION
            words = _("Your question has been published.") if is_question else _("Your comment has been published.")
            return _posted(deed, posted, words)
    page = render_template("deeds/show.html", **{**deed_page(actor, deed), "comment_form": form})
    return page, 422 if form.errors else 200


@blueprint.route("/teot/<id:deed_id>/mukaan", methods=["GET", "POST"])
@access(OBJECT)
def take_away(deed_id: int) -> Page:
    _session, actor, deed = _deed(deed_id)
    require(actor, Permission.COMMENT_WRITE, deed)
    form = TakeawayForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                limits.count_act(session, "comment", actor)
                text, number = form.takeaway.data or "", form.form_number.data or None
                posted = service.post(session, actor, deed, text, CommentKind.TAKEAWAY, number)
        except RuleBroken as error:
            form.show(RuleBroken(error.code, "takeaway", **error.values))
        else:
            return _posted(deed, posted, _("Thank you! What you take with you has been published."))
    page = render_template("deeds/show.html", **{**deed_page(actor, deed), "takeaway_form": form})
    return page, 422 if form.errors else 200


def _act(kind: str, form: ToriForm, deed: Deed, found: Comment) -> Page:
    page = render_template(
        "conversation/act.html", kind=kind, form=form, deed=deed, comment=found, actor=current_actor()
    )
    return page, 422 if form.errors else 200


@blueprint.route("/teot/<id:deed_id>/kommentit/<id:comment_id>/vastaa", methods=["GET", "POST"])
@access(OBJECT)
def reply(deed_id: int, comment_id: int) -> Page:
    actor, deed, found = _comment(deed_id, comment_id)
    require(actor, Permission.COMMENT_WRITE, deed)
    if found.removed_at is not None and request.method == "GET":
        raise NotFound("comment")
    form = ReplyForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                limits.count_act(session, "comment", actor)
                text, number = form.body.data or "", form.form_number.data or None
                posted = service.post(session, actor, deed, text, CommentKind.COMMENT, number, found.id)
        except RuleBroken as error:
            form.show(error)
        else:
            return _posted(deed, posted, _("Your reply has been published."))
    return _act("reply", form, deed, found)


@blueprint.route("/teot/<id:deed_id>/kommentit/<id:comment_id>/muokkaa", methods=["GET", "POST"])
@access(OBJECT)
def edit(deed_id: int, comment_id: int) -> Page:
    actor, deed, found = _comment(deed_id, comment_id)
    require(actor, Permission.COMMENT_EDIT, found)
    form = EditForm(data={"body": found.body})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.edit(session, actor, found, form.body.data or "")
        except RuleBroken as error:
            form.show(error)
        else:
            return _posted(deed, found, _("The changes were saved."))
    return _act("edit", form, deed, found)


@blueprint.get("/teot/<id:deed_id>/kommentit/<id:comment_id>/ilmoita")
@access(OBJECT)
def report(deed_id: int, comment_id: int) -> Page:
    """The address of older pages."""
    _actor, _deed, found = _comment(deed_id, comment_id)
    return redirect(url_for("moderation.report", kind=Reportable.COMMENT, target_id=found.id), 301)


@blueprint.route("/teot/<id:deed_id>/kommentit/<id:comment_id>/poista", methods=["GET", "POST"])
@access(OBJECT)
def remove(deed_id: int, comment_id: int) -> Page:
    actor, deed, found = _comment(deed_id, comment_id)
    require(actor, Permission.COMMENT_REMOVE, found)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.remove(session, actor, found, form.reason.data or "")
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The comment was removed."), "success")
            return _to(deed, "kommentit")
    return _act("remove", form, deed, found)


@blueprint.post("/teot/<id:deed_id>/kommentit/<id:comment_id>/vastattu")
@access(OBJECT)
def mark(deed_id: int, comment_id: int) -> Page:
    """Marks a question answered; with ``open`` in the form, open again."""
    actor, deed, found = _comment(deed_id, comment_id)
    with transaction() as session:
        if "open" in request.form:
            service.mark_open(session, actor, found)
        else:
            service.mark_answered(session, actor, found)
    flash(_("The question is open again.") if "open" in request.form else _("The question is settled."), "success")
    return _to(deed, f"kommentti-{found.id}")


@blueprint.get("/teot/<id:deed_id>/kiita", endpoint="thank_first")
@access(OBJECT)
def sign_in_to_thank(deed_id: int) -> Page:
    """Where a visitor comes from the sign-in page: the button is on the page of the deed."""
    _session, actor, deed = _deed(deed_id)
    require(actor, Permission.ACCOUNT_OWN)
    return _to(deed, "kiitokset")


@blueprint.post("/teot/<id:deed_id>/kiita")
@access(OBJECT)
def thank(deed_id: int) -> Page:
    """Thanks by one press; with ``back`` in the form, takes it back."""
    _session, actor, deed = _deed(deed_id)
    with transaction() as session:
        limits.count_act(session, "thank", actor)
        if "back" in request.form:
            service.take_thanks_back(session, actor, deed)
        else:
            service.thank(session, actor, deed)
    said = _("Your thanks were taken back.") if "back" in request.form else _("Thank you for thanking!")
    if not wants_fragment():
        flash(said, "success")
        return _to(deed, "kiitokset")
    talk = queries.talk_of(db.session(), actor, deed)
    return render_template("conversation/_thanks.html", deed=deed, actor=actor, talk=talk, said=said)
