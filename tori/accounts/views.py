"""Signing up, in and out, and a person's own pages."""

import json
from typing import Any, cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from tori.accounts import fresh, names, queries, second_factor, service, tokens
from tori.accounts.browsers import browser_name
from tori.accounts.export import everything_about
from tori.accounts.forms import (
    NOT_LISTED,
    ButtonForm,
    ConfirmForm,
    DetailsForm,
    EmailForm,
    ForgotForm,
    PasswordForm,
    RegistrationForm,
    ResetForm,
    SignInForm,
)
from tori.accounts.signing_in import sign_in as check_sign_in
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds import drafts
from tori.deeds.labels import PARTS
from tori.deeds.queries import cards_in_themes, cards_of_author, interests_of
from tori.deeds.requests import wanted_of
from tori.edge import limits
from tori.edge.access import PUBLIC, access
from tori.edge.actor import STRONG, current_actor
from tori.edge.forms import ToriForm
from tori.edge.late_forms import KEPT
from tori.edge.redirects import safe_next
from tori.edge.sessions import STAFF, DatabaseSession, hash_token
from tori.edge.templating import request_locale
from tori.i18n import LOCALES, prefix_of
from tori.models.deeds import PUBLIC_STATUSES, UNPUBLISHED_STATUSES, DeedStatus
from tori.models.people import User
from tori.notifications import inbox
from tori.policy import Permission

blueprint = Blueprint("accounts", __name__)

Page = str | tuple[str, int] | BaseResponse

KNOWN = "known_people"
WAITING = "waits_for_code"
REGISTERED = "registered_here"
"""Hashes of the addresses that were registered with this browser."""
MAX_KNOWN = 5
NEW_SHOWN = 3
QUICK_SECONDS = 3
"""Nobody fills in the registration faster than this."""


@blueprint.app_context_processor
def chosen_theme() -> dict[str, str]:
    return {"theme": current_user.theme if current_user and current_user.is_authenticated else ""}


def me() -> User:
    user = current_actor().user
    assert user is not None
    return user


def _browser_session() -> DatabaseSession:
    return cast(DatabaseSession, session._get_current_object())  # type: ignore[attr-defined]


def _address() -> str:
    return request.remote_addr or ""


def own_page_in(locale: str) -> str:
    """The own page in a person's language, which need not be the language of this page."""
    return prefix_of(locale) + url_for("accounts.own").removeprefix(request.script_root)


# Signing in and out


@blueprint.route("/kirjaudu", methods=["GET", "POST"])
@access(PUBLIC)
def sign_in() -> Page:
    target = safe_next(request.values.get("next"))
    if request.method == "GET" and current_actor().is_member:
        return redirect(target or url_for("accounts.own"), 303)
    form = SignInForm(data={"next": target or ""})
    if not form.is_submitted():
        return render_template("accounts/sign_in.html", form=form, next=target)
    if form.validate():
        try:
            user = check_sign_in(form.email.data, form.password.data, _address(), session.get(KNOWN, []))
        except RuleBroken as error:
            form.show(error)
        else:
            return let_in(user, target)
    return render_template("accounts/sign_in.html", form=form, next=target), 422


def mark_of_password(user: User) -> str:
    """Tells whether the password is still the same, and nothing of it."""
    return hash_token(f"password:{user.password_hash}")[:16]


def let_in(user: User, target: str | None) -> Page:
    """Begins the session, or asks for the code first where a second factor is on."""
    if second_factor.is_on(db.session(), user):
        session[WAITING] = {"user": user.id, "at": int(clock.now().timestamp()), "password": mark_of_password(user)}
        return redirect(url_for("accounts.enter_code", next=target), 303)
    begin_session(user)
    return redirect(target or own_page_in(user.locale), 303)


def begin_session(user: User, strong: bool = False) -> None:
    """A session of one person: a new cookie, and nothing from before but the text of a form that waits for it.

    ``strong`` tells that more than a password or a mailed link has shown who it is.
    """
    kept, known = session.get(KEPT), session.get(KNOWN, [])
    if text := session.get(drafts.VISITORS_TEXT):
        with transaction() as rows:
            drafts.claim(rows, rows.get_one(User, user.id), text)
    session.clear()
    if kept:
        session[KEPT] = kept
    if strong:
        session[STRONG] = True
    if user.has_special_role:
        session[STAFF] = True
    fresh.mark()
    session[KNOWN] = [user.id, *(number for number in known if number != user.id)][:MAX_KNOWN]
    login_user(user)
    _browser_session().renew()


