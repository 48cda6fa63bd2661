"""The forms of campaigns."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
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

from tori.campaigns.labels import KINDS
from tori.campaigns.letters import Audience
from tori.campaigns.service import MAX_NAME, MAX_TEXT, CampaignContent, Prize, Question, content_of
from tori.deeds.queries import all_sectors, all_themes
from tori.edge.forms import ToriForm, block, by_label, line
from tori.edge.seen import SeenForm
from tori.models.campaigns import AwardFor, Campaign

NEEDED = __("Fill in this field.")
TOO_LONG = __("The text is too long: at most %(max)d characters.")
BAD_DAY = __("Choose the day from the calendar.")
WHOLE = __("Write a whole number, for example 100.")


def _lines(text: str | None) -> list[str]:
    return [found for row in (text or "").splitlines() if (found := row.strip())]


def _text(label: str, limit: int = MAX_TEXT) -> TextAreaField:
    return TextAreaField(label, filters=[block], validators=[Length(max=limit, message=TOO_LONG)])


class CampaignDay(DateField):  # type: ignore[misc]
    """A day. A value that is no day is told in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(BAD_DAY)) from None


class WholeNumber(IntegerField):  # type: ignore[misc]
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(WHOLE)) from None


class CampaignForm(SeenForm):
    """Everything that a campaign says; the first part is enough to begin with. Lists are one to a line."""

    name = StringField(
        __("Name"), filters=[line], validators=[InputRequired(NEEDED), Length(max=MAX_NAME, message=TOO_LONG)]
    )
    kind = SelectField(__("Kind"))
    starts_on = CampaignDay(__("First day"), validators=[InputRequired(NEEDED)])
    ends_on = CampaignDay(__("Last day"), validators=[InputRequired(NEEDED)])
    description = _text(__("What and why"))
    is_public = BooleanField(__("Show the campaign to everybody"))
    subtitle = StringField(__("In one line"), filters=[line], validators=[Length(max=300, message=TOO_LONG)])
    slogan = StringField(__("Slogan"), filters=[line], validators=[Length(max=300, message=TOO_LONG)])
    description_sv = _text(__("What and why, in Swedish"))
    description_en = _text(__("What and why, in English"))
    hashtags = StringField(__("Hashtags"), filters=[line], validators=[Length(max=300, message=TOO_LONG)])
    rules = _text(__("Rules"))
    goal_deeds = WholeNumber(__("Goal: deeds"), validators=[Optional()])
    goal_organisations = WholeNumber(__("Goal: new organisations"), validators=[Optional()])
    goal_regions = WholeNumber(__("Goal: regions"), validators=[Optional()])
    sectors = SelectMultipleField(__("Sectors"))
    themes = SelectMultipleField(__("Themes"))
    partners = _text(__("Partners"))
    video_url = StringField(__("Link to a video"), filters=[line], validators=[Length(max=2000, message=TOO_LONG)])
    video_text = _text(__("What the video tells, as text"))
    questions_public = _text(__("Own questions that everybody may read the answers to"))
    questions_jury = _text(__("Own questions for the jury only"))
    prizes_deeds = _text(__("Series of prizes for deeds"))
    prizes_organisations = _text(__("Series of prizes for organisations"))
    sources = _text(__("Names of counted links"))
    vote_from = CampaignDay(__("The public votes from"), validators=[Optional()])
    vote_until = CampaignDay(__("The public votes until"), validators=[Optional()])
    earlier = HiddenField()

    def prepare(self, session: Session, locale: str) -> None:
        self.kind.choices = [SelectChoice(kind.value, label) for kind, label in KINDS.items()]
        self.sectors.choices = [SelectChoice(row.slug, row.name_in(locale)) for row in all_sectors(session)]
        self.themes.choices = by_label(SelectChoice(row.slug, row.name_in(locale)) for row in all_themes(session))

    @classmethod
    def values_of(cls, row: Campaign) -> dict[str, Any]:
        form = cls(formdata=None)
        form.fill(content_of(row))
        return {name: value for name, value in form.data.items() if name not in ("csrf_token", "seen", "earlier")}

    def fill(self, content: CampaignContent) -> None:
        for name in (
            "name", "kind", "starts_on", "ends_on", "description", "is_public", "subtitle", "slogan", "rules",
            "goal_deeds", "goal_organisations", "goal_regions", "video_url", "video_text", "vote_from", "vote_until",
        ):  # fmt: skip
            self[name].data = getattr(content, name)
        self.sectors.data, self.themes.data = list(content.sectors), list(content.themes)
        self.hashtags.data = " ".join(content.hashtags)
        self.description_sv.data = content.texts.get("description_sv", "")
        self.description_en.data = content.texts.get("description_en", "")
        for name, rows in (("partners", content.partners), ("sources", content.sources)):
            self[name].data = "\n".join(rows)
        self.questions_public.data = "\n".join(row.label for row in content.questions if row.is_public)
        self.questions_jury.data = "\n".join(row.label for row in content.questions if not row.is_public)
        for name, kind in (("prizes_deeds", AwardFor.DEED), ("prizes_organisations", AwardFor.ORGANISATION)):
            self[name].data = "\n".join(
                f"{row.name}: {row.meaning}" if row.meaning else row.name for row in content.prizes if row.kind == kind
            )

    def content(self, campaign: Campaign | None = None) -> CampaignContent:
        kept = dict((campaign.texts if campaign else {}).items())
        texts = {name: self[name].data or "" for name in ("description_sv", "description_en")}
        return CampaignContent(
            kind=self.kind.data, name=self.name.data or "", starts_on=self.starts_on.data, ends_on=self.ends_on.data,
            subtitle=self.subtitle.data or "", slogan=self.slogan.data or "", description=self.description.data or "",
            texts={**kept, **texts}, rules=self.rules.data or "", video_url=self.video_url.data or "",
            video_text=self.video_text.data or "", hashtags=re.split(r"[\s,]+", self.hashtags.data or ""),
            goal_deeds=self.goal_deeds.data, goal_organisations=self.goal_organisations.data,
            goal_regions=self.goal_regions.data, sectors=self.sectors.data or [], themes=self.themes.data or [],
            partners=_lines(self.partners.data), sources=_lines(self.sources.data), is_public=self.is_public.data,
            vote_from=self.vote_from.data, vote_until=self.vote_until.data,
            questions=[
                *(Question(row, True) for row in _lines(self.questions_public.data)),
                *(Question(row, False) for row in _lines(self.questions_jury.data)),
            ],
            prizes=[
                *_prizes(_lines(self.prizes_deeds.data), AwardFor.DEED),
                *_prizes(_lines(self.prizes_organisations.data), AwardFor.ORGANISATION),
            ],
        )  # fmt: skip


def _prizes(rows: Sequence[str], kind: AwardFor) -> list[Prize]:
    return [Prize(row.partition(":")[0].strip(), row.partition(":")[2].strip(), kind) for row in rows]


class EndForm(ToriForm):
    note = _text(__("Why does it end? Everybody can read this."))
    successor = SelectField(__("What takes its place?"))

    def prepare(self, others: Sequence[Campaign]) -> None:
        self.successor.choices = [
            SelectChoice("", __("Nothing")),
            *(SelectChoice(str(row.id), row.name) for row in others),
        ]


class LetterForm(ToriForm):
    audience = RadioField(
        __("To whom?"),
        choices=[
            SelectChoice(Audience.MAKERS.value, __("Those who have told or begun a deed of the campaign")),
            SelectChoice(
                Audience.LAST_TIME.value, __("Contact persons of organisations that were there last time, not yet now")
            ),
        ],
        default=Audience.MAKERS.value,
    )
    subject = StringField(__("Subject"), filters=[line])
    body = TextAreaField(__("Text"), filters=[block])
