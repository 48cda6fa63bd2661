"""The form by which anybody challenges another."""

from flask_babel import lazy_gettext as __
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tori.campaigns.nominations import MAX_EMAIL, MAX_NAME, MAX_REASON, Challenge
from tori.edge.forms import OpenForm, block, line
from tori.models.campaigning import Nominee

NEEDED = __("Fill in this field.")
TOO_LONG = __("The text is too long: at most %(max)d characters.")


class ChallengeForm(OpenForm):
    kind = RadioField(
        __("Whom do you challenge?"),
        choices=[
            SelectChoice(Nominee.PERSON.value, __("A person")),
            SelectChoice(Nominee.TEAM.value, __("A team or a unit")),
            SelectChoice(Nominee.ORGANISATION.value, __("A whole organisation")),
        ],
        default=Nominee.PERSON.value,
    )
    nominee_name = StringField(
        __("Their name"), filters=[line], validators=[InputRequired(NEEDED), Length(max=MAX_NAME, message=TOO_LONG)]
    )
    nominee_email = StringField(
        __("Their e-mail"), filters=[line], validators=[InputRequired(NEEDED), Length(max=MAX_EMAIL, message=TOO_LONG)]
    )
    reason = TextAreaField(
        __("Why should just they tell?"),
        filters=[block],
        validators=[InputRequired(NEEDED), Length(max=MAX_REASON, message=TOO_LONG)],
    )
    name = StringField(__("Your name"), filters=[line], validators=[Length(max=MAX_NAME, message=TOO_LONG)])
    email = StringField(
        __("Your e-mail"), filters=[line], validators=[InputRequired(NEEDED), Length(max=MAX_EMAIL, message=TOO_LONG)]
    )

    def challenge(self, locale: str) -> Challenge:
        return Challenge(
            self.kind.data, self.nominee_name.data, self.nominee_email.data, self.reason.data, self.email.data,
            self.name.data or "", locale,
        )  # fmt: skip
