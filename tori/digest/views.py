"""The digest by mail and the notices in the service: subscribing, choosing, leaving, reading."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.digest import subscriptions
from tori.digest.forms import OwnDigestForm, PreferencesForm, SubscribeForm
from tori.edge import limits
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.edge.templating import request_locale
from tori.models.people import User
from tori.notifications import inbox
from tori.policy import Permission

blueprint = Blueprint("digest", __name__)

Page = str | tuple[str, int] | Response


@blueprint.app_context_processor
def header_notices() -> dict[str, Any]:
    """``unread_notices()`` asks the database only where a template calls it."""

    def unread_notices() -> int:
        user = current_user._get_current_object() if current_user else None
        return inbox.unread_count(db.session(), user) if isinstance(user, User) else 0

    return {"unread_notices": unread_notices}


# Visitors


@blueprint.route("/uutiskirje", methods=["GET", "POST"])
@access(OBJECT)
def subscribe() -> Page:
    form = SubscribeForm()
    form.prepare(db.session(), request_locale())
    if not form.is_submitted():
        form.themes.data = request.args.getlist("teema")
        form.sectors.data = request.args.getlist("toimiala")
        return render_template("digest/subscribe.html", form=form)
    if form.validate():
        if form.is_from_program:
            return redirect(url_for("digest.sent"), 303)
        try:
            with transaction() as session:
                limits.count(session, "digest_address", limits.asker())
                subscriptions.subscribe(session, form.email.data, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            return redirect(url_for("digest.sent"), 303)
    return render_template("digest/subscribe.html", form=form), 422


@blueprint.get("/uutiskirje/lahetetty")
@access(PUBLIC)
def sent() -> str:
    return render_template("digest/sent.html", days=subscriptions.CONFIRM_DAYS)


def _private(page: str, status: int = 200) -> Response:
    """A page whose address holds a secret."""
    response = Response(page, status, mimetype="text/html")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.route("/uutiskirje/vahvista/<token>", methods=["GET", "POST"])
@access(OBJECT)
def confirm(token: str) -> Page:
    """Opening the link changes nothing, as mail scanners open it too; the button does."""
    form = ToriForm()
    try:
        if not form.validate_on_submit():
            subscriptions.pending(db.session(), token)
            return _private(render_template("digest/confirm.html", form=form))
        with transaction() as session:
            row = subscriptions.confirm(session, token)
    except RuleBroken:
        return _private(render_template("digest/bad_link.html"), 400)
    return _private(render_template("digest/confirmed.html", key=row.key))


@blueprint.route("/uutiskirje/peru/<key>", methods=["GET", "POST"])
@access(OBJECT)
def unsubscribe(key: str) -> Page:
    """GET asks; POST ends the digest at once, from the button or from a mail program (RFC 8058), with no cookie."""
    if request.method == "GET":
        row = subscriptions.subscriber_of(db.session(), key)
        return _private(render_template("digest/unsubscribe.html", row=row))
    with transaction() as session:
        subscriptions.leave(session, key)
    return _private(render_template("digest/left.html", key=key))


@blueprint.route("/uutiskirje/asetukset/<key>", methods=["GET", "POST"])
@access(OBJECT)
def preferences(key: str) -> Page:
    """The choices of whoever has the mail, without signing in. Shows neither address nor name."""
    row = subscriptions.subscriber_of(db.session(), key)
    form = PreferencesForm()
    form.prepare(db.session(), request_locale())
    if not form.is_submitted():
        form.fill(row, db.session())
    elif form.validate():
        try:
            with transaction() as session:
                subscriptions.change(session, key, form.content(row))
        except RuleBroken as error:
            form.show(error)
        else:
            return _private(render_template("digest/preferences.html", form=form, row=row, is_saved=True))
    page = render_template("digest/preferences.html", form=form, row=row, is_saved=False)
    return _private(page, 422 if form.errors else 200)


# Members


@blueprint.get("/oma/ilmoitukset")
@access(Permission.ACCOUNT_OWN)
def notices() -> Page:
    return _notices_page(None)


def _notices_page(form: OwnDigestForm | None) -> str:
    session = db.session()
    user = current_actor().user
    assert user is not None
    if form is None:
        with transaction() as writing:
            row = subscriptions.own(writing, current_actor())
        form = OwnDigestForm(data={"rhythm": row.rhythm, "mails_answers": row.mails_answers})
    return render_template(
        "digest/notices.html",
        form=form,
        notices_of=inbox.latest(session, user),
        unread=inbox.unread_count(session, user),
    )


@blueprint.post("/oma/ilmoitukset/luettu")
@access(Permission.ACCOUNT_OWN)
def mark_read() -> Page:
    user = current_actor().user
    assert user is not None
    with transaction() as session:
        inbox.mark_read(session, user)
    return redirect(url_for("digest.notices"), 303)


@blueprint.post("/oma/ilmoitukset/asetukset")
@access(Permission.ACCOUNT_OWN)
def change_own() -> Page:
    form = OwnDigestForm()
    if not form.validate():
        return _notices_page(form), 422
    with transaction() as session:
        subscriptions.change_own(session, current_actor(), form.rhythm.data, bool(form.mails_answers.data))
    flash(_("Your choices were saved."), "success")
    return redirect(url_for("digest.notices"), 303)
