"""The base of all forms: texts cleaned the same way, rules of the services shown at their field, late ones kept."""

from collections.abc import Iterable
from typing import Any

from flask import abort, g, request
from flask_babel import lazy_gettext as __
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.fields.choices import SelectChoice

from tori.core.errors import RuleBroken
from tori.core.text import alphabetical, clean_line, clean_text
from tori.edge import late_forms, messages


class ToriForm(FlaskForm):  # type: ignore[misc]
    """A form with a CSRF token. Use ``line`` and ``block`` as filters of every text field.

    When it was sent too late, the page of the form is shown again with what was typed (``late_forms.py``).
    ``kept_notice`` then tells of it, as the kind of a notice and its words: there is nothing to correct, although the
    words are among the errors as well, so that the page opens what would hide the form.
    """

    kept_notice: tuple[str, str] | None = None

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: "ToriForm", formdata: Any) -> Any:
            if form.is_submitted() and request.is_json:
                abort(415)
            data = super().wrap_formdata(form, formdata)
            if data is None and not form.is_submitted():
                return late_forms.kept_fields(set(form._fields))
            return data

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kept := g.pop("kept_text_shown", None):
            self.kept_notice = kept
            self.form_errors.append(kept[1])

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if is_valid and self.is_submitted():
            late_forms.forget()
        return is_valid

    def show(self, error: RuleBroken) -> None:
        """Puts the sentence of a broken rule beside its field, or above the form when it has none."""
        words = messages.sentence(error)
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(words)
        else:
            field.errors = [*field.errors, words]


class OpenForm(ToriForm):
    """A form that people send without an account. ``website`` is a trap: people don't see it (``macros/forms.html``),
    programs fill it in; what they send is thanked for and forgotten. How often is counted by ``limits.py``."""

    website = StringField(__("Leave this empty"))

    @property
    def is_from_program(self) -> bool:
        return bool(self.website.data)


def by_label(choices: Iterable[SelectChoice]) -> list[SelectChoice]:
    """Choices in the order of their names, as people look for them."""
    return sorted(choices, key=lambda choice: alphabetical(str(choice.label)))


def line(value: str | None) -> str:
    return clean_line(value)


def block(value: str | None) -> str:
    return clean_text(value)
