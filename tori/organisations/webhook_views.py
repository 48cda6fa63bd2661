"""The page of an organisation's addresses that are told of changes."""

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from tori.config import Config
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.models.people import Organisation
from tori.organisations import queries, webhooks
from tori.organisations.views import blueprint
from tori.policy import Permission, require

EVENT_NAMES = {
    "deed.published": __("A deed is published"),
    "deed.updated": __("A published deed changes"),
    "deed.archived": __("A deed is archived"),
    "deed.withdrawn": __("A deed is taken back"),
    "deed.adopted": __("Somebody takes a model"),
    webhooks.PING: __("Test message"),
}
ACTIONS = {
    "kokeile": (webhooks.ping, __("A test message is on its way. Look at the list in a moment.")),
    "uudestaan": (webhooks.try_again, __("The messages are sent again.")),
    "poista": (webhooks.remove, __("The address is no longer told of anything.")),
}


class WebhookForm(ToriForm):
    url = StringField(__("Address"))
    events = SelectMultipleField(
        __("Tell when"),
        choices=[SelectChoice(name, EVENT_NAMES[name]) for name in webhooks.EVENTS],
        validate_choice=False,
    )
    hears_all = BooleanField(__("Tell of the deeds of everybody, not only of ours"))


def _organisation(slug: str) -> Organisation:
    organisation = queries.organisation_of(db.session(), slug)
    require(current_actor(), Permission.ORGANISATION_WEBHOOKS, organisation)
    return organisation


def _page(organisation: Organisation, form: WebhookForm, secret: str = "", status: int = 200) -> Response:
    rows = webhooks.webhooks_of(db.session(), organisation)
    page = render_template(
        "organisations/webhooks.html",
        organisation=organisation,
        form=form,
        secret=secret,
        webhooks=rows,
        latest=webhooks.latest(db.session(), rows),
        names=EVENT_NAMES,
    )
    response = Response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.route("/organisaatiot/<slug>/viestit-jarjestelmille", methods=["GET", "POST"])
@access(OBJECT)
def webhooks_page(slug: str) -> Response:
    organisation = _organisation(slug)
    form = WebhookForm()
    if not form.is_submitted():
        return _page(organisation, WebhookForm(data={"events": list(webhooks.EVENTS)}))
    if form.validate():
        config: Config = current_app.extensions["tori"]
        try:
            with transaction() as session:
                _row, secret = webhooks.add(
                    session, current_actor(), _organisation(slug), form.url.data or "", form.events.data or [],
                    form.hears_all.data, webhooks.own_hosts(config),
                )  # fmt: skip
        except RuleBroken as error:
            form.show(error)
        else:
            return _page(
                _organisation(slug), WebhookForm(formdata=None, data={"events": list(webhooks.EVENTS)}), secret
            )
    return _page(_organisation(slug), form, status=422)


@blueprint.route("/organisaatiot/<slug>/viestit-jarjestelmille/<id:webhook_id>/<action>", methods=["POST"])
@access(OBJECT)
def change_webhook(slug: str, webhook_id: int, action: str) -> BaseResponse:
    if action not in ACTIONS:
        raise NotFound(action)
    change, words = ACTIONS[action]
    with transaction() as session:
        change(session, current_actor(), _organisation(slug), webhook_id)
    flash(str(words), "success")
    return redirect(url_for("organisations.webhooks_page", slug=slug), 303)
