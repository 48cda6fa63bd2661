"""The pages of meetings: coming ones, recordings, one by one, as a calendar, and the form of those who tell of them."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse
from wtforms import DateTimeLocalField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tori.config import Config
from tori.core import clock, icalendar
from tori.core.errors import RuleBroken
from tori.curation import meetings
from tori.curation.meetings import MeetingContent
from tori.database import db, transaction
from tori.deeds.queries import all_themes, cards_by_ids
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.forms import block, by_label, line
from tori.edge.seen import SeenForm
from tori.edge.templating import locale_code, public_link, request_locale
from tori.models.meetings import Meeting, MeetingKind
from tori.models.people import Organisation
from tori.policy import ANONYMOUS, Actor, Permission, can

Page = str | tuple[str, int] | BaseResponse
MOMENT = "%Y-%m-%dT%H:%M"

KINDS: dict[str, Any] = {
    MeetingKind.WEBINAR: __("Webinar"),
    MeetingKind.WORKSHOP: __("Workshop"),
    MeetingKind.TRAINING: __("Training"),
    MeetingKind.MEETUP: __("On-line get-together"),
}
LANGUAGES = {"fi": __("Finnish"), "sv": __("Swedish"), "en": __("English")}

blueprint = Blueprint("meetings", __name__)


@blueprint.app_context_processor
def words_of_meetings() -> dict[str, Any]:
    return {"meeting_kinds": KINDS}


class MeetingForm(SeenForm):
    kind = SelectField(__("Kind"), choices=[SelectChoice(kind, label) for kind, label in KINDS.items()])
    title = StringField(__("Name of the event"), filters=[line])
    starts_at = DateTimeLocalField(__("Begins"), format=MOMENT, validators=[Optional()])
    ends_at = DateTimeLocalField(__("Ends"), format=MOMENT, validators=[Optional()])
    place = StringField(__("Place of the event"), filters=[line])
    url = StringField(__("Address where one takes part or signs up"), filters=[line])
    organiser = StringField(__("Who organises it?"), filters=[line])
    organisation = StringField(__("Organisation on the square"), filters=[line])
    body = TextAreaField(__("What is it about, and for whom?"), filters=[block])
    language = SelectField(__("Language"), choices=[SelectChoice(code, label) for code, label in LANGUAGES.items()])
    themes = SelectMultipleField(__("Themes"))
    deeds = TextAreaField(__("Deeds that are told there or were born there"), filters=[block])
    recording_url = StringField(__("Address of the recording"), filters=[line])
    outcome = TextAreaField(__("What came of it?"), filters=[block])

    def prepare(self, session: Session, locale: str) -> "MeetingForm":
        self.themes.choices = by_label(SelectChoice(row.slug, row.name_in(locale)) for row in all_themes(session))
        return self

    @staticmethod
    def values_of(row: Meeting) -> dict[str, Any]:
        plain = {name: getattr(row, name) for name in meetings.CONTENT_FIELDS}
        return {
            **plain,
            "starts_at": clock.in_finland(row.starts_at).replace(tzinfo=None),
            "ends_at": clock.in_finland(row.ends_at).replace(tzinfo=None),
            "organisation": row.organisation.name if row.organisation else "",
            "themes": [theme.slug for theme in row.themes],
            "deeds": "\n".join(str(deed.id) for deed in row.deeds),
        }

    def content(self, session: Session, organisation: str | None) -> MeetingContent:
        """What is typed is Finnish time. ``organisation`` is the slug when it is not asked for."""
        moments = {name: self[name].data for name in ("starts_at", "ends_at")}
        plain = ("kind", "language", "themes")
        texts = {name: self[name].data or "" for name in meetings.CONTENT_FIELDS if name not in (*moments, *plain)}
        if organisation is None:
            organisation = meetings.organisation_called(session, self.organisation.data or "")
        values: dict[str, Any] = {
            **texts,
            **{name: moment.replace(tzinfo=clock.HELSINKI) if moment else None for name, moment in moments.items()},
            **{name: self[name].data for name in plain},
            "organisation": organisation,
        }
        return MeetingContent(**values)


@blueprint.get("/tapahtumat")
@access(PUBLIC)
def index() -> str:
    session = db.session()
    themes = meetings.themes_met(session)
    theme = next((row for row in themes if row.slug == request.args.get("teema")), None)
    slug = theme.slug if theme else ""
    gone = meetings.gone(session, slug)
    actor = current_actor()
    return render_template(
        "meetings/index.html",
        themes=themes,
        theme=theme,
        coming=meetings.coming(session, slug),
        recorded=[row for row in gone if row.recording_url],
        others=[row for row in gone if not row.recording_url],
        may_tell=can(actor, Permission.CURATE),
        organisations=_looked_after(actor),
        drafts=meetings.drafts(session, actor),
    )


def _looked_after(actor: Actor) -> list[Organisation]:
    """The organisations whose contact person the reader is."""
    memberships = actor.user.memberships if actor.user and actor.is_member else []
    return [row.organisation for row in memberships if row.organisation_id in actor.stewarded_ids]


@blueprint.get("/tapahtumat.ics")
@access(PUBLIC)
def calendar() -> Response:
    """All published meetings as a calendar to subscribe to; with ``teema`` those of a theme."""
    session, theme = db.session(), request.args.get("teema", "")[:100]
    rows = [*reversed(meetings.gone(session, theme)), *meetings.coming(session, theme)]
    return _calendar(rows, f"{_site_name()}: {_('Events')}")


@blueprint.get("/tapahtumat/<slug>.ics")
@access(OBJECT)
def one_in_calendar(slug: str) -> Response:
    row = meetings.meeting_of(db.session(), ANONYMOUS, slug)
    response = _calendar([row], row.title)
    response.headers["Content-Disposition"] = f'attachment; filename="{row.slug}.ics"'
    return response


def _calendar(rows: list[Meeting], name: str) -> Response:
    config: Config = current_app.extensions["tori"]
    entries = [
        icalendar.Entry(
            f"tapahtuma-{row.id}", row.title, row.starts_at, row.ends_at, row.body,
            public_link(config, "meetings.show", request_locale(), slug=row.slug), row.cancelled_at is not None,
            row.place or row.url,
        )
        for row in rows
    ]  # fmt: skip
    text = icalendar.calendar(entries, name, urlsplit(config.public_url).hostname or "localhost")
    return Response(text, content_type="text/calendar; charset=utf-8")


def _site_name() -> str:
    config: Config = current_app.extensions["tori"]
    return config.site_names[locale_code()]


@blueprint.get("/tapahtumat/<slug>")
@access(OBJECT)
def show(slug: str) -> str:
    session, actor = db.session(), current_actor()
    row = meetings.meeting_of(session, actor, slug)
    return render_template(
        "meetings/show.html",
        meeting=row,
        is_over=row.ends_at <= clock.now(),
        cards=cards_by_ids(session, [deed.id for deed in row.deeds], request_locale(), ANONYMOUS),
        may_edit=meetings.may_edit(actor, row),
    )


@blueprint.route("/tapahtumat/uusi", methods=["GET", "POST"])
@access(OBJECT)
def new() -> Page:
    """For the organisation of the address (``organisaatio``), or the editors' own."""
    session = db.session()
    slug = request.args.get("organisaatio", "")[:100]
    organisation = meetings.organisation_at(session, slug) if slug else None
    meetings.require_telling(current_actor(), organisation)
    form = MeetingForm(language=request_locale()).prepare(session, request_locale())
    if form.validate_on_submit():
        try:
            with transaction() as changing:
                content = form.content(changing, slug or None)
                row = meetings.tell(changing, current_actor(), content)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The event has been saved. Others see it when you publish it."), "success")
            return redirect(url_for("meetings.edit", slug=row.slug), 303)
    return _form_page(form, None, slug)