@blueprint.route("/kirjaudu/ulos", methods=["POST"])
@access(PUBLIC)
def sign_out() -> Page:
    known = session.get(KNOWN, [])
    with transaction() as rows:
        service.sign_out(rows, current_actor())
    logout_user()
    session.clear()
    # The browser stays known for as long as a session lives, so that a stranger's guesses can't lock its owner out.
    session[KNOWN] = known
    _browser_session().renew()
    if following := safe_next(request.form.get("next")):
        return redirect(following, 303)
    flash(_("You have signed out. Welcome back!"), "success")
    return redirect(request.script_root + "/", 303)


# Registering


@blueprint.route("/rekisteroidy", methods=["GET", "POST"])
@access(PUBLIC)
def register() -> Page:
    if current_actor().is_member:
        return redirect(safe_next(request.args.get("next")) or url_for("accounts.own"), 303)
    form = RegistrationForm(data={"next": safe_next(request.args.get("next")) or ""})
    form.organisation.choices = _organisation_choices()
    if not form.is_submitted():
        return _registration_page(form)
    if form.validate() and _organisation_is_clear(form):
        if not form.homepage.data:
            try:
                _register(form)
            except RuleBroken as error:
                form.show(error)
                return _registration_page(form), 422
        return redirect(url_for("accounts.register_sent"), 303)
    return _registration_page(form), 422


def _registration_page(form: RegistrationForm) -> str:
    form.opened.data = form.opened.data or _signer().sign(b"register").decode()
    return render_template("accounts/register.html", form=form)


def _organisation_choices() -> list[SelectChoice]:
    return [
        SelectChoice("", _("Choose, or leave it to your e-mail address")),
        *_listed_organisations(),
        SelectChoice(NOT_LISTED, _("My organisation is not in the list")),
    ]


def _listed_organisations() -> list[SelectChoice]:
    return [SelectChoice(slug, name) for slug, name in queries.listed_organisations(db.session(), request_locale())]


def _organisation_is_clear(form: RegistrationForm) -> bool:
    """An address whose domain is not known needs a choice; that the domain decides is no secret."""
    email = names.normal_email(form.email.data)
    if form.organisation.data or service.organisation_of_email(db.session(), email):
        return True
    form.show(RuleBroken("domain_not_known", field="organisation", domain=email.rpartition("@")[2]))
    return False


def _register(form: RegistrationForm) -> None:
    with transaction() as rows:
        limits.count(rows, "register_address", limits.asker())
        if _was_quick(form.opened.data or ""):
            limits.count(rows, "register_quick", limits.asker())
    organisation = "" if form.organisation.data == NOT_LISTED else form.organisation.data or ""
    registration = service.Registration.check(
        form.email.data, form.name.data, form.job_title.data, organisation, form.password.data
    )
    with transaction() as rows:
        text = session.get(drafts.VISITORS_TEXT)
        service.register(rows, registration, request_locale(), safe_next(form.next.data), text)
    session[REGISTERED] = [hash_token(registration.email), *session.get(REGISTERED, [])][:MAX_KNOWN]


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.secret_key), salt="registration")


def _was_quick(opened: str) -> bool:
    """Sent faster than a person writes, or without having opened the page: fewer of these are taken from an address."""
    try:
        moment = _signer().unsign(opened, return_timestamp=True)[1]
    except BadSignature:
        return True
    return bool((clock.now() - moment).total_seconds() < QUICK_SECONDS)


@blueprint.route("/rekisteroidy/lahetetty")
@access(PUBLIC)
def register_sent() -> Page:
    return render_template("accounts/register_sent.html", hours=_config().confirmation_hours)


@blueprint.route("/rekisteroidy/vahvista/<token>", methods=["GET", "POST"])
@access(PUBLIC)
def confirm(token: str) -> Page:
    """Opening the link changes nothing, as mail scanners open it too; the button does."""
    try:
        pending = service.pending_account(db.session(), token)
        form: ConfirmForm | ButtonForm = ButtonForm() if _registered_here(pending.email) else ConfirmForm()
        if not form.validate_on_submit():
            return _confirmation_page(form, pending, token)
        if isinstance(form, ConfirmForm):
            service.check_pending_password(token, form.password.data or "")
        with transaction() as rows:
            user = service.confirm(rows, token)
    except RuleBroken as error:
        if error.code != "password_not_chosen":
            return bad_link("register")
        form.show(error)
        return _confirmation_page(form, pending, token)
    begin_session(user)
    flash(_("Welcome to the square! Your account is ready."), "success")
    return redirect(safe_next(pending.next) or own_page_in(user.locale), 303)


