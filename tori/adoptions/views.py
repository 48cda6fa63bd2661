"""Answering the follow-up, the author's own deeds, and those who took most models in a year."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.adoptions import activity, author, follow_up, letters, queries
from tori.adoptions.forms import FollowUpForm, LettersForm
from tori.adoptions.labels import QUESTIONS, STATUSES
from tori.core.errors import RuleBroken
from tori.core.paging import parse_page
from tori.database import db, transaction
from tori.deeds.forms import ABANDON_REASONS, CLOSENESSES, GAINS
from tori.deeds.labels import ORGANISATION_KINDS_PLURAL
from tori.deeds.sharing import source_names
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import month_name, request_locale
from tori.models.people import User
from tori.policy import Permission

blueprint = Blueprint("adoptions", __name__)

Page = str | tuple[str, int] | Response


def _private(page: str, status: int = 200) -> Response:
    """A page whose address holds a secret."""
    response = Response(page, status, mimetype="text/html")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _no_answer(error: RuleBroken) -> Response:
    status = 410 if error.code == "nothing_to_answer" else 400
    return _private(render_template("adoptions/no_answer.html", is_gone=status == 410), status)


@blueprint.route("/seuranta/<token>", methods=["GET", "POST"])
@access(OBJECT)
def answer(token: str) -> Page:
    """Opening the link changes nothing, as mail scanners open it too; the button does."""
    try:
        row = follow_up.find(db.session(), token)
    except RuleBroken as error:
        return _no_answer(error)
    form = FollowUpForm()
    form.prepare(row, request.args.get("tila", ""))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                follow_up.answer(session, token, form.answer())
        except RuleBroken as error:
            if error.code in ("bad_link", "nothing_to_answer"):
                return _no_answer(error)
            form.show(error)
        else:
            return redirect(url_for("adoptions.answer", token=token, kiitos=1), 303)
    page = render_template(
        "adoptions/answer.html", form=form, row=row, token=token, questions=QUESTIONS,
        is_thanked="kiitos" in request.args and row.answered_at is not None,
    )  # fmt: skip
    return _private(page, 422 if form.is_submitted() else 200)


@blueprint.route("/seuranta/<token>/lopeta", methods=["GET", "POST"])
@access(OBJECT)
def stop(token: str) -> Page:
    try:
        row = follow_up.find(db.session(), token)
        if request.method == "POST":
            with transaction() as session:
                row = follow_up.stop(session, token)
    except RuleBroken as error:
        return _no_answer(error)
    return _private(render_template("adoptions/stop.html", row=row, token=token))


def _me() -> User:
    user = current_actor().user
    assert user is not None
    return user


@blueprint.route("/oma/teot", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def own_deeds() -> Page:
    session: Session = db.session()
    user = _me()
    form = LettersForm()
    if not form.is_submitted():
        form.rhythm.data = letters.rhythm_of(session, user)
    elif form.validate():
        with transaction() as session:
            letters.choose_rhythm(session, current_actor(), form.rhythm.data)
        flash(_("Your choice was saved."), "success")
        return redirect(url_for("adoptions.own_deeds"), 303)
    taken = author.adoptions_of(session, user)
    year = author.year_of(session, user, taken)
    page = render_template(
        "adoptions/own_deeds.html",
        form=form,
        lives=author.lives(session, user),
        taken=taken,
        chart=[(f"{month_name(day)} {day.year}", count, None, str(day.month)) for day, count in author.by_month(taken)],
        year=year,
        read_chart=[
            (f"{month_name(row.day)} {row.day.year}", row.readers, None, str(row.day.month)) for row in year.months
        ],
        source_names=source_names(),
        statuses=STATUSES,
        closenesses=CLOSENESSES,
        abandon_reasons=ABANDON_REASONS,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/mallinottajat")
@access(PUBLIC)
def takers() -> str:
    session = db.session()
    years = queries.years(session)
    year = parse_page(request.args.get("vuosi"))
    year = year if year in years else years[0]
    rows, left_out = queries.takers_of_year(session, year, request_locale())
    return render_template(
        "adoptions/takers.html", year=year, years=years, rows=rows, left_out=left_out,
        rates=queries.reply_rates(session), active=activity.most_active(session, year, request_locale()),
        spread=activity.spread(session, request_locale()), gains=activity.gains(session), gain_names=GAINS,
        kinds=ORGANISATION_KINDS_PLURAL,
    )  # fmt: skip
