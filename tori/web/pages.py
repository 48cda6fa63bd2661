"""Pages of text about the service, and the feedback form."""

from datetime import date

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from tori.accounts.jobs import COUNTERS_KEPT
from tori.accounts.single_sign_on import providers
from tori.config import Config
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.forms import OpenForm, block, line
from tori.models.deeds import DEFAULT_LICENCE
from tori.web.feedback import ANSWER_DAYS, MAX_BODY, MAX_PAGE, TOPICS, Topic, send_feedback
from tori.web.statement import load as load_statement

PRIVACY_DATE = date(2026, 11, 27)
TERMS_DATE = date(2026, 11, 22)

blueprint = Blueprint("pages", __name__)


class FeedbackForm(OpenForm):
    topic = RadioField(
        __("What is it about?"),
        choices=[SelectChoice(topic.value, label) for topic, label in TOPICS.items()],
        validators=[InputRequired(__("Choose what it is about."))],
    )
    body = TextAreaField(
        __("Your message"),
        filters=[block],
        validators=[
            InputRequired(__("Write your message.")),
            Length(max=MAX_BODY, message=__("The message is too long: at most 5,000 characters.")),
        ],
    )
    page = StringField(
        __("Which page is it about?"),
        filters=[line],
        validators=[Length(max=MAX_PAGE, message=__("The address is too long."))],
    )
    email = StringField(
        __("Your e-mail address"),
        filters=[line],
        validators=[
            Optional(),
            Length(max=254, message=__("The e-mail address is too long.")),
            Email(__("Write the e-mail address in full, for example name@example.org.")),
        ],
    )


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


@blueprint.route("/ohje")
@access(PUBLIC)
def help() -> str:
    return render_template("pages/help.html")


@blueprint.route("/tietoa")
@access(PUBLIC)
def about() -> str:
    return render_template("pages/about.html", operator=_config().operator)


@blueprint.route("/saavutettavuus")
@access(PUBLIC)
def accessibility() -> str:
    config, statement = _config(), load_statement(db.session())
    return render_template(
        "pages/accessibility.html",
        operator=config.operator,
        supervisor=config.supervisor,
        dated=statement.assessed_on,
        statement=statement,
        answer_days=ANSWER_DAYS,
    )


@blueprint.route("/tietosuoja")
@access(PUBLIC)
def privacy() -> str:
    config = _config()
    return render_template(
        "pages/privacy.html",
        operator=config.operator,
        settings=config,
        dated=PRIVACY_DATE,
        cookie="__Host-session" if config.is_secure else "session",
        providers=providers(),
        counter_days=COUNTERS_KEPT.days,
    )


@blueprint.route("/kayttoehdot")
@access(PUBLIC)
def terms() -> str:
    return render_template("pages/terms.html", operator=_config().operator, dated=TERMS_DATE, licence=DEFAULT_LICENCE)


@blueprint.route("/avoin-data")
@access(PUBLIC)
def developers() -> str:
    return render_template("pages/developers.html", licence=DEFAULT_LICENCE)


@blueprint.route("/palaute", methods=["GET", "POST"])
@access(OBJECT)
def contact() -> str | Response | tuple[str, int]:
    form = FeedbackForm()
    if request.method == "GET":
        chosen = request.args.get("aihe", "")
        form.page.data = form.page.data or request.args.get("sivu", "")[:MAX_PAGE]
        form.topic.data = form.topic.data or (chosen if chosen in set(Topic) else None)
        return render_template("pages/contact.html", form=form, limit=MAX_BODY, answer_days=ANSWER_DAYS)
    if form.is_from_program:
        return redirect(url_for("pages.contact_received"), 303)
    if form.validate():
        try:
            _send(form)
        except RuleBroken as error:
            form.show(error)
        else:
            return redirect(url_for("pages.contact_received"), 303)
    return render_template("pages/contact.html", form=form, limit=MAX_BODY, answer_days=ANSWER_DAYS), 422


def _send(form: FeedbackForm) -> None:
    with transaction() as session:
        send_feedback(
            session,
            current_actor(),
            topic=form.topic.data,
            body=form.body.data,
            email=form.email.data or "",
            page=form.page.data or "",
            address=request.remote_addr or "",
        )


@blueprint.route("/palaute/kiitos")
@access(PUBLIC)
def contact_received() -> str:
    return render_template("pages/contact_received.html", answer_days=ANSWER_DAYS)