def _registered_here(email: str) -> bool:
    """Whether this browser has filled in the registration. Another one has to know the password that was chosen, or
    whoever registers the address of somebody else would get an account with the press of its owner."""
    return hash_token(email) in session.get(REGISTERED, [])


def _confirmation_page(form: ToriForm, pending: service.PendingAccount, token: str) -> Response:
    page = render_template("accounts/confirm.html", form=form, pending=pending, token=token)
    return private(page, 422 if form.is_submitted() else 200)


def private(page: str, status: int = 200) -> Response:
    """A page whose address holds a secret."""
    response = Response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def bad_link(kind: str) -> Response:
    return private(render_template("accounts/bad_link.html", kind=kind), 400)


def _config() -> Any:
    return current_app.extensions["tori"]


# Passwords


@blueprint.route("/unohtunut-salasana", methods=["GET", "POST"])
@access(PUBLIC)
def forgot_password() -> Page:
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot_password.html", form=form), 422 if form.is_submitted() else 200
    with transaction() as rows:
        limits.count(rows, "reset_address", limits.asker())
        service.request_reset(rows, names.normal_email(form.email.data))
    return redirect(url_for("accounts.forgot_sent"), 303)


@blueprint.route("/unohtunut-salasana/lahetetty")
@access(PUBLIC)
def forgot_sent() -> Page:
    return render_template("accounts/forgot_sent.html", minutes=_config().token_minutes)


@blueprint.route("/uusi-salasana/<token>", methods=["GET", "POST"])
@access(PUBLIC)
def reset_password(token: str) -> Page:
    form = ResetForm()
    try:
        tokens.find(db.session(), token, tokens.Purpose.RESET)
    except RuleBroken:
        return bad_link("reset")
    if form.validate_on_submit():
        try:
            service.reset_password(token, form.password.data)
        except RuleBroken as error:
            if error.code == "bad_link":
                return bad_link("reset")
            form.show(error)
        else:
            logout_user()
            flash(_("Your new password is in use. Sign in with it."), "success")
            return redirect(url_for("accounts.sign_in"), 303)
    status = 422 if form.is_submitted() else 200
    return private(render_template("accounts/reset_password.html", form=form, token=token), status)


# Own pages


@blueprint.route("/oma")
@access(Permission.ACCOUNT_OWN)
def own() -> Page:
    rows, user, locale = db.session(), me(), request_locale()
    cards = cards_of_author(rows, user, locale)
    adoptions = queries.adoptions_of_own(rows, user, locale)
    published = [card for card in cards if card.status in PUBLIC_STATUSES]
    return render_template(
        "accounts/own.html",
        drafts=[card for card in cards if card.status in UNPUBLISHED_STATUSES],
        published=published,
        withdrawn=[card for card in cards if card.status == DeedStatus.WITHDRAWN],
        adoptions=adoptions,
        unfinished=drafts.unfinished_of(rows, user),
        notices_of_deeds=inbox.latest(rows, user),
        unread=inbox.unread_count(rows, user),
        wanted=wanted_of(rows, user),
        **_new_for_us(rows, user),
        part_labels=PARTS,
        is_newcomer=not cards and not adoptions and not queries.has_commented(rows, user),
        form=ButtonForm(),
    )


def _new_for_us(rows: Session, user: User) -> dict[str, Any]:
    """The newest deeds of others on the themes that the person's organisation is interested in."""
    home = user.organisation
    if home is None:
        return {"new_for_us": []}
    interests = interests_of(rows, home.id)
    numbers = [theme.id for theme in interests]
    return {"new_for_us": cards_in_themes(rows, numbers, home.id, request_locale(), NEW_SHOWN), "interests": interests}


