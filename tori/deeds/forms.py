"""The forms of a deed, an adoption and a comment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from tori.core.errors import RuleBroken
from tori.core.text import MAX_MARKDOWN
from tori.deeds import queries
from tori.deeds.content import MAX_SUMMARY, MAX_THEMES, MAX_TITLE, DeedContent, content_of
from tori.edge.forms import ToriForm, block, line
from tori.models.deeds import AdoptionStatus, Closeness, CommentKind, Deed, Maturity
from tori.models.people import Organisation
from tori.policy import Actor

LANGUAGES: dict[str, Any] = {"fi": __("Finnish"), "sv": __("Swedish"), "en": __("English")}
MATURITIES: dict[str, Any] = {
    Maturity.IDEA: __("idea"),
    Maturity.TRIAL: __("being tried out"),
    Maturity.IN_USE: __("in use"),
    Maturity.ESTABLISHED: __("established"),
    Maturity.ENDED: __("ended"),
}
CLOSENESSES: dict[str, Any] = {
    Closeness.COPIED: __("We copied it"),
    Closeness.ADAPTED: __("We adapted it"),
    Closeness.INSPIRED: __("We got an idea"),
}
ADOPTION_STATUSES: dict[str, Any] = {
    AdoptionStatus.INTENDS: __("We intend to"),
    AdoptionStatus.TRIES: __("We are trying it out"),
    AdoptionStatus.IN_USE: __("In use"),
    AdoptionStatus.EXTENDED: __("Extended"),
    AdoptionStatus.ABANDONED: __("Given up"),
}


def _choices(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, name) for value, name in names.items()]


def _stage(label: str) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[block],
        validators=[Length(max=MAX_MARKDOWN, message=__("The text is too long: at most %(max)d characters."))],
    )


class DeedForm(ToriForm):
    """A quick deed is the first part; the stages may be empty. Choices are filled in by ``prepare``."""

    title = StringField(
        __("What did you do?"),
        filters=[line],
        validators=[
            InputRequired(__("Give the deed a title.")),
            Length(max=MAX_TITLE, message=__("The title is too long: at most %(max)d characters.")),
        ],
    )
    summary = TextAreaField(
        __("What changed?"),
        filters=[block],
        validators=[
            InputRequired(__("Tell in a few sentences what changed.")),
            Length(max=MAX_SUMMARY, message=__("The text is too long: at most %(max)d characters.")),
        ],
    )
    organisation = SelectField(
        __("Organisation"), coerce=int, validators=[InputRequired(__("Choose the organisation from the list."))]
    )
    unit = StringField(__("Unit or team"), filters=[line], validators=[Length(max=200)])
    sector = RadioField(__("Which sector is the deed about?"), validators=[InputRequired(__("Choose a sector."))])
    themes = SelectMultipleField(__("Themes"))
    need = _stage(__("Need for change: what was wrong before?"))
    goals = _stage(__("Goals: what did you want?"))
    implementation = _stage(__("Implementation: what did you do, step by step?"))
    results = _stage(__("Results: what came of it?"))
    lessons = _stage(__("What would you do differently?"))
    applicability = _stage(__("What does another municipality need to do this?"))
    maturity = SelectField(__("Stage"), validators=[Optional()])
    language = SelectField(__("Language of the text"), choices=_choices(LANGUAGES))
    form_number = HiddenField()
    version = IntegerField(validators=[Optional()])

    def prepare(self, session: Session, actor: Actor, locale: str, deed: Deed | None = None) -> None:
        """Fills in the choices for this actor, and the defaults of a new form."""
        self._sectors = {sector.slug: sector for sector in queries.all_sectors(session)}
        self._themes = {theme.slug: theme for theme in queries.all_themes(session)}
        self._organisations = {org.id: org for org in _organisations_of(actor, deed)}
        self.sector.choices = [SelectChoice(slug, sector.name_in(locale)) for slug, sector in self._sectors.items()]
        self.themes.choices = sorted(
            (SelectChoice(slug, theme.name_in(locale)) for slug, theme in self._themes.items()),
            key=lambda choice: choice.label,
        )
        self.organisation.choices = [SelectChoice(org.id, org.name_in(locale)) for org in self._organisations.values()]
        self.maturity.choices = [SelectChoice("", _("Not told")), *_choices(MATURITIES)]
        if not self.is_submitted():
            self.form_number.data = uuid4().hex
            if deed is None and self.organisation.choices:
                self.organisation.data = self.organisation.choices[0].value
            if deed is None and not self.language.data:
                self.language.data = locale

    def fill(self, deed: Deed) -> None:
        """Shows an existing deed in a form that has not been sent."""
        for name in ("title", "summary", "unit", "need", "goals", "implementation", "results", "lessons",
                     "applicability", "language", "version"):  # fmt: skip
            self[name].data = getattr(deed, name)
        self.maturity.data = deed.maturity or ""
        self.organisation.data = deed.organisation_id
        self.sector.data = deed.sector.slug
        self.themes.data = [theme.slug for theme in deed.themes]

    def validate(self, extra_validators: Any = None) -> bool:
        good: bool = super().validate(extra_validators)
        if self.themes.data and len(self.themes.data) > MAX_THEMES:
            self.show(RuleBroken("too_many_themes", "themes"))
            return False
        return good

    def content(self, deed: Deed | None = None) -> DeedContent:
        """What was written; what this form does not ask is kept from the deed."""
        written: dict[str, Any] = {
            "title": self.title.data,
            "summary": self.summary.data,
            "organisation": self._organisations[self.organisation.data],
            "unit": self.unit.data,
            "sector": self._sectors[self.sector.data],
            "themes": tuple(self._themes[slug] for slug in self.themes.data or []),
            "need": self.need.data,
            "goals": self.goals.data,
            "implementation": self.implementation.data,
            "results": self.results.data,
            "lessons": self.lessons.data,
            "applicability": self.applicability.data,
            "maturity": self.maturity.data or None,
            "language": self.language.data,
        }
        if deed is None:
            return DeedContent(**written)
        is_short = deed.is_short and not any(written[name] for name in ("implementation", "results"))
        return replace(content_of(deed), **written, is_short=is_short)


def _organisations_of(actor: Actor, deed: Deed | None) -> list[Organisation]:
    own = [membership.organisation for membership in actor.user.memberships] if actor.user else []
    if deed is not None and deed.organisation not in own:
        own.insert(0, deed.organisation)
    return own


class AdoptionForm(ToriForm):
    closeness = RadioField(
        __("How close is yours to the model?"), choices=_choices(CLOSENESSES), validators=[Optional()]
    )
    status = RadioField(
        __("How far are you?"), id="adoption-status", choices=_choices(ADOPTION_STATUSES), validators=[Optional()]
    )
    note = TextAreaField(__("What did you change, and what came of it?"), filters=[block])


COMMENT_KINDS: dict[str, Any] = {CommentKind.COMMENT: __("Comment"), CommentKind.QUESTION: __("Question to the author")}


class CommentForm(ToriForm):
    body = TextAreaField(__("Your comment or question"), filters=[block])
    kind = RadioField(
        __("What is it?"),
        choices=_choices(COMMENT_KINDS),
        default=CommentKind.COMMENT,
    )
    form_number = HiddenField()


class ReasonForm(ToriForm):
    reason = StringField(__("Why?"), filters=[line])
