"""Pages of the weekly makers, and of the jury for its members."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tori.campaigns import jury, picture, queries, weekly
from tori.campaigns.views import blueprint
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds.queries import cards_by_ids, get_deed
from tori.edge import messages
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import request_locale
from tori.models.campaign_life import CampaignPicture
from tori.models.campaigning import WeeklyFeature
from tori.models.campaigns import Campaign
from tori.policy import ANONYMOUS, Permission

Page = str | tuple[str, int] | BaseResponse


@blueprint.app_context_processor
def juries_of_reader() -> dict[str, Any]:
    """``own_juries()``: one statement, where a template asks."""

    def juries() -> list[Campaign]:
        return jury.juries_of(db.session(), current_actor())

    return {"own_juries": juries}


def _shown(rows: list[WeeklyFeature]) -> list[dict[str, Any]]:
    cards = {
        card.id: card for card in cards_by_ids(db.session(), [row.deed_id for row in rows], request_locale(), ANONYMOUS)
    }
    pictures = picture.pictures_of_features(db.session(), rows)
    return [
        {
            "row": row,
            "card": cards[row.deed_id],
            "picture": _seen(pictures.get(row.id)),
            "week": row.monday.isocalendar().week,
        }
        for row in rows
        if row.deed_id in cards
    ]


def _seen(row: CampaignPicture | None) -> CampaignPicture | None:
    return row if row is not None and row.is_shown else None


@blueprint.get("/viikon-tekijat", endpoint="weekly")
@access(PUBLIC)
def weekly_archive() -> str:
    return render_template("campaigns/weekly.html", features=_shown(weekly.shown(db.session())), today=clock.today())


@blueprint.route("/viikon-tekijat/peru/<token>", methods=["GET", "POST"])
@access(OBJECT)
def withdraw_feature(token: str) -> Page:
    """GET asks; POST takes the presentation away at once, with no cookie: the address is the right."""
    try:
        if request.method == "GET":
            row = weekly.find(db.session(), token)
            done = row.withdrawn_at is not None
        else:
            with transaction() as session:
                row = weekly.withdraw(session, token)
            done = True
    except RuleBroken as error:
        page = render_template("campaigns/bad_link.html", problem=messages.sentence(error), is_link=True)
        return page, 400
    response = Response(render_template("campaigns/withdraw_feature.html", row=row, done=done))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


# The jury


@blueprint.get("/oma/raati/<slug>")
@access(Permission.ACCOUNT_OWN)
def jury_queue(slug: str) -> str:
    session: Session = db.session()
    campaign = queries.campaign_of(session, slug, current_actor())
    rows = jury.queue_of(session, current_actor(), campaign)
    return render_template(
        "campaigns/jury.html", campaign=campaign, rows=rows, done=sum(row[1] is not None for row in rows)
    )


@blueprint.route("/oma/raati/<slug>/<id:deed_id>", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def jury_deed(slug: str, deed_id: int) -> Page:
    session: Session = db.session()
    actor = current_actor()
    campaign = queries.campaign_of(session, slug, actor)
    score = jury.score_of(session, actor, campaign, deed_id)
    deed = get_deed(session, actor, deed_id)
    marks: dict[str, Any] = dict(score.marks) if score else {}
    note, has_conflict, problem = (score.note, score.has_conflict, "") if score else ("", False, "")
    if request.method == "POST":
        note, has_conflict = request.form.get("note", ""), request.form.get("conflict") == "1"
        marks = {
            row["id"]: int(value)
            for row in campaign.criteria
            if (value := request.form.get(f"mark-{row['id']}", "")) in {str(mark) for mark in jury.SCALE}
        }
        try:
            with transaction() as session:
                jury.judge(session, actor, campaign, deed, jury.Judgement(marks, note, has_conflict))
        except RuleBroken as error:
            problem = messages.sentence(error)
        else:
            flash(_("Your judgement was saved."), "success")
            return redirect(url_for("campaigns.jury_queue", slug=slug), 303)
    page = render_template(
        "campaigns/jury_deed.html", campaign=campaign, deed=deed, marks=marks, note=note, has_conflict=has_conflict,
        problem=problem, scale=list(jury.SCALE),
    )  # fmt: skip
    return page, 422 if problem else 200
