"""Pages of the public vote."""

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from tori.campaigns import queries, voting
from tori.campaigns.views import blueprint
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.deeds.queries import cards_by_ids
from tori.edge import limits, messages
from tori.edge.access import OBJECT, access
from tori.edge.forms import OpenForm, ToriForm, line
from tori.edge.templating import request_locale
from tori.models.deeds import Deed
from tori.notifications import audit
from tori.policy import ANONYMOUS

Page = str | tuple[str, int] | BaseResponse


class VoteForm(OpenForm):
    deed = RadioField(__("Which deed is the best?"), validate_choice=False)
    email = StringField(__("Your e-mail"), filters=[line])

    def prepare(self, deeds: list[Deed]) -> None:
        self.deed.choices = [SelectChoice(str(row.id), row.title) for row in deeds]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@blueprint.route("/kampanjat/<slug>/aanesta", methods=["GET", "POST"])
@access(OBJECT)
def vote(slug: str) -> Page:
    """The candidates while the vote is open, its result afterwards."""
    session: Session = db.session()
    campaign = queries.campaign_of(session, slug)
    if not voting.has_vote(campaign):
        raise NotFound("vote")
    form = VoteForm()
    deeds = voting.candidates(session, campaign)
    form.prepare(deeds)
    if not form.is_submitted():
        form.deed.data = request.args.get("teko", "")
    elif form.validate():
        if form.is_from_program:
            return redirect(url_for("campaigns.vote_sent", slug=slug), 303)
        # A vote is nobody's: not even the network address stays in the log of changes.
        audit.set_source("web")
        try:
            with transaction() as session:
                limits.count(session, "vote_address", limits.asker())
                voting.cast(session, campaign, _number(form.deed.data), form.email.data or "", request_locale())
        except RuleBroken as error:
            form.show(error)
        else:
            return redirect(url_for("campaigns.vote_sent", slug=slug), 303)
    cards = {card.id: card for card in cards_by_ids(session, [row.id for row in deeds], request_locale(), ANONYMOUS)}
    page = render_template(
        "campaigns/vote.html",
        campaign=campaign,
        form=form,
        deeds=[row for row in deeds if row.id in cards],
        cards=cards,
        is_open=voting.is_open(campaign),
        is_over=voting.is_over(campaign),
        results=voting.results(session, campaign),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/kampanjat/<slug>/aanesta/kiitos")
@access(OBJECT)
def vote_sent(slug: str) -> Page:
    campaign = queries.campaign_of(db.session(), slug)
    return render_template("campaigns/vote_sent.html", campaign=campaign, days=voting.CONFIRM_DAYS)


@blueprint.route("/aani/<token>", methods=["GET", "POST"])
@access(OBJECT)
def confirm_vote(token: str) -> Page:
    """Opening the link changes nothing, as mail scanners open it too; the button does."""
    form = ToriForm()
    status = 200
    audit.set_source("web")
    try:
        if form.validate_on_submit():
            with transaction() as session:
                row = voting.confirm(session, token)
        else:
            row = voting.pending(db.session(), token)
        page = render_template("campaigns/vote_confirm.html", form=form, row=row, done=row.confirmed_at is not None)
    except RuleBroken as error:
        status = 400
        page = render_template(
            "campaigns/bad_link.html", problem=messages.sentence(error), is_link=error.code == "bad_link"
        )
    response = Response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response
