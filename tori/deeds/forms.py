"""The forms of a deed, an adoption and a comment."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, fields, replace
from functools import partial
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
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
from tori.core.text import MAX_MARKDOWN, clean_line
from tori.deeds import queries
from tori.deeds.adoptions import MAX_NOTE, MAX_UNIT, AdoptionDetails
from tori.deeds.content import (
    MAX_FIRST_STEP,
    MAX_LINE,
    MAX_SUMMARY,
    MAX_THEMES,
    MAX_TITLE,
    MOST_TAGS,
    DeedContent,
    IndicatorContent,
    MaterialContent,
    check_material,
    content_of,
    content_of_indicator,
    content_of_material,
)
from tori.deeds.rows import Column, LinesField, RowsField
from tori.edge import messages
from tori.edge.forms import ToriForm, block, line
from tori.models.deeds import (
    AbandonReason,
    AdoptionStatus,
    Basis,
    Closeness,
    Cost,
    Deed,
    Effort,
    Gain,
    MaterialKind,
    Maturity,
)
from tori.models.people import Organisation
from tori.models.tags import TAG_FIELDS, Tag, TagKind
from tori.policy import Actor

MAX_EUROS = 2_000_000_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

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
ABANDON_REASONS: dict[str, Any] = {
    AbandonReason.RESOURCES: __("Time, money or people were not enough"),
    AbandonReason.LEADERSHIP: __("It did not get support from the management"),
    AbandonReason.DID_NOT_FIT: __("It did not fit our work"),
    AbandonReason.LAW: __("A law or a contract stood in the way"),
    AbandonReason.SKILLS: __("We lacked the skills"),
    AbandonReason.OTHER: __("Another reason"),
}


GAINS: dict[str, Any] = {
    Gain.IDEAS: __("Ideas for our own work"),
    Gain.UNDERSTANDING: __("Better understanding"),
    Gain.START: __("A clear place to start"),
    Gain.GOALS: __("Clearer goals"),
    Gain.COURAGE: __("Courage to act on small things"),
    Gain.NOTHING: __("Nothing yet"),
}


def _choices(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, name) for value, name in names.items()]


EFFORTS: dict[str, Any] = {
    Effort.SMALL: __("a small experiment"),
    Effort.MONTHS: __("months"),
    Effort.PROJECT: __("a project"),
}
COSTS: dict[str, Any] = {
    Cost.NOTHING: __("nothing but our own time"),
    Cost.HUNDREDS: __("less than 1,000 €"),
    Cost.THOUSANDS: __("1,000–10,000 €"),
    Cost.TENS_OF_THOUSANDS: __("10,000–100,000 €"),
    Cost.MORE: __("more than 100,000 €"),
}
BASES: dict[str, Any] = {Basis.MEASURED: __("measured"), Basis.ESTIMATE: __("estimated")}

INDICATOR_COLUMNS = (
    Column("name", __("What was measured")),
    Column("unit", __("Unit")),
    Column("baseline", __("Starting point")),
    Column("target", __("Target")),
    Column("actual", __("Actual")),
    Column("basis", __("Measured or estimated?"), (("", __("Not told")), *BASES.items())),
)
MATERIAL_KINDS: dict[str, Any] = {
    "": __("material or tool"),
    MaterialKind.RESEARCH: __("research or guide"),
    MaterialKind.MEDIA: __("told in the media"),
    MaterialKind.COMMUNITY: __("network or community"),
}
MATERIAL_COLUMNS = (
    Column("title", __("Name of the material")),
    Column("url", __("Web address"), type="url"),
    Column("kind", __("Kind of material"), tuple(MATERIAL_KINDS.items())),
    Column("date", __("Date, if known")),
    Column("licence", __("Licence, if not that of the deed")),
)

_FIGURE = re.compile(r"[-+]?[\d\s.,]+")


def _stage(label: str) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[block],
        validators=[Length(max=MAX_MARKDOWN, message=__("The text is too long: at most %(max)d characters."))],
    )


class EurosField(StringField):  # type: ignore[misc]
    """Whole euros as people write them: ``12 000``, ``12000 €``."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = clean_line(valuelist[0]) if valuelist else ""
        self.data: Any = text or None
        digits = re.sub(r"[\s\u00a0\u202f€]", "", text)
        if not digits:
            self.data = None
        elif digits.isascii() and digits.isdigit() and int(digits) <= MAX_EUROS:
            self.data = int(digits)
        else:
            raise ValueError(messages.sentence("bad_euros"))


