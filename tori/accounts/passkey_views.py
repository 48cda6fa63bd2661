"""Pages of passkeys: the list, adding and removing, signing in with one; and showing once more who one is."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import HiddenField, PasswordField, StringField

from tori.accounts import passkeys, service
from tori.accounts.forms import ButtonForm, filled
from tori.accounts.fresh import fresh, mark
from tori.accounts.views import WAITING, Page, begin_session, blueprint, me, own_page_in
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.access import PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, line
from tori.edge.redirects import safe_next
from tori.policy import Permission

QUESTION = "passkey_question"
QUESTION_SECONDS = 300


class KeyForm(ToriForm):
    name = StringField(__("Name of the key"), filters=[line])
    answer = HiddenField()


class AnswerForm(ToriForm):
    answer = HiddenField()
    next = HiddenField()


class ConfirmSelfForm(ToriForm):
    current = PasswordField(__("Your password"), [filled])
    next = HiddenField()


def _challenge() -> str:
    """The question of this session: the same until it is answered or old, so that several open pages work."""
    kept = session.get(QUESTION)
    now = clock.now().timestamp()
    if not kept or now - kept["at"] > QUESTION_SECONDS / 2:
        kept = {"value": secrets.token_urlsafe(32), "at": int(now)}
        session[QUESTION] = kept
    return str(kept["value"])


def _asked() -> str:
    """The question that was asked, once: whatever the answer is, the next one needs another."""
    kept = session.pop(QUESTION, None)
    if not kept or clock.now().timestamp() - kept["at"] > QUESTION_SECONDS:
        raise RuleBroken("passkey_late")
    return str(kept["value"])


@blueprint.app_context_processor
def questions() -> dict[str, Any]:
    """``passkey_question()``: what a page that signs in hands to the browser; none where no key could work."""

    def question() -> dict[str, Any] | None:
        if request.host.partition(":")[0] != passkeys.place():
            return None
        return passkeys.question_for_signing_in(_challenge())

    return {"passkey_question": question}


@blueprint.route("/kirjaudu/avain", methods=["POST"])
@access(PUBLIC)
def sign_in_by_passkey() -> Page:
    """In place of the password, and after it in place of the code."""
    form = AnswerForm()
    target = safe_next(form.next.data)
    waiting = session.get(WAITING)
    if form.validate():
        with transaction() as rows:
            limits.count(rows, "sign_in_address", f"passkey:{limits.asker()}")
        try:
            question = _asked()
            with transaction() as rows:
                user = passkeys.sign_in(rows, form.answer.data or "", question)
        except RuleBroken as error:
            form.show(error)
        else:
            if waiting and waiting["user"] != user.id:
                session.pop(WAITING)
            begin_session(user, strong=True)
            return redirect(target or own_page_in(user.locale), 303)
    return render_template("accounts/passkey_failed.html", form=form, next=target), 422


@blueprint.route("/oma/paasyavaimet", methods=["GET", "POST"], endpoint="passkeys")
@access(Permission.ACCOUNT_OWN)
@fresh()
def own_passkeys() -> Page:
    form = KeyForm()
    if form.is_submitted() and form.validate():
        try:
            question = _asked()
            with transaction() as rows:
                passkeys.add(rows, current_actor(), form.answer.data or "", question, form.name.data or "")
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The key is ready. From now on you can sign in with it."), "success")
            return redirect(url_for("accounts.passkeys"), 303)
    works = request.host.partition(":")[0] == passkeys.place()
    page = render_template(
        "accounts/passkeys.html", form=form, keys=passkeys.of(db.session(), me()), place=passkeys.place(),
        question=passkeys.question_for_new(db.session(), me(), _challenge()) if works else None,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/oma/paasyavaimet/<id:passkey_id>/poista", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
@fresh("accounts.passkeys")
def remove_passkey(passkey_id: int) -> Page:
    if ButtonForm().validate_on_submit():
        with transaction() as rows:
            passkeys.remove(rows, current_actor(), passkey_id)
        flash(_("The key was removed. It no longer opens your account."), "success")
    return redirect(url_for("accounts.passkeys"), 303)


@blueprint.route("/oma/vahvista", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def confirm_self() -> Page:
    target = safe_next(request.values.get("next"))
    form = ConfirmSelfForm(data={"next": target or ""})
    if form.is_submitted() and form.validate():
        try:
            service.require_password(current_actor(), form.current.data or "")
        except RuleBroken as error:
            form.show(error)
        else:
            mark()
            return redirect(request.script_root + target if target else url_for("accounts.security"), 303)
    page = render_template(
        "accounts/confirm_self.html", form=form, next=target, has_password=me().password_hash is not None
    )
    return page, 422 if form.is_submitted() else 200