@blueprint.route("/oma/luettu", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
def mark_read() -> Page:
    with transaction() as rows:
        inbox.mark_read(rows, me())
    return redirect(url_for("accounts.own"), 303)


@blueprint.route("/oma/tiedot", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def details() -> Page:
    rows, user = db.session(), me()
    may_choose = service.may_choose_organisation(rows, user)
    form = _details_form(user, may_choose)
    if not form.is_submitted():
        return _details_page(form, may_choose)
    if form.validate():
        try:
            _change_details(form, may_choose)
        except RuleBroken as error:
            form.show(error)
        else:
            locale = form.locale.data if form.locale.data in LOCALES else request_locale()
            with force_locale(locale):
                flash(_("Your details have been saved."), "success")
            return redirect(own_page_in(locale) + "/tiedot", 303)
    return _details_page(form, may_choose), 422


def _details_form(user: User, may_choose: bool) -> DetailsForm:
    first = user.memberships[0] if user.memberships else None
    form = DetailsForm(
        data={
            "name": user.display_name,
            "job_title": user.job_title,
            "locale": user.locale,
            "theme": user.theme,
            "organisation": first.organisation.slug if first else "",
            "unit": first.unit if first else "",
        }
    )
    if may_choose:
        form.organisation.choices = [SelectChoice("", _("No organisation")), *_listed_organisations()]
    else:
        del form.organisation
    return form


def _change_details(form: DetailsForm, may_choose: bool) -> None:
    with transaction() as rows:
        service.change_details(
            rows,
            current_actor(),
            service.Details(
                display_name=form.name.data or "",
                job_title=form.job_title.data or "",
                organisation=(form.organisation.data or "") if may_choose else None,
                unit=form.unit.data or "",
                locale=form.locale.data,
                theme=form.theme.data or "",
            ),
        )


def _details_page(form: DetailsForm, may_choose: bool) -> str:
    return render_template("accounts/details.html", form=form, may_choose=may_choose, user=me())


@blueprint.route("/oma/sahkoposti", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def email() -> Page:
    form = EmailForm()
    if not form.is_submitted():
        return render_template("accounts/email.html", form=form, user=me())
    if form.validate():
        try:
            service.request_email_change(current_actor(), form.email.data, form.current.data)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("We sent a link to the new address. It begins to count when you open the link."), "success")
            return redirect(url_for("accounts.details"), 303)
    return render_template("accounts/email.html", form=form, user=me()), 422


@blueprint.route("/oma/sahkoposti/<token>", methods=["GET", "POST"])
@access(PUBLIC)
def confirm_email(token: str) -> Page:
    form = ButtonForm()
    try:
        address = service.pending_email(db.session(), token)
        if not form.validate_on_submit():
            return private(render_template("accounts/confirm_email.html", form=form, address=address, token=token))
        with transaction() as rows:
            service.confirm_email(rows, token)
    except RuleBroken:
        return bad_link("email")
    flash(_("The new address is in use."), "success")
    return redirect(url_for("accounts.details"), 303)


@blueprint.route("/oma/salasana", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def password() -> Page:
    form = PasswordForm()
    if not form.is_submitted():
        return render_template("accounts/password.html", form=form)
    if form.validate():
        try:
            service.change_password(current_actor(), form.current.data, form.password.data, _browser_session().token)
        except RuleBroken as error:
            form.show(error)
        else:
            _browser_session().renew()
            flash(_("Your password has been changed. You were signed out everywhere else."), "success")
            return redirect(url_for("accounts.details"), 303)
    return render_template("accounts/password.html", form=form), 422


@blueprint.route("/oma/istunnot", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def sessions() -> Page:
    form = ButtonForm()
    token = _browser_session().token
    if form.validate_on_submit():
        one = request.form.get("session", "")
        with transaction() as rows:
            if one:
                service.end_one_session(rows, current_actor(), one)
            else:
                service.end_other_sessions(rows, current_actor(), token)
        flash(
            _("That browser has been signed out.") if one else _("You have been signed out everywhere else."), "success"
        )
        return redirect(url_for("accounts.sessions"), 303)
    here = hash_token(token) if token else ""
    listed = [
        (browser_name(row.user_agent), row.created_at, row.seen_at, row.hash == here, service.handle_of(row))
        for row in queries.sessions_of(db.session(), me())
    ]
    return render_template("accounts/sessions.html", form=form, sessions=listed)


@blueprint.route("/oma/vienti")
@access(Permission.ACCOUNT_OWN)
def export() -> Response:
    """Everything about the person as a file (Art. 15 and 20 of the GDPR)."""
    text = json.dumps(everything_about(db.session(), me()), ensure_ascii=False, indent=2)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = 'attachment; filename="tekojen-tori-omat-tiedot.json"'
    return response
