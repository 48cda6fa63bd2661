"""To the identity provider of an organisation and back."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from tori.accounts import single_sign_on as sso
from tori.accounts.forms import ButtonForm
from tori.accounts.fresh import fresh
from tori.accounts.views import Page, begin_session, blueprint, let_in, own_page_in
from tori.core.errors import NotFound, RuleBroken
from tori.database import transaction
from tori.edge import limits, messages
from tori.edge.access import PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.redirects import safe_next
from tori.edge.templating import public_link, request_locale
from tori.policy import Permission

TARGET = "sso_target"
CONNECTS = "sso_connects"


@blueprint.app_context_processor
def sign_in_choices() -> dict[str, object]:
    return {"sso_providers": sso.providers}


def _provider(key: str) -> sso.Provider:
    found = sso.provider_of(key)
    if found is None:
        raise NotFound(key)
    return found


def _callback(provider: sso.Provider) -> str:
    return public_link(current_app.extensions["tori"], "accounts.sso_back", "fi", provider=provider.key)


@blueprint.route("/kirjaudu/organisaatio/<provider>")
@access(PUBLIC)
def sso_start(provider: str) -> Page:
    chosen = _provider(provider)
    session[TARGET] = {"next": safe_next(request.args.get("next")), "locale": request_locale()}
    session.pop(CONNECTS, None)
    return _go(chosen)


@blueprint.route("/oma/turvallisuus/yhdista/<provider>", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
@fresh("accounts.security")
def sso_connect(provider: str) -> Page:
    """A form of ours may not lead to another site at once, so the way goes over a page with a link."""
    chosen = _provider(provider)
    if not ButtonForm().validate_on_submit():
        return redirect(url_for("accounts.security"), 303)
    session[CONNECTS] = current_actor().id
    session[TARGET] = {"next": url_for("accounts.security"), "locale": request_locale()}
    return render_template("accounts/sso_go.html", provider=chosen)


@blueprint.route("/oma/turvallisuus/yhdista/<provider>/jatka")
@access(Permission.ACCOUNT_OWN)
def sso_go(provider: str) -> Page:
    if session.get(CONNECTS) != current_actor().id:
        return redirect(url_for("accounts.security"), 303)
    return _go(_provider(provider))


def _go(provider: sso.Provider) -> Page:
    with transaction() as rows:
        limits.count(rows, "sign_in_address", f"sso:{limits.asker()}")
    try:
        return sso.redirect_to(provider, _callback(provider))
    except RuleBroken as error:
        return _failed(error, provider, 503)


@blueprint.route("/kirjaudu/organisaatio/<provider>/paluu")
@access(PUBLIC)
def sso_back(provider: str) -> Page:
    chosen = _provider(provider)
    with transaction() as rows:
        limits.count(rows, "sign_in_address", f"sso:{limits.asker()}")
    connects, target = session.pop(CONNECTS, None), (session.pop(TARGET, None) or {}).get("next")
    try:
        person = sso.person_behind(chosen)
        if connects is not None and connects == current_actor().id:
            with transaction() as rows:
                sso.connect(rows, current_actor(), person)
            flash(_("Your organisation’s account is connected. From now on you can sign in with it."), "success")
            return redirect(url_for("accounts.security"), 303)
        with transaction() as rows:
            user = sso.sign_in(rows, person)
    except RuleBroken as error:
        return _failed(error, chosen, 503 if error.code == "sso_away" else 400)
    if not chosen.second_factor:
        return let_in(user, target)
    begin_session(user, strong=True)
    return redirect(safe_next(target) or own_page_in(user.locale), 303)


def _failed(error: RuleBroken, provider: sso.Provider, status: int) -> Page:
    words = messages.sentence(error, provider=provider.name)
    return render_template("accounts/sso_failed.html", words=words, provider=provider), status


@blueprint.route("/oma/turvallisuus/yhteys/<id:identity_id>/poista", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
@fresh("accounts.security")
def sso_disconnect(identity_id: int) -> Page:
    with transaction() as rows:
        sso.disconnect(rows, current_actor(), identity_id)
    flash(_("The connection has been removed."), "success")
    return redirect(url_for("accounts.security"), 303)
