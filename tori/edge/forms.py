"""The base of all forms: texts cleaned the same way, rules of the services shown at their field."""

from flask_wtf import FlaskForm

from tori.core.errors import RuleBroken
from tori.core.text import clean_line, clean_text
from tori.edge import messages


class ToriForm(FlaskForm):  # type: ignore[misc]
    """A form with a CSRF token. Use ``line`` and ``block`` as filters of every text field."""

    def show(self, error: RuleBroken) -> None:
        """Puts the sentence of a broken rule beside its field, or above the form when it has none."""
        words = messages.sentence(error)
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(words)
        else:
            field.errors = [*field.errors, words]


def line(value: str | None) -> str:
    return clean_line(value)


def block(value: str | None) -> str:
    return clean_text(value)
