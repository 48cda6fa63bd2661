"""Pages of the second factor: asking for the code while signing in, and taking it into use."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField

from tori.accounts import passkeys, second_factor
from tori.accounts.forms import filled
from tori.accounts.fresh import fresh
from tori.accounts.views import WAITING, Page, begin_session, blueprint, mark_of_password, me, own_page_in
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge.access import PUBLIC, access
from tori.edge.actor import STRONG, current_actor
from tori.edge.forms import ToriForm
from tori.edge.redirects import safe_next
from tori.edge.sessions import DatabaseSession, end_sessions
from tori.models.accounts import Identity
from tori.models.people import User
from tori.policy import Permission

WAITING_SECONDS = 600


class CodeForm(ToriForm):
    code = StringField(__("Code"), [filled])
    next = HiddenField()


def _waiting_user() -> int | None:
    """Whose password was right a moment ago; nobody's when it has been changed since."""
    waiting = session.get(WAITING)
    if not waiting or clock.now().timestamp() - waiting["at"] > WAITING_SECONDS:
        return None
    user = db.session.get(User, int(waiting["user"]))
    return user.id if user is not None and waiting.get("password") == mark_of_password(user) else None


@blueprint.route("/kirjaudu/koodi", methods=["GET", "POST"])
@access(PUBLIC)
def enter_code() -> Page:
    target = safe_next(request.values.get("next"))
    user_id = _waiting_user()
    if user_id is None:
        session.pop(WAITING, None)
        return redirect(url_for("accounts.sign_in", next=target), 303)
    form = CodeForm(data={"next": target or ""})
    if not form.is_submitted():
        return render_template("accounts/enter_code.html", form=form, next=target)
    if form.validate():
        try:
            user = second_factor.check(user_id, form.code.data)
        except RuleBroken as error:
            form.show(error)
        else:
            begin_session(user, strong=True)
            return redirect(target or own_page_in(user.locale), 303)
    return render_template("accounts/enter_code.html", form=form, next=target), 422


@blueprint.route("/oma/turvallisuus")
@access(Permission.ACCOUNT_OWN)
def security() -> Page:
    """Everything about getting in: password, second factor, other services, sessions."""
    return _security_page(CodeForm(formdata=None))


def _security_page(form: CodeForm) -> str:
    rows, user = db.session(), me()
    identities = rows.query(Identity).filter(Identity.user_id == user.id).order_by(Identity.id).all()
    return render_template(
        "accounts/security.html",
        is_on=second_factor.is_on(rows, user),
        is_demanded=second_factor.is_demanded(user),
        codes_left=second_factor.codes_left(rows, user),
        passkeys=passkeys.of(rows, user),
        identities=identities,
        form=form,
    )


@blueprint.route("/oma/kaksivaiheinen", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
@fresh()
def start_second_factor() -> Page:
    if second_factor.is_on(db.session(), me()):
        return redirect(url_for("accounts.security"), 303)
    form = CodeForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with transaction() as rows:
                    codes = second_factor.confirm(rows, current_actor(), form.code.data)
                    end_sessions(me().id, except_token=_own_session().token)
            except RuleBroken as error:
                form.show(error)
            else:
                session[STRONG] = True
                _own_session().renew()
                return render_template("accounts/recovery_codes.html", codes=codes, is_new=True)
    with transaction() as rows:
        secret = second_factor.begin(rows, current_actor())
    picture = second_factor.picture_of(me(), secret)
    page = render_template(
        "accounts/start_second_factor.html", form=form, picture=picture, secret=secret,
        is_demanded=second_factor.is_demanded(me()),
    )  # fmt: skip
    return page, status


@blueprint.route("/oma/varakoodit", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
def renew_codes() -> Page:
    """The code is in the same form as for switching off."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = _with_code(lambda rows: second_factor.renew_codes(rows, current_actor(), form.code.data))
        except RuleBroken as error:
            form.show(error)
        else:
            return render_template("accounts/recovery_codes.html", codes=codes, is_new=False)
    return _security_page(form), 422


T = TypeVar("T")


def _with_code(act: Callable[[Session], T]) -> T:
    """Does what needs a code. Tries are counted as those of signing in are."""
    user_id = me().id
    second_factor.count_try(user_id)
    with transaction() as rows:
        done = act(rows)
        second_factor.forget_tries(rows, user_id)
    return done


@blueprint.route("/oma/kaksivaiheinen/pois", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
def end_second_factor() -> Page:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            _with_code(lambda rows: second_factor.turn_off(rows, current_actor(), form.code.data))
        except RuleBroken as error:
            form.show(error)
        else:
            session.pop(STRONG, None)
            flash(_("Signing in no longer asks for a code."), "success")
            return redirect(url_for("accounts.security"), 303)
    return _security_page(form), 422


def _own_session() -> DatabaseSession:
    return cast(DatabaseSession, session._get_current_object())  # type: ignore[attr-defined]