class DeedForm(ToriForm):
    """Everything that a deed can tell. ``keep_only`` leaves the questions of one part; the others keep what they say.

    Choices are filled in by ``prepare``.
    """

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
    strategy_goal = StringField(__("Which goal of the organisation’s strategy does it carry out?"), filters=[line])
    implementation = _stage(__("Implementation: what did you do, step by step?"))
    results = _stage(__("Results: what came of it?"))
    lessons = _stage(__("What would you do differently?"))
    obstacles = _stage(__("What stood in the way, and how did you get past it?"))
    did_not_work = _stage(__("What did not work?"))
    applicability = _stage(__("What does another municipality need to do this?"))
    limits_of_use = _stage(__("When does this not suit?"))
    novelty = _stage(__("What is new in it?"))
    plain_words = _stage(__("The same in clear language"))
    first_steps = LinesField(__("How should one begin? At most three steps"))
    customer_groups = SelectMultipleField(__("Whom does it serve?"))
    benefits = SelectMultipleField(__("What does it give, or aim at?"))
    professions = SelectMultipleField(__("Whose work is it about?"))
    situations = SelectMultipleField(__("What set it going?"))
    methods = SelectMultipleField(__("How was it done?"))
    benefits_customer = _stage(__("What did customers or residents gain?"))
    benefits_staff = _stage(__("What did the staff gain?"))
    benefits_organisation = _stage(__("What did the organisation gain?"))
    body = _stage(__("The story in your own words"))
    indicators = RowsField(__("Figures"), INDICATOR_COLUMNS)
    materials = RowsField(__("Materials that others may use"), MATERIAL_COLUMNS)
    period_start = StringField(__("When did it begin?"), filters=[line])
    period_end = StringField(__("When did it end?"), filters=[line])
    participants = TextAreaField(__("Who took part?"), filters=[block])
    team = LinesField(__("Who did what?"))
    partners = LinesField(__("Who did you do it with?"))
    programme = StringField(__("Which programme or project did it belong to?"), filters=[line])
    funder = StringField(__("Who funded it?"), filters=[line])
    funding_euros = EurosField(__("How many euros were funded?"))
    effort = SelectField(__("How much work does it take?"), validators=[Optional()])
    cost = SelectField(__("What does it cost?"), validators=[Optional()])
    maturity = SelectField(__("Stage"), validators=[Optional()])
    language = SelectField(__("Language of the text"), choices=_choices(LANGUAGES))
    picture = FileField(__("A picture"))
    form_number = HiddenField()
    version = IntegerField(validators=[Optional()])

    def prepare(self, session: Session, actor: Actor, locale: str, deed: Deed | None = None) -> None:
        """Fills in the choices for this actor, and the defaults of a new form."""
        self._sectors = {sector.slug: sector for sector in queries.all_sectors(session)}
        self._themes = {theme.slug: theme for theme in queries.all_themes(session)}
        self.meanings = {
            name: {slug: row.meaning_in(locale) for slug, row in rows.items()}
            for name, rows in (("sector", self._sectors), ("themes", self._themes))
        }
        self._organisations = {org.id: org for org in _organisations_of(actor, deed)}
        self.sector.choices = [SelectChoice(slug, sector.name_in(locale)) for slug, sector in self._sectors.items()]
        self.themes.choices = sorted(
            (SelectChoice(slug, theme.name_in(locale)) for slug, theme in self._themes.items()),
            key=lambda choice: choice.label,
        )
        self._tags: dict[str, dict[str, Tag]] = {name: {} for name in TAG_FIELDS}
        if deed is not None:
            # A quick deed does not ask for these: they belong to the growing of it.
            self._prepare_tags(session, locale)
        self.organisation.choices = [SelectChoice(org.id, org.name_in(locale)) for org in self._organisations.values()]
        for field, names in ((self.maturity, MATURITIES), (self.effort, EFFORTS), (self.cost, COSTS)):
            field.choices = [SelectChoice("", _("Not told")), *_choices(names)]
        if deed is not None:
            # A deed that exists has a page of its own for pictures.
            del self.picture
        if not self.is_submitted():
            self.form_number.data = uuid4().hex
            if deed is None and self.organisation.choices:
                self.organisation.data = self.organisation.choices[0].value
            if deed is None and not self.language.data:
                self.language.data = locale

    def _prepare_tags(self, session: Session, locale: str) -> None:
        fields = {kind: name for name, kind in TAG_FIELDS.items()}
        for tag in queries.all_tags(session):
            self._tags[fields[TagKind(tag.kind)]][tag.slug] = tag
        for name, tags in self._tags.items():
            self[name].choices = sorted(
                (SelectChoice(slug, tag.name_in(locale)) for slug, tag in tags.items()), key=lambda choice: choice.label
            )

    def keep_only(self, names: Collection[str]) -> None:
        """Asks only these; call it after ``prepare``."""
        for name in list(self._fields):
            if name not in names and name not in TECHNICAL:
                del self[name]

    def fill(self, deed: Deed) -> None:
        """Shows an existing deed in a form that has not been sent."""
        shown = self._shown(deed)
        for name, field in self._fields.items():
            if name in shown:
                field.data = "" if shown[name] is None else shown[name]

    def take(self, deed: Deed, name: str) -> None:
        """Answers one question as the deed does now."""
        value = self._shown(deed).get(name)
        self[name].data = "" if value is None else value

    def _shown(self, deed: Deed) -> dict[str, Any]:
        return {
            **{name: getattr(deed, name) for name in self._fields if hasattr(Deed, name) and name != "form_number"},
            "organisation": deed.organisation_id,
            "sector": deed.sector.slug,
            "themes": [theme.slug for theme in deed.themes],
            **{name: [tag.slug for tag in deed.tags_of(name)] for name in TAG_FIELDS},
            "indicators": [asdict(content_of_indicator(row)) for row in deed.indicators],
            "materials": [asdict(content_of_material(row)) for row in deed.materials],
        }

    def validate(self, extra_validators: Any = None) -> bool:
        good: bool = super().validate(extra_validators)
        for error in self._broken_rules():
            self.show(error)
            good = False
        return good

    def _broken_rules(self) -> Iterator[RuleBroken]:
        if "themes" in self and len(self.themes.data or []) > MAX_THEMES:
            yield RuleBroken("too_many_themes", "themes")
        for name, limit in MOST_TAGS.items():
            if name in self and len(self[name].data or []) > limit:
                yield RuleBroken("too_many_items", name, limit=limit)
        for name, field in self._fields.items():
            if any(isinstance(text, str) and CONTROL.search(text) for text in field.raw_data or ()):
                yield RuleBroken("control_characters", name)
        if "indicators" in self:
            yield from _broken_rules_of_figures(self.indicators.data)
        if "materials" in self:
            yield from _broken_rules_of_materials(self.materials.data)
        yield from self._too_long()

    def _too_long(self) -> Iterator[RuleBroken]:
        limits = {
            **dict.fromkeys(("partners", "team", "programme", "funder", "strategy_goal"), MAX_LINE),
            "first_steps": MAX_FIRST_STEP, "participants": MAX_MARKDOWN,
        }  # fmt: skip
        for name, limit in limits.items():
            told = self[name].data if name in self else None
            texts = [told] if isinstance(told, str) else told or []
            if any(len(text) > limit for text in texts):
                yield RuleBroken("text_too_long", name, limit=limit)

    def add_row(self, name: str) -> None:
        """One more empty row, when the person has asked for it."""
        if name in self and isinstance(self[name], RowsField):
            self[name].shown_rows += 1

    def content(self, deed: Deed | None = None) -> DeedContent:
        """What was written; what this form does not ask is kept from the deed."""
        written = {name: _VALUES.get(name, _same)(self, self[name].data) for name in _CONTENT if name in self}
        if deed is None:
            return DeedContent(**written)
        is_short = deed.is_short and not any(written.get(name) for name in ("implementation", "results"))
        return replace(content_of(deed), **{**written, "is_short": is_short})


