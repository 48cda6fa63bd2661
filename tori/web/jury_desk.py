"""The campaign manager's pages of the jury and of the weekly makers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from tori.campaigns import jury, picture, voting, weekly
from tori.campaigns.forms import CampaignDay
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.deeds.queries import get_deed
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block, line
from tori.models.campaigning import JuryMember, WeeklyFeature
from tori.models.campaigns import Campaign
from tori.models.people import User
from tori.policy import Permission
from tori.web.desk import blueprint
from tori.wishes.views import deed_in

Page = str | Response | tuple[str, int]
TOO_LONG = __("The text is too long: at most %(max)d characters.")


def _campaign(campaign_id: int) -> Campaign:
    found = db.session().get(Campaign, campaign_id)
    if found is None:
        raise NotFound("campaign")
    return found


@blueprint.get("/kampanjat/<id:campaign_id>/raati")
@access(Permission.CAMPAIGN_MANAGE)
def campaign_jury(campaign_id: int) -> Page:
    return _jury_page(_campaign(campaign_id))


def _jury_page(campaign: Campaign, problem: str = "", typed: str | None = None) -> str:
    session = db.session()
    criteria = "\n".join(f"{row['label']}: {row['weight']}" for row in campaign.criteria)
    return render_template(
        "desk/campaign_jury.html",
        campaign=campaign,
        members=jury.members_of(session, campaign),
        placings=jury.placings(session, campaign),
        has_vote=voting.has_vote(campaign),
        vote_is_over=voting.is_over(campaign),
        turnout=voting.turnout(session, campaign) if voting.has_vote(campaign) else (0, 0),
        votes={row.deed.id: row for row in voting.results(session, campaign)},
        criteria=criteria if typed is None else typed,
        problem=problem,
    )


def _change(campaign: Campaign, change: Any, words: str) -> Page:
    try:
        with transaction() as session:
            change(session)
    except RuleBroken as error:
        return _jury_page(campaign, messages.sentence(error), request.form.get("criteria")), 422
    flash(words, "success")
    return redirect(url_for("desk.campaign_jury", campaign_id=campaign.id), 303)


@blueprint.post("/kampanjat/<id:campaign_id>/raati/perusteet")
@access(Permission.CAMPAIGN_MANAGE)
def set_criteria(campaign_id: int) -> Page:
    """One to a line: name, a colon and the weight; without one it is 1."""
    campaign = _campaign(campaign_id)

    def change(session: Session) -> None:
        rows = []
        for text in request.form.get("criteria", "").splitlines():
            name, _colon, weight = text.rpartition(":") if ":" in text else (text, "", "1")
            if not weight.strip().isdecimal() or len(weight.strip()) > 3:
                raise RuleBroken("bad_weight", limit=jury.MAX_WEIGHT)
            if name.strip():
                rows.append((name, int(weight)))
        jury.set_criteria(session, current_actor(), campaign, rows)

    return _change(campaign, change, _("The criteria were saved."))


@blueprint.post("/kampanjat/<id:campaign_id>/raati/jasenet")
@access(Permission.CAMPAIGN_MANAGE)
def add_juror(campaign_id: int) -> Page:
    campaign = _campaign(campaign_id)

    def change(session: Session) -> None:
        email = request.form.get("email", "").strip().lower()
        user = session.scalar(select(User).where(User.email == email))
        if user is None or not user.is_active:
            raise RuleBroken("unknown_account")
        jury.add_member(session, current_actor(), campaign, user)

    return _change(campaign, change, _("The evaluator was added."))


@blueprint.post("/raati/<id:member_id>/poista")
@access(Permission.CAMPAIGN_MANAGE)
def remove_juror(member_id: int) -> Page:
    row = db.session().get(JuryMember, member_id)
    if row is None:
        raise NotFound("evaluator")
    return _change(
        row.campaign, lambda session: jury.remove_member(session, current_actor(), row), _("The evaluator was removed.")
    )


@blueprint.post("/kampanjat/<id:campaign_id>/raati/karki/<id:deed_id>")
@access(Permission.CAMPAIGN_MANAGE)
def shortlist_deed(campaign_id: int, deed_id: int) -> Page:
    campaign = _campaign(campaign_id)
    deed = get_deed(db.session(), current_actor(), deed_id)
    is_in = request.form.get("in") == "1"
    return _change(
        campaign,
        lambda session: jury.shortlist(session, current_actor(), campaign, deed, is_in),
        _("The shortlist was changed."),
    )


# Weekly makers


class FeatureForm(ToriForm):
    day = CampaignDay(__("A day of the week"))
    deed = StringField(__("Address or number of the deed"), filters=[line])
    makers = StringField(
        __("The makers, by team or role"), filters=[line], validators=[Length(max=weekly.MAX_LINE, message=TOO_LONG)]
    )
    text = TextAreaField(
        __("A short story of them"), filters=[block], validators=[Length(max=weekly.MAX_TEXT, message=TOO_LONG)]
    )
    consent = StringField(
        __("Who agreed, and how?"), filters=[line], validators=[Length(max=weekly.MAX_LINE, message=TOO_LONG)]
    )
    has_consent = BooleanField(__("The makers have agreed to be presented"))


@blueprint.route("/viikon-tekijat", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def weekly_queue() -> Page:
    form = FeatureForm()
    if form.is_submitted() and form.validate():
        given = weekly.Feature(
            form.day.data, form.makers.data or "", form.text.data or "", form.consent.data or "", form.has_consent.data
        )
        try:
            with transaction() as session:
                weekly.schedule(session, current_actor(), deed_in(session, form.deed.data or ""), given)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The week has its makers. They get a mail by which they can take it back."), "success")
            return redirect(url_for("desk.weekly_queue"), 303)
    session = db.session()
    rows = weekly.queue(session)
    pictures = picture.pictures_of_features(session, rows)
    page = render_template("desk/weekly.html", form=form, rows=rows, pictures=pictures, gap=weekly.gap(session))
    return page, 422 if form.errors else 200


@blueprint.post("/viikon-tekijat/<id:feature_id>/poista")
@access(Permission.CAMPAIGN_MANAGE)
def remove_feature(feature_id: int) -> Page:
    row = db.session().get(WeeklyFeature, feature_id)
    if row is None:
        raise NotFound("feature")
    with transaction() as session:
        weekly.remove(session, current_actor(), row)
    flash(_("The week is empty again."), "success")
    return redirect(url_for("desk.weekly_queue"), 303)