@blueprint.route("/tapahtumat/<slug>/muokkaa", methods=["GET", "POST"])
@access(OBJECT)
def edit(slug: str) -> Page:
    row = _own(db.session(), slug)
    form = MeetingForm(data=MeetingForm.values_of(row)).prepare(db.session(), request_locale())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = _own(session, slug)
                form.check(session, row)
                meetings.change(session, current_actor(), row, form.content(session, _fixed(row)))
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The event has been saved."), "success")
            return redirect(url_for("meetings.edit", slug=slug), 303)
    return _form_page(form, _own(db.session(), slug), "")


def _own(session: Session, slug: str) -> Meeting:
    row = meetings.meeting_of(session, current_actor(), slug)
    meetings.require_telling(current_actor(), row.organisation)
    return row


def _fixed(row: Meeting) -> str | None:
    """Only editors may give a meeting to another organisation."""
    if can(current_actor(), Permission.CURATE):
        return None
    return row.organisation.slug if row.organisation else None


def _form_page(form: MeetingForm, row: Meeting | None, organisation: str) -> Page:
    asks_organisation = not organisation and can(current_actor(), Permission.CURATE)
    page = render_template(
        "meetings/edit.html",
        form=form,
        meeting=row,
        asks_organisation=asks_organisation,
        is_over=row is not None and row.ends_at <= clock.now(),
    )
    return page, form.status


@blueprint.post("/tapahtumat/<slug>/tila")
@access(OBJECT)
def change_state(slug: str) -> Page:
    """``action``: publish, hide, cancel or remove."""
    action = request.form.get("action", "")
    verbs = {
        "publish": meetings.publish, "hide": meetings.hide, "cancel": meetings.cancel, "remove": meetings.remove,
    }  # fmt: skip
    if action not in verbs:
        raise RuleBroken("unknown_choice")
    with transaction() as session:
        row = _own(session, slug)
        verbs[action](session, current_actor(), row)
    if action == "remove":
        flash(_("The draft has been removed."), "success")
        return redirect(url_for("meetings.index"), 303)
    flash(_("The event has been saved."), "success")
    return redirect(url_for("meetings.show", slug=slug), 303)