TECHNICAL = ("csrf_token", "form_number", "version")

_CONTENT = [item.name for item in fields(DeedContent)]


def _same(form: DeedForm, value: Any) -> Any:
    return value


def _or_none(form: DeedForm, value: Any) -> Any:
    return value or None


def _many(form: DeedForm, value: Any) -> tuple[Any, ...]:
    return tuple(value or ())


def _chosen_tags(name: str, form: DeedForm, slugs: list[str] | None) -> tuple[Tag, ...]:
    return tuple(form._tags[name][slug] for slug in slugs or [])


_VALUES: dict[str, Callable[[DeedForm, Any], Any]] = {
    **dict.fromkeys(("maturity", "effort", "cost", "period_start", "period_end"), _or_none),
    **dict.fromkeys(("first_steps", "partners", "team"), _many),
    "organisation": lambda form, key: form._organisations[key],
    "sector": lambda form, slug: form._sectors[slug],
    "themes": lambda form, slugs: tuple(form._themes[slug] for slug in slugs or []),
    **{name: partial(_chosen_tags, name) for name in TAG_FIELDS},
    "indicators": lambda form, rows: tuple(IndicatorContent(**row) for row in rows),
    "materials": lambda form, rows: tuple(
        MaterialContent(**{**row, "title": row["title"] or row["url"][:MAX_LINE]})
        for row in rows
        if row["title"] or row["url"]
    ),
}
"""How the value of a field becomes that of the content; the others are the same."""


