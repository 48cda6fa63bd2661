"""Forms of moderation."""

from flask_babel import lazy_gettext as __
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from tori.edge.forms import OpenForm, ToriForm, block, line
from tori.moderation.accounts import DAYS, MAX_REASON
from tori.moderation.labels import FAULTS, VERDICTS
from tori.moderation.reports import MAX_ANSWER, MAX_BODY

TOO_LONG = __("The text is too long: at most %(max)d characters.")
REASON = __("Tell briefly why.")


class ReportForm(OpenForm):
    fault = RadioField(
        __("What is wrong?"),
        choices=[SelectChoice(fault.value, label) for fault, label in FAULTS.items()],
        validators=[InputRequired(__("Choose one from the list."))],
    )
    body = TextAreaField(
        __("Tell more"),
        filters=[block],
        validators=[InputRequired(__("Fill in this field.")), Length(max=MAX_BODY, message=TOO_LONG)],
    )
    email = EmailField(
        __("Your e-mail address"),
        filters=[line],
        validators=[Optional(), Email(__("Write the e-mail address in full, for example name@example.org."))],
    )


class DecisionForm(ToriForm):
    verdict = RadioField(
        __("Decision"),
        choices=[SelectChoice(verdict.value, label) for verdict, label in VERDICTS.items()],
        validators=[InputRequired(__("Choose one from the list."))],
    )
    answer = TextAreaField(
        __("Reason, told to both sides"),
        filters=[block],
        validators=[InputRequired(REASON), Length(max=MAX_ANSWER, message=TOO_LONG)],
    )


class EscalationForm(ToriForm):
    note = StringField(
        __("What should the administrators know?"),
        filters=[line],
        validators=[InputRequired(REASON), Length(max=300, message=TOO_LONG)],
    )


class BlockForm(ToriForm):
    days = SelectField(
        __("For how long?"),
        choices=[
            SelectChoice(str(days), label)
            for days, label in zip(DAYS, (__("A day"), __("A week"), __("30 days"), __("A year")), strict=True)
        ],
    )
    reason = StringField(
        __("Reason, told to the person"),
        filters=[line],
        validators=[InputRequired(REASON), Length(max=MAX_REASON, message=TOO_LONG)],
    )


class ReasonForm(ToriForm):
    reason = StringField(
        __("Reason"), filters=[line], validators=[InputRequired(REASON), Length(max=MAX_REASON, message=TOO_LONG)]
    )
