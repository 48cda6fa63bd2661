"""Forms of accounts. What a rule of the service refuses is shown at its field, all of it at once."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as __
from wtforms import EmailField, Field, HiddenField, PasswordField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from tori.accounts import names
from tori.accounts.passwords import check_password_rules
from tori.accounts.service import SITE_WORDS
from tori.core.errors import RuleBroken
from tori.edge import messages
from tori.edge.forms import ToriForm
from tori.i18n import LANGUAGE_NAMES

NOT_LISTED = "-"
"""Choice of somebody whose organisation is not in the list."""


def obeys(check: Callable[..., object], *arguments: Any) -> Callable[[ToriForm, Field], None]:
    """A validator from a rule: its broken rule becomes the field's error."""

    def validate(form: ToriForm, field: Field) -> None:
        try:
            check(field.data or "", *arguments)
        except RuleBroken as error:
            raise ValidationError(messages.sentence(error)) from error

    return validate


def _filled(text: str) -> None:
    if not text:
        raise RuleBroken("value_missing")


filled = obeys(_filled)


class SignInForm(ToriForm):
    email = EmailField(__("E-mail"), [filled])
    password = PasswordField(__("Password"), [filled])
    next = HiddenField()


class RegistrationForm(ToriForm):
    name = StringField(__("Your name"), [obeys(names.display_name)])
    email = EmailField(__("Work e-mail"), [obeys(names.normal_email)])
    organisation = SelectField(__("Your organisation"), validate_choice=False)
    job_title = StringField(__("Job title"), [obeys(names.one_line, "job_title", names.MAX_TITLE)])
    password = PasswordField(__("Password"))
    homepage = StringField(__("Leave this empty"))
    opened = HiddenField()
    next = HiddenField()

    def validate_password(self, field: Field) -> None:
        words = [self.name.data or "", self.email.data or "", *SITE_WORDS]
        obeys(check_password_rules, words)(self, field)


class ForgotForm(ToriForm):
    email = EmailField(__("E-mail"), [obeys(names.normal_email)])


class ResetForm(ToriForm):
    password = PasswordField(__("New password"), [obeys(check_password_rules, SITE_WORDS)])


class ButtonForm(ToriForm):
    """A form of one button."""


class ConfirmForm(ToriForm):
    password = PasswordField(__("Password"), [filled])


class DetailsForm(ToriForm):
    name = StringField(__("Your name"), [obeys(names.display_name)])
    job_title = StringField(__("Job title"), [obeys(names.one_line, "job_title", names.MAX_TITLE)])
    organisation = SelectField(__("Your organisation"), validate_choice=False)
    unit = StringField(__("Unit or workplace"), [obeys(names.one_line, "unit", names.MAX_TITLE)])
    locale = RadioField(
        __("Language of the service"), choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]
    )
    theme = RadioField(
        __("Colours"),
        choices=[
            SelectChoice("", __("As on my device")),
            SelectChoice("light", __("Light")),
            SelectChoice("dark", __("Dark")),
        ],
        default="",
    )


class EmailForm(ToriForm):
    email = EmailField(__("New e-mail"), [obeys(names.normal_email)])
    current = PasswordField(__("Your password"), [filled])


class PasswordForm(ToriForm):
    current = PasswordField(__("Current password"), [filled])
    password = PasswordField(__("New password"), [obeys(check_password_rules, SITE_WORDS)])
