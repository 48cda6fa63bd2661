"""The forms of wishes."""

from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from tori.deeds.queries import all_sectors, all_themes
from tori.edge.forms import ToriForm, block, by_label, line
from tori.wishes.partners import MAX_TEXT, CallContent
from tori.wishes.service import MAX_BODY, MAX_NOTE, MAX_TITLE, WishContent

TOO_LONG = __("The text is too long: at most %(max)d characters.")


class WishForm(ToriForm):
    """Two fields are enough. ``seen`` tells that the similar deeds have been shown."""

    title = StringField(
        __("What do you look for?"),
        filters=[line],
        validators=[InputRequired(__("Write first what you look for.")), Length(max=MAX_TITLE, message=TOO_LONG)],
    )
    body = TextAreaField(__("What is it about?"), filters=[block], validators=[Length(max=MAX_BODY, message=TOO_LONG)])
    sector = SelectField(__("Sector"), validators=[Optional()])
    themes = SelectMultipleField(__("Themes"))
    form_number = HiddenField()
    seen = HiddenField()

    def prepare(self, session: Session, locale: str) -> None:
        self.sector.choices = [
            SelectChoice("", __("All sectors")),
            *(SelectChoice(row.slug, row.name_in(locale)) for row in all_sectors(session)),
        ]
        self.themes.choices = by_label(SelectChoice(row.slug, row.name_in(locale)) for row in all_themes(session))

    def content(self, language: str) -> WishContent:
        return WishContent(
            self.title.data, self.body.data or "", language, self.sector.data or "", self.themes.data or []
        )


class AnswerForm(ToriForm):
    deed = StringField(
        __("Address or number of the deed"), filters=[line], validators=[InputRequired(__("Fill in this field."))]
    )
    note = StringField(__("Why does it answer?"), filters=[line], validators=[Length(max=MAX_NOTE, message=TOO_LONG)])


class ReasonForm(ToriForm):
    reason = StringField(__("Why?"), filters=[line], validators=[Length(max=MAX_NOTE, message=TOO_LONG)])


SEEKS_WORDS = {
    "try": __("To try out together"),
    "build": __("To build or buy together"),
    "funding": __("To apply for funding together"),
    "research": __("Research or an evaluation to go with it"),
}


class PartnerForm(ToriForm):
    seeks = RadioField(
        __("What kind of partners?"),
        choices=[SelectChoice(key, label) for key, label in SEEKS_WORDS.items()],
        validators=[Optional()],
    )
    purpose = TextAreaField(
        __("What do you look for partners for?"),
        filters=[block],
        validators=[InputRequired(__("Fill in this field.")), Length(max=MAX_TEXT, message=TOO_LONG)],
    )
    offer = TextAreaField(
        __("What do you bring yourselves?"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)]
    )
    until = DateField(__("Until when?"), validators=[Optional()])

    def content(self) -> CallContent:
        return CallContent(self.purpose.data, self.offer.data or "", self.until.data, self.seeks.data or "")


class InterestForm(ToriForm):
    message = TextAreaField(
        __("A word to the caller"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)]
    )
