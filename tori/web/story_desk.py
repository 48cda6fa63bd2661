"""The desk's pages of stories."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.text import MAX_MARKDOWN
from tori.curation import writing_stories as writing
from tori.curation.stories import ICONS, KINDS
from tori.curation.story_pictures import pictures_of
from tori.curation.writing_stories import MAX_NAME, MAX_SUMMARY, OTHER_LANGUAGES, TRANSLATED, SeriesTexts, StoryContent
from tori.database import db, transaction
from tori.deeds.queries import all_themes, cards_by_ids
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import block, by_label, line
from tori.edge.seen import SeenForm
from tori.edge.templating import request_locale
from tori.i18n import LOCALES
from tori.models.campaigns import Story, StorySeries
from tori.models.people import Organisation
from tori.policy import ANONYMOUS, Permission
from tori.web.desk import blueprint
from tori.web.studio_forms import PublishForm

Page = str | Response | tuple[str, int]
TOO_LONG = __("The text is too long: at most %(max)d characters.")
TEXT_KEYS = [f"{name}_{code}" for code in OTHER_LANGUAGES for name in TRANSLATED]
FILL_IN = __("Fill in this field.")


class SeriesForm(SeenForm):
    name = StringField(
        __("Name of the series"),
        filters=[line],
        validators=[InputRequired(FILL_IN), Length(max=MAX_NAME, message=TOO_LONG)],
    )
    name_sv = StringField(__("Name in Swedish"), filters=[line], validators=[Length(max=MAX_NAME, message=TOO_LONG)])
    name_en = StringField(__("Name in English"), filters=[line], validators=[Length(max=MAX_NAME, message=TOO_LONG)])
    description_fi = TextAreaField(__("What the series is about"), filters=[block])
    description_sv = TextAreaField(__("The same in Swedish"), filters=[block])
    description_en = TextAreaField(__("The same in English"), filters=[block])

    @staticmethod
    def values_of(row: StorySeries) -> dict[str, Any]:
        keys = [f"{name}_{code}" for name in ("name", "description") for code in OTHER_LANGUAGES]
        others = {key: row.texts.get(key, "") for key in keys}
        return {**others, "name": row.name, "description_fi": row.description}

    def content(self) -> SeriesTexts:
        return SeriesTexts(
            self.name.data,
            {code: self[f"description_{code}"].data or "" for code in LOCALES},
            {code: self[f"name_{code}"].data or "" for code in OTHER_LANGUAGES},
        )


class StoryForm(SeenForm):
    kind = SelectField(__("Kind"), choices=[SelectChoice(kind, label) for kind, label in KINDS.items()])
    title = StringField(
        __("Heading"), filters=[line], validators=[InputRequired(FILL_IN), Length(max=MAX_NAME, message=TOO_LONG)]
    )
    summary = TextAreaField(__("In brief"), filters=[block], validators=[Length(max=MAX_SUMMARY, message=TOO_LONG)])
    body = TextAreaField(__("Text"), filters=[block], validators=[Length(max=MAX_MARKDOWN, message=TOO_LONG)])
    media_url = StringField(__("Address of the recording"), filters=[line])
    transcript = TextAreaField(
        __("What is said in the recording"), filters=[block], validators=[Length(max=MAX_MARKDOWN, message=TOO_LONG)]
    )
    deeds = TextAreaField(__("Deeds of the story"), filters=[block])
    organisations = StringField(__("Organisations"), filters=[line])
    themes = SelectMultipleField(__("Themes"))

    title_sv = StringField(__("Heading in Swedish"), filters=[line])
    summary_sv = TextAreaField(__("In brief, in Swedish"), filters=[block])
    body_sv = TextAreaField(__("Text in Swedish"), filters=[block])
    transcript_sv = TextAreaField(__("What is said in the recording, in Swedish"), filters=[block])
    title_en = StringField(__("Heading in English"), filters=[line])
    summary_en = TextAreaField(__("In brief, in English"), filters=[block])
    body_en = TextAreaField(__("Text in English"), filters=[block])
    transcript_en = TextAreaField(__("What is said in the recording, in English"), filters=[block])

    def prepare(self, session: Session, locale: str) -> "StoryForm":
        self.themes.choices = by_label(SelectChoice(row.slug, row.name_in(locale)) for row in all_themes(session))
        return self

    @staticmethod
    def values_of(row: Story) -> dict[str, Any]:
        names = ("kind", "title", "summary", "body", "media_url", "transcript")
        return {
            **{name: getattr(row, name) for name in names},
            **{key: row.texts.get(key, "") for key in TEXT_KEYS},
            "deeds": "\n".join(str(deed.id) for deed in row.deeds),
            "organisations": ", ".join(place.name for place in row.organisations),
            "themes": [theme.slug for theme in row.themes],
        }

    def content(self, session: Session) -> StoryContent:
        return StoryContent(
            self.title.data, self.kind.data, self.summary.data or "", self.body.data or "", self.media_url.data or "",
            self.transcript.data or "", self.deeds.data or "", self._organisations(session), self.themes.data or [],
            {key: self[key].data or "" for key in TEXT_KEYS},
        )  # fmt: skip

    def _organisations(self, session: Session) -> list[str]:
        """The slugs of the names, divided by commas. Raises RuleBroken for a name that nobody has."""
        names = [name for part in (self.organisations.data or "").split(",") if (name := part.strip())]
        rows = session.execute(select(Organisation.name, Organisation.slug).where(Organisation.name.in_(names)))
        found = dict(rows.all())
        if set(names) - set(found):
            raise RuleBroken("unknown_organisation", "organisations")
        return list(found.values())


@blueprint.route("/jutut", methods=["GET", "POST"])
@access(Permission.CURATE)
def stories() -> Page:
    """All series, and a form to begin one."""
    form = SeriesForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = writing.begin_series(session, current_actor(), form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The series has begun. Write its first story."), "success")
            return redirect(url_for("desk.story_series", series_id=row.id), 303)
    page = render_template("desk/stories.html", form=form, series=writing.all_series(db.session()))
    return page, 422 if form.errors else 200


@blueprint.route("/jutut/sarjat/<id:series_id>", methods=["GET", "POST"])
@access(Permission.CURATE)
def story_series(series_id: int) -> Page:
    row = writing.get_series(db.session(), series_id)
    form = SeriesForm(data=SeriesForm.values_of(row))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = writing.get_series(session, series_id)
                form.check(session, row)
                writing.change_series(session, current_actor(), row, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The series has been saved."), "success")
            return redirect(url_for("desk.story_series", series_id=series_id), 303)
    row = writing.get_series(db.session(), series_id)
    page = render_template(
        "desk/story_series.html", form=form, series=row, stories=writing.stories_in(db.session(), row), kinds=KINDS,
        now=clock.now(),
    )  # fmt: skip
    return page, form.status


@blueprint.route("/jutut/sarjat/<id:series_id>/uusi", methods=["GET", "POST"])
@access(Permission.CURATE)
def new_story(series_id: int) -> Page:
    series = writing.get_series(db.session(), series_id)
    form = StoryForm().prepare(db.session(), request_locale())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                found = writing.get_series(session, series_id)
                row = writing.write(session, current_actor(), found, form.content(session))
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The story has been saved. Readers see it when you publish it."), "success")
            return redirect(url_for("desk.story", story_id=row.id), 303)
    page = render_template("desk/story.html", form=form, story=None, series=series, publish_form=None)
    return page, 422 if form.errors else 200


def _story_page(story_id: int, form: StoryForm | None = None, publish_form: PublishForm | None = None) -> str:
    row = writing.get_story(db.session(), story_id)
    if form is None:
        form = StoryForm(formdata=None, data=StoryForm.values_of(row)).prepare(db.session(), request_locale())
    return render_template(
        "desk/story.html", form=form, story=row, series=row.series, now=clock.now(),
        publish_form=publish_form or PublishForm(formdata=None),
    )  # fmt: skip


@blueprint.route("/jutut/<id:story_id>", methods=["GET", "POST"])
@access(Permission.CURATE)
def story(story_id: int) -> Page:
    if request.method == "GET":
        return _story_page(story_id)
    form = StoryForm().prepare(db.session(), request_locale())
    if form.validate():
        try:
            with transaction() as session:
                row = writing.get_story(session, story_id)
                form.check(session, row)
                writing.change(session, current_actor(), row, form.content(session))
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The story has been saved."), "success")
            return redirect(url_for("desk.story", story_id=story_id), 303)
    return _story_page(story_id, form), form.status


@blueprint.post("/jutut/<id:story_id>/julkaise")
@access(Permission.CURATE)
def publish_story(story_id: int) -> Page:
    form = PublishForm()
    if form.validate():
        try:
            with transaction() as session:
                writing.publish(session, current_actor(), writing.get_story(session, story_id), form.moment())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(
                _("The story has been published.") if not form.moment() else _("It is published by itself."), "success"
            )
            return redirect(url_for("desk.story", story_id=story_id), 303)
    return _story_page(story_id, publish_form=form), 422


@blueprint.post("/jutut/<id:story_id>/piilota")
@access(Permission.CURATE)
def hide_story(story_id: int) -> Page:
    with transaction() as session:
        writing.hide(session, current_actor(), writing.get_story(session, story_id))
    return redirect(url_for("desk.story", story_id=story_id), 303)


@blueprint.get("/jutut/<id:story_id>/esikatselu")
@access(Permission.CURATE)
def preview_story(story_id: int) -> Page:
    session = db.session()
    row = writing.get_story(session, story_id)
    ids = [deed.id for deed in row.deeds]
    return render_template(
        "stories/show.html", series=row.series, story=row, kind=KINDS.get(row.kind, row.kind), icons=ICONS,
        cards=cards_by_ids(session, ids, request_locale(), ANONYMOUS), earlier=None, later=None, total=0,
        may_edit=True, is_preview=True, pictures=pictures_of(session, row.id),
    )  # fmt: skip
