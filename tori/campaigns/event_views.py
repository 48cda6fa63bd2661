"""A stand at a fair: a quick deed on a shared tablet. Nobody signs in on it, and nothing of the one before is left.

The text waits for the address that was given: its link leads to the form, where an account is made at home.
"""

from email_validator import EmailNotValidError, validate_email
from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField
from wtforms.validators import InputRequired

from tori.campaigns import queries
from tori.campaigns.views import blueprint, short_link
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds import drafts, form_steps, sharing
from tori.deeds.forms import DeedForm
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import line
from tori.edge.templating import request_locale
from tori.models.campaigns import Campaign
from tori.notifications import mail
from tori.notifications.links import mail_link

Page = str | tuple[str, int] | BaseResponse
STAND = "tapahtuma"
"""The counted source of a stand."""
QUESTIONS = ("title", "summary", "sector")
BACK_SECONDS = 20
"""So long the thanks stay before the empty form comes back."""
IDLE_SECONDS, WARNED_SECONDS = 150, 30
"""An untouched form asks after this, and is emptied when nobody answers."""


class StandForm(DeedForm):
    """The three questions of a quick deed and where its link goes. No token: the tablet has no session."""

    email = StringField(__("Your e-mail"), filters=[line], validators=[InputRequired(__("Fill in this field."))])


def _form() -> StandForm:
    form = StandForm(meta={"csrf": False})
    form.prepare(db.session(), current_actor(), request_locale())
    form.keep_only([*QUESTIONS, "email"])
    return form


def _plain(page: str, status: int = 200) -> Response:
    """Never kept: the back button of a shared device must not bring somebody's text back."""
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/kampanjat/<slug>/paikalla", methods=["GET", "POST"])
@access(OBJECT)
def stand(slug: str) -> Page:
    campaign = queries.campaign_of(db.session(), slug)
    form = _form()
    is_open = campaign.is_running(clock.today())
    if current_actor().user is None and is_open and form.is_submitted() and form.validate():
        if request.form.get("homepage"):
            return redirect(url_for("campaigns.stand_thanks", slug=slug), 303)
        try:
            _keep(campaign, form)
        except RuleBroken as error:
            form.show(error)
        else:
            return redirect(url_for("campaigns.stand_thanks", slug=slug), 303)
    if is_open and form.errors:
        _count(campaign, form_steps.STUMBLED, *(form_steps.FIELD + name for name in form.errors if name))
    elif is_open and request.method == "GET":
        _count(campaign, form_steps.OPENED)
    link = short_link(campaign, STAND)
    page = render_template(
        "campaigns/stand.html",
        campaign=campaign, form=form, is_open=is_open, link=link, code=sharing.qr_code(link), ink=sharing.QR_INK,
        sector_slugs={choice.value: choice.value for choice in form.sector.choices}, idle=IDLE_SECONDS,
        warned=WARNED_SECONDS,
    )  # fmt: skip
    return _plain(page, 422 if form.errors else 200)


def _count(campaign: Campaign, *steps: str) -> None:
    with transaction() as session:
        form_steps.count(session, campaign, steps)


def _keep(campaign: Campaign, form: StandForm) -> None:
    try:
        checked = validate_email((form.email.data or "").strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise RuleBroken("bad_email", "email") from error
    address, locale = (checked.ascii_email or "").lower(), request_locale()
    fields = {name: [form[name].data or ""] for name in QUESTIONS}
    with transaction() as session:
        limits.count(session, "event_address", request.remote_addr)
        limits.count(session, "event_email", address)
        secret = drafts.keep_for_visitor(
            session, {**fields, "campaign": [campaign.slug], "language": [locale]}, drafts.EVENT
        )
        form_steps.count(session, campaign, [form_steps.KEPT])
        mail.enqueue(
            session, "event_text", address, locale, campaign=campaign, title=form.title.data,
            days=drafts.KEPT_FROM_EVENT.days, link=mail_link("deeds.continue_text", locale, secret=secret),
        )  # fmt: skip


@blueprint.get("/kampanjat/<slug>/paikalla/kiitos")
@access(OBJECT)
def stand_thanks(slug: str) -> Page:
    """Goes back to the empty form by itself."""
    campaign = queries.campaign_of(db.session(), slug)
    back = url_for("campaigns.stand", slug=slug)
    response = _plain(render_template("campaigns/stand_thanks.html", campaign=campaign, back=back))
    response.headers["Refresh"] = f"{BACK_SECONDS}; url={back}"
    return response
