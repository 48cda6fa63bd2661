"""The anonymous survey, its results by year, and the poll under the results of a search."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response as BaseResponse

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken, TooMany
from tori.database import db, transaction
from tori.digest import opinions, survey
from tori.edge import limits, messages
from tori.edge.access import PUBLIC, access
from tori.edge.redirects import safe_next
from tori.edge.templating import request_locale
from tori.statistics.surveys import ARRIVALS, FEWEST, YES_NO, surveys

blueprint = Blueprint("survey", __name__)

Page = str | BaseResponse | tuple[str, int]

QUESTIONS = {
    "interesting": __("Is the content of the square interesting?"),
    "again": __("Will you tell a deed again?"),
    "recommend": __("Would you recommend the square to others?"),
    "search_easy": __("Was it easy to find deeds?"),
}
ARRIVAL_WORDS = {
    "employer": __("My employer recommended it"),
    "event": __("It was recommended at an event"),
    "newsletter": __("Through a newsletter"),
    "social": __("Through social media"),
    "other": __("In another way"),
}


@blueprint.route("/kysely", methods=["GET", "POST"])
@access(PUBLIC)
def survey_page() -> Page:
    """Nothing of the reader is kept or asked; so there is no session and no token either."""
    problem = ""
    if request.method == "POST":
        try:
            with transaction() as session:
                limits.count(session, "survey_address", limits.asker())
                survey.answer(session, request.form.get("hetki", ""), request.form)
        except RuleBroken as error:
            problem = messages.sentence(error)
        else:
            return redirect(url_for("survey.thanks"), 303)
    page = render_template(
        "survey/survey.html",
        questions=QUESTIONS,
        arrivals=ARRIVAL_WORDS,
        occasion=request.values.get("hetki", ""),
        chosen=request.form,
        problem=problem,
        year=clock.today().year,
    )
    return page, 422 if problem else 200


@blueprint.get("/kysely/kiitos")
@access(PUBLIC)
def thanks() -> Page:
    return render_template("survey/thanks.html")


@blueprint.get("/kysely/tulokset")
@access(PUBLIC)
def results() -> Page:
    return render_template(
        "survey/results.html",
        results=surveys(db.session()),
        names=YES_NO,
        questions=QUESTIONS,
        ways=ARRIVALS,
        arrivals=ARRIVAL_WORDS,
        fewest=FEWEST,
    )


@blueprint.post("/haku/loysitko")
@access(PUBLIC)
def poll() -> BaseResponse:
    """One press under the results; only the day's counts grow."""
    try:
        with transaction() as session:
            limits.count(session, "poll_address", limits.asker())
            survey.count_poll(session, request_locale(), request.form.get("loytyi", ""))
    except (RuleBroken, TooMany):
        return Response(status=204)
    if request.headers.get("X-Requested-With") == "fetch":
        return Response(render_template("survey/_poll.html", answered=True))
    back = safe_next(request.form.get("next")) or url_for("deeds.index")
    return redirect(f"{back.partition('#')[0]}#kiitos", 303)


@blueprint.app_context_processor
def opinion_words() -> dict[str, object]:
    return {"opinion_words": opinions.OPINIONS}


@blueprint.route("/uutiskirje/hyoty/<opinion>", methods=["GET", "POST"])
@access(PUBLIC)
def letter_opinion(opinion: str) -> Page:
    """The link of a letter opens the answer; only the button counts it, so that programs that follow links do not."""
    if opinion not in opinions.OPINIONS:
        raise NotFound("opinion")
    if request.method == "POST":
        chosen = request.form.get("opinion", opinion)
        if chosen not in opinions.OPINIONS:
            return render_template("survey/opinion.html", chosen=opinion, is_wrong=True), 422
        with transaction() as session:
            limits.count(session, "poll_address", request.remote_addr or "")
            opinions.count(session, chosen)
        return redirect(url_for("survey.thanks"), 303)
    return render_template("survey/opinion.html", chosen=opinion)
