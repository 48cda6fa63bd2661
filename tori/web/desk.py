"""The desk of the staff: what waits, mails, accounts, the log, feedback, import, moderation."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_babel import ngettext
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField

from tori.accounts import administration
from tori.config import Config
from tori.conversation import queries as talk
from tori.conversation import service as comments
from tori.core.errors import NotFound, RuleBroken
from tori.core.paging import make_pages, page_count, parse_page
from tori.core.text import paragraphs
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.exchange.importing import ImportOptions, ImportReport, import_deeds
from tori.models.deeds import Comment
from tori.models.moderation import Reportable
from tori.moderation import reports
from tori.policy import Permission, can
from tori.web import desk_queries as queries
from tori.web.desk_labels import MAIL_STATES, MAIL_TONES, ROLES
from tori.web.desk_queries import MailState
from tori.web.feedback import ANSWER_DAYS, TOPICS, mark_handled, open_feedback

MAX_IMPORT_BYTES = 800_000
"""Below the limit of a request, as the checked text travels back with the second button."""
MAX_ID_DIGITS = 15

blueprint = Blueprint("desk", __name__, url_prefix="/hallinta")

Page = str | Response | tuple[str, int]


class ImportForm(ToriForm):
    """``content`` carries a checked file from the report to the import."""

    file = FileField(__("JSON Lines file"))
    content = TextAreaField(__("Contents"))
    keep_going = BooleanField(__("Leave out bad lines and bring in the rest"))
    ignore_unknown = BooleanField(__("Ignore keys that the format does not know"))


@blueprint.context_processor
def desk_navigation() -> dict[str, Any]:
    actor = current_actor()
    pages = [
        (_("Desk"), "desk.index", Permission.DESK_OPEN),
        (_("Feedback"), "desk.feedback", Permission.DESK_OPEN),
        (_("Review"), "desk.review_queue", Permission.DEED_REVIEW),
        (_("Campaigns"), "desk.campaigns", Permission.CAMPAIGN_MANAGE),
        (_("Year clock"), "desk.year_clock", Permission.DESK_OPEN),
        (_("Leads"), "desk.leads", Permission.LEAD_MANAGE),
        (_("Reports"), "desk.reports", Permission.MODERATE),
        (_("Moderation"), "desk.moderation", Permission.MODERATE),
        (_("Picks"), "desk.picks", Permission.CURATE),
        (_("Gaps"), "desk.gaps", Permission.CURATE),
        (_("Coverage"), "desk.coverage", Permission.CURATE),
        (_("Front page"), "desk.front_page", Permission.CURATE),
        (_("TOP lists"), "desk.top_lists", Permission.CURATE),
        (_("Themes"), "desk.themes", Permission.CURATE),
        (_("Searches"), "desk.searches", Permission.CURATE),
        (_("Stories"), "desk.stories", Permission.CURATE),
        (_("Letters"), "desk.newsletters", Permission.CURATE),
        (_("Pages"), "desk.guide_pages", Permission.CURATE),
        (_("Organisations"), "desk.organisations", Permission.ORGANISATION_REGISTER),
        (_("Import"), "desk.importing", Permission.DEED_IMPORT),
        (_("Accounts"), "desk.users", Permission.USER_MANAGE),
        (_("Memberships"), "desk.memberships", Permission.USER_MANAGE),
        (_("Accessibility"), "desk.statement", Permission.USER_MANAGE),
        (_("Mails"), "desk.mails", Permission.MAIL_READ),
        (_("State"), "desk.state", Permission.AUDIT_READ),
        (_("Log"), "desk.log", Permission.AUDIT_READ),
        (_("Settings"), "desk.settings", Permission.AUDIT_READ),
    ]
    return {
        "desk_pages": [
            (label, url_for(endpoint), request.endpoint == endpoint)
            for label, endpoint, permission in pages
            if can(actor, permission)
        ]
    }


def place_in_list() -> int | None:
    """Where the next page of a list begins; None for the first page and for anything odd."""
    text = request.args.get("ennen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS else None


# Feedback


@blueprint.route("/palaute")
@access(Permission.DESK_OPEN)
def feedback() -> str:
    rows = [(row, paragraphs(row.body)) for row in open_feedback(db.session())]
    return render_template("desk/feedback.html", rows=rows, topics=TOPICS, answer_days=ANSWER_DAYS)


@blueprint.route("/palaute/<int:feedback_id>/kasitelty", methods=["POST"])
@access(Permission.DESK_OPEN)
def handle_feedback(feedback_id: int) -> Response:
    with transaction() as session:
        mark_handled(session, current_actor(), feedback_id)
    flash(_("The feedback has been marked handled."), "success")
    return redirect(url_for("desk.feedback"), 303)


# Mails


@blueprint.route("/postit")
@access(Permission.MAIL_READ)
def mails() -> str:
    chosen = request.args.get("tila", "")
    state = MailState(chosen) if chosen in set(MailState) else None
    rows = queries.mails(db.session(), state, place_in_list())
    shown = rows[: queries.PER_PAGE]
    return render_template(
        "desk/mails.html",
        mails=[(mail, queries.mail_state(mail)) for mail in shown],
        state=state,
        states=MAIL_STATES,
        tones=MAIL_TONES,
        next_url=url_for("desk.mails", tila=state, ennen=shown[-1].id) if len(rows) > len(shown) else None,
        is_first=place_in_list() is None,
    )


@blueprint.route("/postit/<int:mail_id>")
@access(Permission.MAIL_READ)
def mail(mail_id: int) -> str:
    row = queries.mail_of(db.session(), mail_id)
    config: Config = current_app.extensions["tori"]
    state = queries.mail_state(row)
    return render_template(
        "desk/mail.html",
        mail=row,
        state=MAIL_STATES[state],
        tone=MAIL_TONES[state],
        # A mail that really goes out holds links that sign a person in or change a password: nobody else reads it.
        shows_text=config.mail_url.startswith("folder:"),
    )


# Accounts


@blueprint.route("/kayttajat")
@access(Permission.USER_MANAGE)
def users() -> str:
    return _users_page()


def _users_page(problem: str = "") -> str:
    text = request.values.get("q", "")
    page = parse_page(request.args.get("sivu"))
    found = administration.find_users(db.session(), current_actor(), text, page)
    last = page_count(found.total, administration.PER_PAGE)
    return render_template(
        "desk/users.html",
        users=found.users,
        total=found.total,
        q=text,
        roles=ROLES,
        own_id=current_actor().id,
        problem=problem,
        pages=make_pages(page, last, lambda number: url_for("desk.users", q=text or None, sivu=number)),
    )


def _change_user(change: Any, words: str) -> Page:
    try:
        with transaction() as session:
            change(session)
    except RuleBroken as error:
        return _users_page(messages.sentence(error)), 422
    flash(words, "success")
    return redirect(url_for("desk.users", q=request.form.get("q") or None), 303)


@blueprint.route("/kayttajat/<int:user_id>/rooli", methods=["POST"])
@access(Permission.USER_MANAGE)
def set_role(user_id: int) -> Page:
    role = request.form.get("role", "")
    return _change_user(
        lambda session: administration.set_role(session, current_actor(), user_id, role),
        _("The role has been changed. The person signs in again."),
    )


@blueprint.route("/kayttajat/<int:user_id>/sulje", methods=["POST"])
@access(Permission.USER_MANAGE)
def disable_user(user_id: int) -> Page:
    return _change_user(
        lambda session: administration.disable(session, current_actor(), user_id),
        _("The account has been closed, and its sessions have ended."),
    )


@blueprint.route("/kayttajat/<int:user_id>/avaa", methods=["POST"])
@access(Permission.USER_MANAGE)
def enable_user(user_id: int) -> Page:
    return _change_user(
        lambda session: administration.enable(session, current_actor(), user_id),
        _("The account is open again."),
    )


@blueprint.route("/kayttajat/<int:user_id>/koodi-pois", methods=["POST"])
@access(Permission.USER_MANAGE)
def take_second_factor(user_id: int) -> Page:
    return _change_user(
        lambda session: administration.take_second_factor(session, current_actor(), user_id),
        _("The person signs in without a code next time, and can take it into use again."),
    )


# Moderation


@blueprint.route("/moderointi")
@access(Permission.MODERATE)
def moderation() -> str:
    return _moderation_page()


def _moderation_page(problem: str = "", thing: str = "") -> str:
    """``thing`` is the row whose form was not in order, such as ``comment-12``."""
    session = db.session()
    return render_template(
        "desk/moderation.html",
        held=talk.held_comments(session),
        reported=talk.reported_comments(session),
        comments=queries.newest_comments(session),
        deeds=queries.newest_deeds(session),
        problem=problem,
        thing=thing,
        reason=request.form.get("reason", ""),
    )


@blueprint.route("/moderointi/kommentti/<int:comment_id>", methods=["POST"])
@access(Permission.MODERATE)
def remove_comment(comment_id: int) -> Page:
    reason = request.form.get("reason", "")
    try:
        with transaction() as session:
            found = session.get(Comment, comment_id)
            if found is None:
                raise NotFound("comment")
            if not reason.strip():
                raise RuleBroken("reason_needed", "reason")
            comments.remove(session, current_actor(), found, reason)
    except RuleBroken as error:
        return _moderation_page(messages.sentence(error), _row_of_comment(comment_id)), 422
    flash(_("The comment has been removed."), "success")
    return redirect(url_for("desk.moderation"), 303)


def _row_of_comment(comment_id: int) -> str:
    """A reported comment stands twice on the page; its first form gets the sentence."""
    reported = {item.comment.id for item in talk.reported_comments(db.session())}
    return f"{'reported' if comment_id in reported else 'comment'}-{comment_id}"


@blueprint.route("/moderointi/teko/<int:deed_id>", methods=["POST"])
@access(Permission.MODERATE)
def withdraw_deed(deed_id: int) -> Page:
    try:
        with transaction() as session:
            reports.remove(session, current_actor(), Reportable.DEED, deed_id, request.form.get("reason", ""))
    except RuleBroken as error:
        return _moderation_page(messages.sentence(error), f"deed-{deed_id}"), 422
    flash(_("The deed has been withdrawn."), "success")
    return redirect(url_for("desk.moderation"), 303)


# Import


@blueprint.route("/tuonti", methods=["GET", "POST"])
@access(Permission.DEED_IMPORT)
def importing() -> Page:
    form = ImportForm()
    if request.method == "GET":
        return render_template("desk/importing.html", form=form, report=None, limit=MAX_IMPORT_BYTES)
    if not form.validate():
        abort(400)
    try:
        content = _content(form)
    except RuleBroken as error:
        form.show(error)
        return render_template("desk/importing.html", form=form, report=None, limit=MAX_IMPORT_BYTES), 422
    options = ImportOptions(keep_going=form.keep_going.data, ignore_unknown=form.ignore_unknown.data)
    if request.form.get("action") == "import":
        return _import(form, content, options)
    report = _check(content, options)
    page = render_template("desk/importing.html", form=form, report=report, content=content, limit=MAX_IMPORT_BYTES)
    return page, 422 if report.refused else 200


def _content(form: ImportForm) -> str:
    """The text of the file, or of the earlier check. Raises RuleBroken beside the file field."""
    if form.content.data:
        return str(form.content.data).replace("\r\n", "\n")
    data = form.file.data.read(MAX_IMPORT_BYTES + 1) if form.file.data else b""
    if not data:
        raise RuleBroken("file_missing", "file")
    if len(data) > MAX_IMPORT_BYTES:
        raise RuleBroken("file_too_large", "file", limit=MAX_IMPORT_BYTES // 1000)
    try:
        return str(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RuleBroken("file_not_utf8", "file") from error


def _check(content: str, options: ImportOptions) -> ImportReport:
    """What an import would do. Nothing is written."""
    session = db.session()
    trial = ImportOptions(options.keep_going, options.ignore_unknown, dry_run=True)
    report = import_deeds(session, current_actor(), content.split("\n"), trial)
    session.rollback()
    return report


def _import(form: ImportForm, content: str, options: ImportOptions) -> Page:
    with transaction() as session:
        report = import_deeds(session, current_actor(), content.split("\n"), options)
    if report.refused:
        page = render_template("desk/importing.html", form=form, report=report, content=content, limit=MAX_IMPORT_BYTES)
        return page, 422
    done = report.created + report.updated
    flash(ngettext("%(num)d deed was brought in.", "%(num)d deeds were brought in.", done), "success")
    return redirect(url_for("desk.importing"), 303)
