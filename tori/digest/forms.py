"""The forms of the digest."""

from typing import Any

from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tori.deeds.queries import all_sectors, all_themes
from tori.digest.subscriptions import Choices
from tori.edge.forms import OpenForm, ToriForm, by_label, line
from tori.edge.templating import request_locale
from tori.i18n import LANGUAGE_NAMES
from tori.models.digest import Rhythm, Subscriber

RHYTHMS: dict[str, Any] = {
    Rhythm.WEEKLY: __("Once a week"),
    Rhythm.MONTHLY: __("Once a month"),
    Rhythm.NONE: __("Not at all"),
}


def _rhythms(*values: Rhythm) -> list[SelectChoice]:
    return [SelectChoice(str(value), RHYTHMS[value]) for value in values]


class TopicsForm(ToriForm):
    """What a visitor wants to hear of. ``prepare`` fills in the choices."""

    sectors = SelectMultipleField(__("Sectors"))
    themes = SelectMultipleField(__("Themes"))

    def prepare(self, session: Session, locale: str) -> None:
        self.sectors.choices = [SelectChoice(row.slug, row.name_in(locale)) for row in all_sectors(session)]
        self.themes.choices = by_label(SelectChoice(row.slug, row.name_in(locale)) for row in all_themes(session))


class SubscribeForm(OpenForm, TopicsForm):
    email = StringField(
        __("Your e-mail address"),
        filters=[line],
        validators=[InputRequired(__("Write your e-mail address.")), Length(max=254)],
    )
    rhythm = RadioField(__("How often?"), choices=_rhythms(Rhythm.WEEKLY, Rhythm.MONTHLY), default=str(Rhythm.WEEKLY))

    def content(self) -> Choices:
        return Choices(self.rhythm.data, request_locale(), self.sectors.data or [], self.themes.data or [])


class PreferencesForm(TopicsForm):
    """The page behind the links of the mails."""

    rhythm = RadioField(__("How often?"), choices=_rhythms(*Rhythm))
    locale = SelectField(__("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()])

    def fill(self, row: Subscriber, session: Session) -> None:
        self.rhythm.data = row.rhythm
        self.locale.data = row.locale
        self.sectors.data = [item.slug for item in all_sectors(session) if item.id in row.sector_ids]
        self.themes.data = [item.slug for item in all_themes(session) if item.id in row.theme_ids]

    def content(self, row: Subscriber) -> Choices:
        return Choices(
            self.rhythm.data, self.locale.data, self.sectors.data or [], self.themes.data or [], row.mails_answers
        )


class OwnDigestForm(ToriForm):
    rhythm = RadioField(__("How often does the digest come?"), choices=_rhythms(*Rhythm))
    mails_answers = BooleanField(__("Send me a mail at once when somebody answers me or asks me something"))
