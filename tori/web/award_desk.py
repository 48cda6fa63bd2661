"""The campaign manager's pages of awards: giving, taking back, printing and mailing."""

from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from tori.campaigns import awards, diplomas
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block, line
from tori.edge.templating import request_locale
from tori.models.campaigning import Award, DiplomaBatch
from tori.models.campaigns import AwardSeries, Campaign
from tori.models.deeds import Deed
from tori.models.people import Organisation
from tori.policy import Permission
from tori.web.desk import blueprint
from tori.wishes.views import deed_in

Page = str | Response | tuple[str, int]


class AwardForm(ToriForm):
    """``winner`` is the address or number of a deed, or the name of an organisation as it stands in the list."""

    series = SelectField(__("Series"), validators=[InputRequired(__("Choose one from the list."))])
    winner = StringField(__("Who gets it?"), filters=[line], validators=[InputRequired(__("Fill in this field."))])
    is_mention = BooleanField(__("Honorary mention"))
    citation = TextAreaField(__("Citation"), filters=[block])
    thanks = StringField(__("Thanks to a team or a role"), filters=[line])
    may_thank = BooleanField(__("They have agreed to be named"))
    note = StringField(__("Why does the published list change?"), filters=[line])

    def prepare(self, campaign: Campaign) -> None:
        self.series.choices = [SelectChoice(str(row.id), row.name) for row in campaign.series]

    def given(self) -> awards.Given:
        return awards.Given(
            self.is_mention.data, self.citation.data or "", self.thanks.data or "", self.may_thank.data,
            self.note.data or "",
        )  # fmt: skip


def _campaign(campaign_id: int) -> Campaign:
    found = db.session().get(Campaign, campaign_id)
    if found is None:
        raise NotFound("campaign")
    return found


def _winner(session: Session, series: AwardSeries, text: str) -> Deed | Organisation:
    if series.kind == "organisation":
        found = session.scalar(select(Organisation).where(Organisation.name == text))
        if found is None:
            raise RuleBroken("unknown_organisation", "winner")
        return found
    try:
        return deed_in(session, text)
    except RuleBroken as error:
        raise RuleBroken(error.code, "winner") from error


@blueprint.route("/kampanjat/<id:campaign_id>/palkinnot", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def campaign_awards(campaign_id: int) -> Page:
    campaign = _campaign(campaign_id)
    form = AwardForm()
    form.prepare(campaign)
    if form.is_submitted() and form.validate():
        try:
            with transaction() as session:
                series = session.get_one(AwardSeries, int(form.series.data))
                awards.give(session, current_actor(), series, _winner(session, series, form.winner.data), form.given())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The award was given."), "success")
            return redirect(url_for("desk.campaign_awards", campaign_id=campaign_id), 303)
    elif not form.is_submitted():
        # The shortlist of the jury leads here with its deed.
        form.winner.data = request.args.get("teko", "")[:10]
    return _page(campaign, form=form), 422 if form.errors else 200


def _page(campaign: Campaign, **more: Any) -> str:
    session = db.session()
    form = AwardForm()
    form.prepare(campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "rows": awards.award_rows(session, campaign, request_locale()),
        "deeds": awards.deeds_to_award(session, campaign),
        "is_public": awards.are_public(campaign),
        "batches": diplomas.batches_of(session, campaign),
        "problem": "",
    }
    return render_template("desk/campaign_awards.html", **{**context, **more})


@blueprint.post("/palkinnot/<id:award_id>/poista")
@access(Permission.CAMPAIGN_MANAGE)
def remove_award(award_id: int) -> Page:
    award = db.session().get(Award, award_id)
    if award is None:
        raise NotFound("award")
    campaign = award.campaign
    form = AwardForm()
    try:
        with transaction() as session:
            awards.remove(session, current_actor(), award, form.note.data or "")
    except RuleBroken as error:
        return _page(campaign, problem=messages.sentence(error)), 422
    flash(_("The award was taken back."), "success")
    return redirect(url_for("desk.campaign_awards", campaign_id=campaign.id), 303)


@blueprint.post("/kampanjat/<id:campaign_id>/kunniakirjat/<language>")
@access(Permission.CAMPAIGN_MANAGE)
def order_diplomas(campaign_id: int, language: str) -> Page:
    campaign = _campaign(campaign_id)
    try:
        with transaction() as session:
            diplomas.order(session, current_actor(), campaign, language, request.form.get("form", "pdf"))
    except RuleBroken as error:
        return _page(campaign, problem=messages.sentence(error)), 422
    flash(_("The diplomas are being made. Open this page again in a moment."), "success")
    return redirect(url_for("desk.campaign_awards", campaign_id=campaign_id), 303)


@blueprint.get("/kunniakirjat/<id:batch_id>.<any('pdf', 'zip'):form>")
@access(Permission.CAMPAIGN_MANAGE)
def diploma_file(batch_id: int, form: str) -> FlaskResponse:
    batch = db.session().get(DiplomaBatch, batch_id)
    if batch is not None and batch.form != form:
        raise NotFound("diplomas")
    path = diplomas.file_of(current_app.extensions["tori"], batch) if batch else None
    if batch is None or path is None or batch.finished_at is None or not path.is_file():
        raise NotFound("diplomas")
    name = f"kunniakirjat-{batch.id}-{batch.locale}.{form}"
    return send_file(path, mimetype=f"application/{form}", as_attachment=True, download_name=name)


@blueprint.post("/kampanjat/<id:campaign_id>/palkinnot/posti")
@access(Permission.CAMPAIGN_MANAGE)
def mail_awards(campaign_id: int) -> Page:
    campaign = _campaign(campaign_id)
    try:
        with transaction() as session:
            written = awards.mail_diplomas(session, current_actor(), campaign)
    except RuleBroken as error:
        return _page(campaign, problem=messages.sentence(error)), 422
    flash(ngettext("%(num)d mail was put into the outbox.", "%(num)d mails were put into the outbox.", written))
    return redirect(url_for("desk.campaign_awards", campaign_id=campaign_id), 303)
