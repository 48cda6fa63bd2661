"""The desk's pages of the vocabulary: themes, synonyms, and what is searched for."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.text import clean_line
from tori.curation import vocabulary
from tori.curation.vocabulary import ThemeTexts
from tori.database import db, transaction
from tori.deeds import readings
from tori.deeds.sharing import source_names
from tori.digest import survey
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block, line
from tori.edge.seen import SeenForm
from tori.i18n import LOCALES
from tori.models.deeds import Theme
from tori.models.searching import SynonymRow
from tori.policy import Permission
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]
TOO_LONG = __("The text is too long: at most %(max)d characters.")


class NamesForm(SeenForm):
    """The names of a theme or a tag."""

    name = StringField(
        __("Name"),
        filters=[line],
        validators=[InputRequired(__("Fill in this field.")), Length(max=vocabulary.MAX_NAME, message=TOO_LONG)],
    )
    name_sv = StringField(
        __("Name in Swedish"), filters=[line], validators=[Length(max=vocabulary.MAX_NAME, message=TOO_LONG)]
    )
    name_en = StringField(
        __("Name in English"), filters=[line], validators=[Length(max=vocabulary.MAX_NAME, message=TOO_LONG)]
    )


class ThemeForm(NamesForm):
    meaning_fi = TextAreaField(__("What it means"), filters=[block])
    meaning_sv = TextAreaField(__("What it means, in Swedish"), filters=[block])
    meaning_en = TextAreaField(__("What it means, in English"), filters=[block])
    synonyms = TextAreaField(__("Words that find it"), filters=[block])

    @staticmethod
    def values_of(theme: Theme) -> dict[str, object]:
        return {
            "name": theme.name,
            "name_sv": theme.name_sv or "",
            "name_en": theme.name_en or "",
            "synonyms": "\n".join(theme.synonyms),
            **{f"meaning_{code}": theme.meanings.get(code, "") for code in LOCALES},
        }

    def content(self) -> ThemeTexts:
        return ThemeTexts(
            self.name.data, self.name_sv.data or "", self.name_en.data or "",
            {code: self[f"meaning_{code}"].data or "" for code in LOCALES}, (self.synonyms.data or "").split("\n"),
        )  # fmt: skip


class MergeForm(ToriForm):
    into = SelectField(__("Into which theme?"), coerce=int, validators=[DataRequired(__("Fill in this field."))])

    def prepare(self, themes: list[Theme], own_id: int) -> None:
        others = (SelectChoice(theme.id, theme.name) for theme in themes if theme.id != own_id)
        # There is no way back, so none is chosen beforehand.
        self.into.choices = [SelectChoice(0, "–"), *others]


class SynonymForm(SeenForm):
    concept = StringField(
        __("Concept"),
        filters=[line],
        validators=[InputRequired(__("Fill in this field.")), Length(max=120, message=TOO_LONG)],
    )
    members_fi = StringField(__("Words in Finnish"), filters=[line])
    members_sv = StringField(__("Words in Swedish"), filters=[line])
    members_en = StringField(__("Words in English"), filters=[line])
    is_enabled = BooleanField(__("In use"), default=True)

    @staticmethod
    def values_of(row: SynonymRow) -> dict[str, Any]:
        words = {f"members_{code}": text for code, text in vocabulary.words_of(row).items()}
        return {"concept": row.concept, "is_enabled": row.is_enabled, **words}


# Themes


@blueprint.get("/teemat")
@access(Permission.CURATE)
def themes() -> Page:
    return render_template("desk/themes.html", uses=vocabulary.uses(db.session()))


@blueprint.route("/teemat/uusi", methods=["GET", "POST"])
@access(Permission.CURATE)
def new_theme() -> Page:
    form = ThemeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                vocabulary.add_theme(session, current_actor(), form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The theme is there to choose now."), "success")
            return redirect(url_for("desk.themes"), 303)
    page = render_template("desk/theme.html", form=form, theme=None, merge_form=None)
    return page, 422 if form.errors else 200


def _theme_page(theme: Theme, form: ThemeForm, merge_form: MergeForm) -> str:
    use = next((use for use in vocabulary.uses(db.session()) if use.theme.id == theme.id), None)
    return render_template("desk/theme.html", form=form, theme=theme, merge_form=merge_form, use=use)


def _merge_form(own_id: int, *, sent: bool) -> MergeForm:
    form = MergeForm() if sent else MergeForm(formdata=None)
    form.prepare(list(db.session().scalars(select(Theme).order_by(Theme.name))), own_id)
    return form


@blueprint.route("/teemat/<id:theme_id>", methods=["GET", "POST"], endpoint="theme")
@access(Permission.CURATE)
def change_theme(theme_id: int) -> Page:
    theme = vocabulary.get_theme(db.session(), theme_id)
    form = ThemeForm(data=ThemeForm.values_of(theme))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                found = vocabulary.get_theme(session, theme_id)
                form.check(session, found)
                vocabulary.change_theme(session, current_actor(), found, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The theme has been saved."), "success")
            return redirect(url_for("desk.theme", theme_id=theme_id), 303)
    page = _theme_page(vocabulary.get_theme(db.session(), theme_id), form, _merge_form(theme_id, sent=False))
    return page, form.status


@blueprint.post("/teemat/<id:theme_id>/yhdista")
@access(Permission.CURATE)
def merge_theme(theme_id: int) -> Page:
    theme = vocabulary.get_theme(db.session(), theme_id)
    form = _merge_form(theme_id, sent=True)
    if form.validate():
        try:
            with transaction() as session:
                source = vocabulary.get_theme(session, theme_id)
                target = vocabulary.get_theme(session, form.into.data)
                vocabulary.merge_themes(session, current_actor(), source, target)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The themes are one now. Old addresses lead to it, and its followers came along."), "success")
            return redirect(url_for("desk.theme", theme_id=form.into.data), 303)
    return _theme_page(theme, ThemeForm(formdata=None, data=ThemeForm.values_of(theme)), form), 422


# Synonyms


@blueprint.route("/synonyymit", methods=["GET", "POST"])
@access(Permission.CURATE)
def synonyms() -> Page:
    """A group of words; the concept of an existing group changes that group."""
    form = SynonymForm(data=_beginning())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                if row := _group(form.concept.data):
                    form.check(session, row)
                members = {code: form[f"members_{code}"].data or "" for code in LOCALES}
                vocabulary.keep_synonyms(
                    session, current_actor(), form.concept.data, members, is_enabled=form.is_enabled.data
                )
        except RuleBroken as error:
            error.field = "members_fi" if error.field == "members" else error.field
            form.show(error)
        else:
            flash(_("The search follows within a quarter of a minute."), "success")
            return redirect(url_for("desk.synonyms"), 303)
    rows = vocabulary.synonym_rows(db.session())
    page = render_template("desk/synonyms.html", form=form, rows=[(row, vocabulary.words_of(row)) for row in rows])
    return page, form.status


def _group(concept: str) -> SynonymRow | None:
    found: SynonymRow | None = db.session().scalar(select(SynonymRow).where(SynonymRow.concept == clean_line(concept)))
    return found


def _beginning() -> dict[str, Any]:
    """A group to change, or a word of the search report."""
    if row := _group(request.args.get("ryhma", "")):
        return SynonymForm.values_of(row)
    word = clean_line(request.args.get("sana", ""))[:80]
    return {"concept": word, "members_fi": word}


# What is searched for


@blueprint.get("/haut")
@access(Permission.CURATE)
def searches() -> Page:
    session = db.session()
    since = clock.today() - vocabulary.REPORTED
    found, missed = survey.poll_since(session, since)
    return render_template(
        "desk/searches.html",
        report=vocabulary.search_report(session),
        days=vocabulary.REPORTED.days,
        found=found,
        asked=found + missed,
        most_read=readings.most_read(session, since),
        channels=readings.by_channel(session, since),
        source_names=source_names(),
    )
