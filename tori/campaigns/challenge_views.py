"""Pages of the challenge contest: the form, the two links, saying no."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from tori.campaigns import letters, nominations, queries
from tori.campaigns.challenge_forms import ChallengeForm
from tori.campaigns.views import blueprint
from tori.core.errors import NotFound, RuleBroken
from tori.core.text import excerpt
from tori.database import db, transaction
from tori.edge import limits, messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.edge.templating import request_locale
from tori.models.campaigning import Nomination
from tori.models.campaigns import CampaignKind

Page = str | tuple[str, int] | BaseResponse
SUMMARY_ROOM = 300


@blueprint.route("/kampanjat/<slug>/haasta", methods=["GET", "POST"])
@access(OBJECT)
def challenge(slug: str) -> Page:
    campaign = queries.campaign_of(db.session(), slug)
    if campaign.kind != CampaignKind.CHALLENGE:
        raise NotFound("challenge")
    form = ChallengeForm()
    is_open = nominations.is_open(campaign)
    actor = current_actor()
    if not form.is_submitted() and actor.user is not None:
        form.email.data, form.name.data = actor.user.email, actor.user.display_name
    if form.is_submitted() and form.validate():
        if form.is_from_program:
            return redirect(url_for("campaigns.challenge_sent", slug=slug), 303)
        try:
            with transaction() as session:
                limits.count(session, "nominate_address", limits.asker())
                nominations.challenge(session, campaign, form.challenge(request_locale()))
        except RuleBroken as error:
            form.show(error)
        else:
            return redirect(url_for("campaigns.challenge_sent", slug=slug), 303)
    page = render_template("campaigns/challenge.html", campaign=campaign, form=form, is_open=is_open)
    return page, 422 if form.errors else 200


@blueprint.get("/kampanjat/<slug>/haasta/kiitos")
@access(OBJECT)
def challenge_sent(slug: str) -> Page:
    campaign = queries.campaign_of(db.session(), slug)
    return render_template("campaigns/challenge_sent.html", campaign=campaign, days=nominations.CONFIRM_DAYS)


def _private(page: str, status: int = 200) -> Response:
    """A page whose address holds a secret."""
    response = Response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _bad(error: RuleBroken) -> Response:
    page = render_template(
        "campaigns/bad_link.html", problem=messages.sentence(error), is_link=error.code == "bad_link"
    )
    return _private(page, 400)


@blueprint.route("/haaste/vahvista/<token>", methods=["GET", "POST"])
@access(OBJECT)
def confirm_challenge(token: str) -> Page:
    """Opening the link changes nothing, as mail scanners open it too; the button does."""
    form = ToriForm()
    try:
        if not form.validate_on_submit():
            row = nominations.pending(db.session(), token)
            return _private(render_template("campaigns/challenge_confirm.html", form=form, row=row, done=False))
        with transaction() as session:
            row = nominations.confirm(session, token)
    except RuleBroken as error:
        return _bad(error)
    return _private(render_template("campaigns/challenge_confirm.html", form=form, row=row, done=True))


@blueprint.route("/haaste/<token>", methods=["GET", "POST"])
@access(OBJECT)
def challenged(token: str) -> Page:
    """What the challenged sees first; the press opens a form that knows the campaign and why they were asked."""
    form = ToriForm()
    try:
        if form.validate_on_submit():
            with transaction() as session:
                row = nominations.start(session, current_actor(), token)
            return redirect(url_for("deeds.new", **_prefilled(row)), 303)
        row = nominations.find(db.session(), token)
        if row.opened_at is None:
            with transaction() as session:
                nominations.note_opened(session, token)
    except RuleBroken as error:
        return _bad(error)
    is_open = nominations.is_open(row.campaign)
    return _private(render_template("campaigns/challenged.html", row=row, token=token, form=form, is_open=is_open))


def _prefilled(row: Nomination) -> dict[str, Any]:
    return {"kampanja": row.campaign.slug, "kuvaus": excerpt(row.reason, SUMMARY_ROOM)}


@blueprint.route("/haaste/<token>/ei", methods=["GET", "POST"])
@access(OBJECT)
def decline(token: str) -> Page:
    """GET asks; POST says no at once, from the buttons or from a mail program (RFC 8058), with no cookie."""
    try:
        if request.method == "GET":
            row = nominations.find(db.session(), token)
            return _private(render_template("campaigns/decline.html", row=row, token=token, done=False))
        for_good = request.form.get("answer") != "now"
        with transaction() as session:
            row = nominations.decline(session, token, for_good)
    except RuleBroken as error:
        return _bad(error)
    return _private(render_template("campaigns/decline.html", row=row, token=token, done=True, for_good=for_good))


@blueprint.route("/kampanjat/viestit/peru/<token>", methods=["GET", "POST"])
@access(OBJECT)
def stop_letters(token: str) -> Page:
    """GET asks; POST ends the letters of campaign managers at once, with no cookie."""
    try:
        if request.method == "GET":
            letters.reader_of(db.session(), token)
            return _private(render_template("campaigns/stop_letters.html", done=False))
        with transaction() as session:
            letters.stop(session, token)
    except RuleBroken as error:
        return _bad(error)
    return _private(render_template("campaigns/stop_letters.html", done=True))
