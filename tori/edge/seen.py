"""Two people, or two windows, edit the same thing. Each form carries a short mark of what it was filled from; when
something else is stored at saving, nothing is saved: the writer's own text stays in the fields, and what is stored is
shown beside it. Saving again then replaces it knowingly. Deeds have ways of their own (``deeds/conflicts.py``)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import Field, HiddenField

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.edge.forms import ToriForm
from tori.edge.templating import date_time, short_date
from tori.models.operations import Setting

MARK_LENGTH = 16
OUTDATED = "saved_meanwhile"


def mark_of(values: Mapping[str, Any]) -> str:
    """The same for the same values, whether they come from the database or from the fields of a form."""
    text = json.dumps({name: _plain(value) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | set):
        return sorted(str(item) for item in value)
    return "" if value is None else str(value)


def lock(session: Session, row: Any) -> None:
    """Reads the row anew, so that of two who save at once the second sees what the first has saved."""
    session.refresh(row, with_for_update={"of": type(row)})


def lock_settings(session: Session, *keys: str) -> None:
    for key in keys:
        session.get(Setting, key, with_for_update=True)


class SeenForm(ToriForm):
    """A form that changes what is stored. Its ``data`` is what ``values_of`` says of the row; the template has
    ``seen(form)``. ``saved`` is what is stored now, label and text, after somebody else has saved."""

    seen = HiddenField()
    saved: Sequence[tuple[str, str]] = ()
    values_of: ClassVar[Any]
    """A static method of each form: a row -> its values by the names of the fields."""

    def __init__(self, *args: Any, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, data={**data, "seen": mark_of(data)} if data else None, **kwargs)

    @property
    def sent_mark(self) -> str:
        """Empty in a form that carries none: it is out of date then."""
        return str(self.seen.raw_data[0]) if self.seen.raw_data else ""

    @property
    def is_touched(self) -> bool:
        """Whether the writer has changed anything of what the form was filled with."""
        typed = {name: value for name, value in self.data.items() if name not in ("csrf_token", "seen")}
        return self.sent_mark != mark_of(typed)

    def check(self, session: Session, row: Any) -> None:
        """To be called in the transaction, before the row is changed. Raises RuleBroken."""
        lock(session, row)
        self.compare(self.values_of(row))

    def compare(self, stored: Mapping[str, Any]) -> None:
        """Raises RuleBroken when these are not the values that the form was filled from, nor those that were sent."""
        mark = mark_of(stored)
        others = [name for name, value in stored.items() if _plain(value) != _plain(self[name].data)]
        if self.sent_mark == mark or not others:
            return
        self.seen.data = mark
        self.saved = [(str(self[name].label.text), _in_words(self[name], stored[name])) for name in others]
        raise RuleBroken(OUTDATED)

    @property
    def status(self) -> int:
        """Of a page that shows the form."""
        if self.saved:
            return 409
        return 422 if self.errors else 200


def _in_words(field: Field, value: Any) -> str:
    if hasattr(field, "iter_choices"):
        chosen = set(_plain(value)) if isinstance(value, list | tuple) else {str(value)}
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if str(choice[0]) in chosen)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, datetime):
        return date_time(value.replace(tzinfo=clock.HELSINKI))
    return short_date(value) if isinstance(value, date) else str(value or "")
