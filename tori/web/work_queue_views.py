"""The first page of the desk: what waits, for whom and since when."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.routing import row_number
from tori.moderation import claims
from tori.policy import Permission
from tori.web import desk_queries
from tori.web.desk import blueprint
from tori.web.work_queue import lines, parse_tasks, queues_of, states

WHOSE = ("", "minun", "vapaat")
PER_PAGE = 100

Page = str | Response | tuple[str, int]


@blueprint.route("")
@access(Permission.DESK_OPEN)
def index() -> Page:
    return _page()


def _page(problem: str = "") -> str:
    session, actor = db.session(), current_actor()
    chosen = request.values.get("jono", "")
    whose = request.values.get("kenen", "")
    found = states(session, actor)
    waiting = lines(session, found, chosen)
    owners = claims.owners(session, [line.task for line in waiting])
    if whose == "minun":
        waiting = [line for line in waiting if (owner := owners.get(line.task)) and owner.id == actor.id]
    elif whose == "vapaat":
        waiting = [line for line in waiting if line.task not in owners]
    return render_template(
        "desk/index.html",
        states=found,
        chosen=chosen if any(state.queue.name == chosen for state in found) else "",
        whose=whose if whose in WHOSE else "",
        lines=waiting[:PER_PAGE],
        more=max(0, len(waiting) - PER_PAGE),
        owners=owners,
        own_id=actor.id,
        finishers=[state.queue for state in found if state.queue.finish and state.waiting.count],
        staff=claims.staff(session),
        now=clock.now(),
        counts=desk_queries.counts(session),
        problem=problem,
    )


@blueprint.post("/jono", endpoint="work")
@access(Permission.DESK_OPEN)
def work() -> Page:
    """The chosen things are taken, given, let go or finished, all in one transaction."""
    actor = current_actor()
    allowed = {queue.name: queue for queue in queues_of(actor)}
    tasks = parse_tasks(request.form.getlist("valittu"), allowed)
    action = request.form.get("action", "")
    if not tasks:
        return _page(_("Choose first what you want to do something about.")), 422
    try:
        with transaction() as session:
            if action == "take":
                done = claims.give(session, actor, tasks, actor.id or 0)
            elif action == "give":
                done = claims.give(session, actor, tasks, request.form.get("kenelle", 0, type=row_number))
            elif action == "release":
                done = claims.release(session, actor, tasks)
            else:
                done = 0
                for task in tasks:
                    finish = allowed[task.queue].finish
                    if task.queue == action and finish is not None:
                        finish(session, actor, task.item_id)
                        done += 1
                claims.release(session, actor, [task for task in tasks if task.queue == action])
    except RuleBroken as error:
        return _page(messages.sentence(error)), 422
    flash(ngettext("%(num)d thing was dealt with.", "%(num)d things were dealt with.", done), "success")
    queue, whose = request.form.get("jono") or None, request.form.get("kenen") or None
    return redirect(url_for("desk.index", jono=queue, kenen=whose), 303)