def _broken_rules_of_materials(rows: list[dict[str, str]]) -> Iterator[RuleBroken]:
    for row in rows:
        if not row["title"] and not row["url"] and (row["date"] or row["licence"]):
            yield RuleBroken("material_without_name", "materials")
        try:
            check_material(MaterialContent(**row))
        except RuleBroken as error:
            yield error


def _broken_rules_of_figures(rows: list[dict[str, str]]) -> Iterator[RuleBroken]:
    for row in rows:
        if not row["name"]:
            yield RuleBroken("figure_without_name", "indicators")
        elif row["actual"] and not row["unit"] and _FIGURE.fullmatch(row["actual"]):
            yield RuleBroken("unit_missing", "indicators", name=row["name"])
        if any(len(value) > MAX_LINE for value in row.values()):
            yield RuleBroken("text_too_long", "indicators", limit=MAX_LINE)


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
    abandoned_reason = RadioField(
        __("If you gave it up, why?"), choices=_choices(ABANDON_REASONS), validators=[Optional()]
    )
    note = TextAreaField(__("What did you change?"), validators=[Length(max=MAX_NOTE)], filters=[block])
    outcome = TextAreaField(__("What came of it?"), validators=[Length(max=MAX_NOTE)], filters=[block])
    unit = StringField(
        __("In which unit or workplace?"), id="adoption-unit", validators=[Length(max=MAX_UNIT)], filters=[line]
    )
    may_contact = BooleanField(__("Others may ask us about this"))

    def details(self) -> AdoptionDetails:
        return AdoptionDetails(
            closeness=self.closeness.data or None,
            status=self.status.data or None,
            note=self.note.data or "",
            outcome=self.outcome.data or "",
            unit=self.unit.data or "",
            may_contact=bool(self.may_contact.data),
            abandoned_reason=self.abandoned_reason.data or None,
        )


class GainsForm(ToriForm):
    gains = SelectMultipleField(
        __("What did taking the model give you?"),
        choices=_choices(GAINS),
        validators=[InputRequired(__("Choose at least one."))],
    )


class ReasonForm(ToriForm):
    reason = StringField(__("Why?"), filters=[line])


class MergeForm(ToriForm):
    into = StringField(__("Address of the other deed"), filters=[line])
    why = StringField(__("Why?"), id="merge-why", filters=[line])
