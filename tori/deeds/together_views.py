"""Pages of writing together: co-authors, organisations, parts, handing over, and peer review of a draft."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField

from tori.config import Config
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import db, transaction
from tori.deeds import links, notes, together
from tori.deeds.lifecycle_views import PressForm, bad_link, own_deed, private
from tori.deeds.views import Answer, blueprint, story
from tori.edge import limits, messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block, line
from tori.edge.routing import row_number
from tori.edge.templating import public_link, request_locale
from tori.models.deeds import Deed
from tori.models.writing import LinkKind
from tori.notifications import mail
from tori.policy import Permission, can, is_trusted, require


class NoteForm(ToriForm):
    body = TextAreaField(__("Your note"), filters=[block])
    form_number = HiddenField()


class InviteForm(ToriForm):
    email = StringField(__("E-mail address"), filters=[line])


@blueprint.get("/teot/<id:deed_id>/yhdessa")
@access(OBJECT)
def together_page(deed_id: int) -> str:
    """Who makes the deed, and who may read it before it is published."""
    return _page(own_deed(deed_id))


def _page(
    deed: Deed, problem: str = "", note_form: NoteForm | None = None, invite_form: InviteForm | None = None
) -> str:
    session, actor = db.session(), current_actor()
    addresses = [
        (link, url_for(_PAGES[LinkKind(link.kind)], token=links.token_of(link)))
        for link in links.links_of(session, deed)
        if link.kind in _PAGES
    ]
    return render_template(
        "deeds/together.html",
        deed=deed,
        actor=actor,
        problem=problem,
        makers=together.makers_of(deed),
        may_manage=can(actor, Permission.DEED_MANAGE, deed),
        may_invite_by_mail=is_trusted(actor),
        invitations=[row for row in addresses if row[0].kind == LinkKind.CO_AUTHOR],
        review_links=[row for row in addresses if row[0].kind == LinkKind.REVIEW],
        organisations=together.organisations_to_choose(deed),
        wholes=together.wholes_to_choose(session, actor, deed) if not deed.parts else [],
        notes=notes.notes_of(session, deed.id),
        note_form=note_form or NoteForm(formdata=None),
        invite_form=invite_form or InviteForm(formdata=None),
    )


_PAGES = {LinkKind.CO_AUTHOR: "deeds.invitation", LinkKind.REVIEW: "deeds.peer_review"}


def _back(deed: Deed, words: str, anchor: str | None = None) -> Response:
    flash(words, "success")
    return redirect(url_for("deeds.together_page", deed_id=deed.id, _anchor=anchor), 303)


# Inviting


@blueprint.post("/teot/<id:deed_id>/kutsut")
@access(OBJECT)
def invite(deed_id: int) -> Answer | Response:
    """Sends a new link by mail. The address is not kept anywhere but in the outbox."""
    deed, actor = own_deed(deed_id), current_actor()
    kind = LinkKind.REVIEW if request.form.get("kind") == LinkKind.REVIEW else LinkKind.CO_AUTHOR
    form = InviteForm()
    if form.validate():
        try:
            with transaction() as session:
                if not is_trusted(actor):
                    raise NotAllowed(Permission.DEED_EDIT, "review_first")
                address = _checked_address(form.email.data or "")
                limits.count_act(session, "invite", actor)
                link = links.make(session, actor, deed, kind)
                _send(deed, address, kind, _public_address(_PAGES[kind], links.token_of(link)))
        except RuleBroken as error:
            form.show(error)
        else:
            return _back(deed, _("The invitation is on its way."))
    return _page(deed, invite_form=form), 422


def _checked_address(address: str) -> str:
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise RuleBroken("bad_email", "email") from error
    return checked.ascii_email or ""


def _public_address(endpoint: str, token: str) -> str:
    config: Config = current_app.extensions["tori"]
    return public_link(config, endpoint, request_locale(), token=token)


def _send(deed: Deed, address: str, kind: LinkKind, link: str) -> None:
    actor = current_actor()
    mail.enqueue(
        db.session(), "invitation", address, request_locale(), title=deed.title, kind=str(kind), link=link,
        sender=actor.user.display_name if actor.user else "", days=links.LIFETIME.days,
        organisation=deed.organisation.name_in(request_locale()),
    )  # fmt: skip


@blueprint.route("/teot/kutsu/<token>", methods=["GET", "POST"])
@access(OBJECT)
def invitation(token: str) -> Response:
    """An invitation to write along: opening it changes nothing, the button does."""
    actor, form, problem = current_actor(), PressForm(), ""
    try:
        deed = together.invitation(db.session(), token)[1]
    except RuleBroken:
        return bad_link()
    if form.is_submitted():
        require(actor, Permission.ACCOUNT_OWN)
        if form.validate():
            try:
                with transaction() as session:
                    deed = together.join(session, actor, token)
            except RuleBroken as error:
                problem = messages.sentence(error)
            else:
                flash(_("Now you write this deed together. It is on your own page, too."), "success")
                return redirect(url_for("deeds.edit", deed_id=deed.id), 303)
    page = render_template("deeds/invitation.html", deed=deed, actor=actor, problem=problem)
    return private(page, 422 if problem else 200)


# Co-authors and the owner


@blueprint.post("/teot/<id:deed_id>/tekijat/<id:user_id>/poista")
@access(OBJECT)
def remove_co_author(deed_id: int, user_id: int) -> Response:
    deed, actor = own_deed(deed_id), current_actor()
    with transaction() as session:
        together.remove_co_author(session, actor, deed, user_id)
    if user_id == actor.id:
        flash(_("You are no longer a co-author. What you wrote stays in the deed."), "success")
        return redirect(url_for("accounts.own"), 303)
    return _back(deed, _("The co-author was removed. What they wrote stays in the deed."))


@blueprint.route("/teot/<id:deed_id>/luovuta", methods=["GET", "POST"])
@access(OBJECT)
def hand_over(deed_id: int) -> Answer | Response:
    """The second of two clicks: each colleague has a button."""
    deed, actor = own_deed(deed_id), current_actor()
    require(actor, Permission.DEED_MANAGE, deed)
    problem = ""
    if request.method == "POST":
        try:
            with transaction() as session:
                together.hand_over(session, actor, deed, request.form.get("user", 0, type=row_number))
        except RuleBroken as error:
            problem = messages.sentence(error)
        else:
            words = _("%(name)s is now the author of the deed.", name=deed.author.display_name if deed.author else "")
            if can(actor, Permission.DEED_EDIT, deed):
                return _back(deed, words)
            flash(words, "success")
            return redirect(url_for("accounts.own"), 303)
    page = render_template(
        "deeds/hand_over.html",
        deed=deed,
        problem=problem,
        people=together.colleagues(db.session(), current_actor(), deed),
    )
    return page, 422 if problem else 200


@blueprint.post("/teot/<id:deed_id>/organisaatiot")
@access(OBJECT)
def choose_organisations(deed_id: int) -> Answer | Response:
    deed, actor = own_deed(deed_id), current_actor()
    try:
        with transaction() as session:
            together.choose_organisations(
                session, actor, deed, request.form.get("owner", 0, type=row_number),
                request.form.getlist("organisations", type=row_number),
            )  # fmt: skip
    except RuleBroken as error:
        return _page(deed, messages.sentence(error)), 422
    return _back(deed, _("The organisations were saved."))


@blueprint.post("/teot/<id:deed_id>/osa")
@access(OBJECT)
def place(deed_id: int) -> Answer | Response:
    deed, actor = own_deed(deed_id), current_actor()
    whole_id = request.form.get("whole", type=row_number)
    try:
        with transaction() as session:
            together.place(session, actor, deed, whole_id)
    except RuleBroken as error:
        return _page(deed, messages.sentence(error)), 422
    return _back(deed, _("Saved.") if whole_id else _("The deed stands on its own again."))


# Peer review


@blueprint.post("/teot/<id:deed_id>/huomiot")
@access(OBJECT)
def write_review_note(deed_id: int) -> Answer | Response:
    deed, actor, form = own_deed(deed_id), current_actor(), NoteForm()
    if form.validate():
        try:
            with transaction() as session:
                limits.count_act(session, "note", actor)
                note = notes.write(session, actor, deed, form.body.data or "", form.form_number.data)
        except RuleBroken as error:
            form.show(error)
        else:
            return _back(deed, _("Your note was sent."), f"huomio-{note.id}")
    return _page(deed, note_form=form), 422


@blueprint.route("/teot/vertaisarvio/<token>", methods=["GET", "POST"])
@access(OBJECT)
def peer_review(token: str) -> Response:
    """The draft for an invited reader, with a thread of notes; reading needs no account, writing does."""
    actor, form = current_actor(), NoteForm()
    try:
        deed = notes.deed_to_review(db.session(), token)
    except RuleBroken:
        return bad_link()
    if form.is_submitted():
        require(actor, Permission.ACCOUNT_OWN)
        if form.validate():
            try:
                with transaction() as session:
                    limits.count_act(session, "note", actor)
                    notes.answer_invitation(session, actor, token, form.body.data or "", form.form_number.data)
            except RuleBroken as error:
                form.show(error)
            else:
                flash(_("Thank you! The makers see your note at once."), "success")
                return redirect(url_for("deeds.peer_review", token=token, _anchor="huomiot"), 303)
    elif deed.is_public:
        return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug), 303)
    page = render_template("deeds/peer_review.html", **_review_page(deed, form), token=token)
    return private(page, 422 if form.errors else 200)


def _review_page(deed: Deed, form: NoteForm) -> dict[str, Any]:
    return {
        **story(deed),
        "actor": current_actor(),
        "notes": notes.notes_of(db.session(), deed.id),
        "note_form": form,
    }
