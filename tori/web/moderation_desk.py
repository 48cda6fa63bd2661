"""The desk's pages of moderation: reports, decisions, accounts, the log."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.models.moderation import Report
from tori.models.people import User
from tori.moderation import accounts, log, reports
from tori.moderation.answers import Occasion
from tori.moderation.forms import BlockForm, DecisionForm, EscalationForm, ReasonForm
from tori.moderation.labels import ACTIONS, FAULTS, KINDS, SIGNS, VERDICTS
from tori.moderation.targets import Target, target_of
from tori.policy import Permission, can, require
from tori.web.answer_desk import ready_answers
from tori.web.desk import blueprint, place_in_list

Page = str | Response | tuple[str, int]
GUARD = "guard: "


def _shown_body(row: Report) -> str:
    """What the guard against spam writes, in words."""
    if not row.body.startswith(GUARD):
        return row.body
    found = [str(SIGNS.get(sign, sign)) for sign in row.body.removeprefix(GUARD).split(", ")]
    return str(_("The guard against spam noticed: %(signs)s", signs=", ".join(found)))


@blueprint.get("/ilmoitukset", endpoint="reports")
@access(Permission.MODERATE)
def list_reports() -> Page:
    session: Session = db.session()
    found, decided = reports.open_reports(session), reports.decided_reports(session)
    config = current_app.extensions["tori"]
    promise = reports.ANSWER_WITHIN.total_seconds() / 3600
    return render_template(
        "desk/reports.html",
        open=[(row, _shown_body(row)) for row in found],
        decided=[(row, _shown_body(row)) for row in decided],
        kinds=KINDS,
        faults=FAULTS,
        verdicts=VERDICTS,
        reports_kept=reports.summary(reports.report_hours(session), promise),
        reviews_kept=reports.summary(reports.review_hours(session), config.review_hours),
        review_hours=config.review_hours,
        days=reports.ANSWER_WITHIN.days,
    )


@blueprint.get("/ilmoitukset/<id:report_id>")
@access(Permission.MODERATE)
def report(report_id: int) -> Page:
    return _report_page(report_id)


def _report_page(report_id: int, form: DecisionForm | None = None, escalation: EscalationForm | None = None) -> str:
    session, actor = db.session(), current_actor()
    row = reports.get_report(session, report_id)
    target = target_of(session, row.kind, row.target_id)
    ready = ready_answers(Occasion.REPORT, _locale_of_maker(session, target))
    if form is None and ready["ready_words"]:
        form = DecisionForm(formdata=None, data={"answer": ready["ready_words"]})
    return render_template(
        "desk/report.html",
        **ready,
        report=row,
        body=_shown_body(row),
        target=target,
        others=reports.others_of(session, row),
        history=log.of_target(session, target.kind, target.id),
        may_decide=can(actor, Permission.REPORT_DECIDE, row),
        form=form or DecisionForm(formdata=None),
        escalation=escalation or EscalationForm(formdata=None),
        kinds=KINDS,
        faults=FAULTS,
        verdicts=VERDICTS,
        actions=ACTIONS,
    )


def _locale_of_maker(session: Session, target: Target) -> str:
    maker = session.get(User, target.maker_id) if target.maker_id else None
    return maker.locale if maker else "fi"


@blueprint.post("/ilmoitukset/<id:report_id>/paatos")
@access(OBJECT)
def decide_report(report_id: int) -> Page:
    row = reports.get_report(db.session(), report_id) if can(current_actor(), Permission.MODERATE) else None
    require(current_actor(), Permission.MODERATE)
    form = DecisionForm()
    if row is not None and form.validate():
        try:
            with transaction() as session:
                row = reports.get_report(session, report_id)
                reports.decide(session, current_actor(), row, form.verdict.data, form.answer.data)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The decision has been told to both sides."), "success")
            return redirect(url_for("desk.reports"), 303)
    return _report_page(report_id, form), 422


@blueprint.post("/ilmoitukset/<id:report_id>/siirto")
@access(Permission.MODERATE)
def escalate_report(report_id: int) -> Page:
    form = EscalationForm()
    if form.validate():
        try:
            with transaction() as session:
                reports.escalate(session, current_actor(), reports.get_report(session, report_id), form.note.data)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The administrators decide this report."), "success")
            return redirect(url_for("desk.reports"), 303)
    return _report_page(report_id, escalation=form), 422


@blueprint.get("/moderointi/loki")
@access(Permission.MODERATE)
def moderation_log() -> Page:
    rows = log.entries(db.session(), place_in_list())
    shown = rows[: log.PER_PAGE]
    more = len(rows) > len(shown)
    return render_template(
        "desk/moderation_log.html",
        entries=shown,
        actions=ACTIONS,
        kinds=KINDS,
        form=ReasonForm(formdata=None),
        next_url=url_for("desk.moderation_log", ennen=shown[-1][0].id) if more else None,
        is_first=place_in_list() is None,
    )


@blueprint.post("/moderointi/palauta/<kind>/<id:target_id>")
@access(Permission.MODERATE)
def restore_content(kind: str, target_id: int) -> Page:
    try:
        with transaction() as session:
            reports.restore(session, current_actor(), kind, target_id, request.form.get("reason", ""))
    except RuleBroken as error:
        flash(messages.sentence(error), "error")
    else:
        flash(_("It is back on the square, and its maker has been told."), "success")
    return redirect(url_for("desk.moderation_log"), 303)


@blueprint.get("/tilit/<id:user_id>")
@access(Permission.MODERATE)
def account(user_id: int) -> Page:
    return _account_page(user_id)


def _account_page(user_id: int, form: BlockForm | None = None, reason: ReasonForm | None = None) -> str:
    session = db.session()
    user = accounts.account(session, current_actor(), user_id)
    return render_template(
        "desk/account.html",
        person=user,
        brought=accounts.brought_by(session, user),
        history=log.of_target(session, accounts.USER, user.id),
        actions=ACTIONS,
        form=form or BlockForm(formdata=None),
        reason=reason or ReasonForm(formdata=None),
        is_blocked=user.blocked_until is not None,
    )


@blueprint.post("/tilit/<id:user_id>/esto")
@access(Permission.MODERATE)
def block_account(user_id: int) -> Page:
    form = BlockForm()
    if form.validate():
        try:
            with transaction() as session:
                accounts.block(session, current_actor(), user_id, int(form.days.data), form.reason.data)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The account has been blocked, and the person has been told why."), "success")
            return redirect(url_for("desk.account", user_id=user_id), 303)
    return _account_page(user_id, form=form), 422


@blueprint.post("/tilit/<id:user_id>/<any(eston_poisto, siivous):action>")
@access(Permission.MODERATE)
def change_account(user_id: int, action: str) -> Page:
    """Ends a block, or takes everything of the account off the square."""
    form = ReasonForm()
    if form.validate():
        try:
            with transaction() as session:
                if action == "siivous":
                    count = accounts.clean_up(session, current_actor(), user_id, form.reason.data).count
                    words = ngettext("%(num)d thing was taken off.", "%(num)d things were taken off.", count)
                else:
                    accounts.unblock(session, current_actor(), user_id, form.reason.data)
                    words = _("The block has ended.")
        except RuleBroken as error:
            form.show(error)
        else:
            flash(words, "success")
            return redirect(url_for("desk.account", user_id=user_id), 303)
    return _account_page(user_id, reason=form), 422
