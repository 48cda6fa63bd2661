"""Forms of the studio of TOP lists. On the page they are one form, so that no button of it forgets what is typed."""

import re
from collections.abc import Sequence
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from wtforms import DateField, DateTimeLocalField, EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.text import clean_text
from tori.curation import lists
from tori.curation.lists import MAX_TEXT, MAX_TITLE, ListTexts, Placed
from tori.database import db
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block, line
from tori.edge.seen import OUTDATED, SeenForm, mark_of
from tori.models.campaigns import TopList
from tori.models.deeds import Deed
from tori.policy import Permission, can

TOO_LONG = __("The text is too long: at most %(max)d characters.")
TRANSLATED = ("title_sv", "title_en", "introduction_sv", "introduction_en")


class NewListForm(ToriForm):
    title = StringField(
        __("Name of the list"),
        filters=[line],
        validators=[InputRequired(__("Give the list a name.")), Length(max=MAX_TITLE, message=TOO_LONG)],
    )


class ListForm(SeenForm, NewListForm):
    introduction = TextAreaField(
        __("Introduction"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)]
    )
    criteria = TextAreaField(
        __("How the deeds were chosen"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)]
    )
    network = StringField(
        __("Network that keeps the list"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)]
    )
    expires_on = DateField(__("Last day"), validators=[Optional()])
    title_sv = StringField(__("Name in Swedish"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)])
    title_en = StringField(__("Name in English"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)])
    introduction_sv = TextAreaField(
        __("Introduction in Swedish"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)]
    )
    introduction_en = TextAreaField(
        __("Introduction in English"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)]
    )

    @staticmethod
    def values_of(row: TopList) -> dict[str, object]:
        plain = {name: getattr(row, name) for name in ("title", "introduction", "criteria", "network", "expires_on")}
        return {**plain, **{name: row.texts.get(name, "") for name in TRANSLATED}}

    def content(self) -> ListTexts:
        return ListTexts(
            self.title.data, self.introduction.data or "", self.criteria.data or "", self.network.data or "",
            self.expires_on.data, {name: self[name].data or "" for name in TRANSLATED},
        )  # fmt: skip


class PublishForm(ToriForm):
    publish_at = DateTimeLocalField(__("Publish by itself at"), format="%Y-%m-%dT%H:%M", validators=[Optional()])

    def moment(self) -> datetime | None:
        """The moment as UTC; what is typed is Finnish time."""
        typed = self.publish_at.data
        return typed.replace(tzinfo=clock.HELSINKI) if isinstance(typed, datetime) else None


class KeeperForm(ToriForm):
    email = EmailField(
        __("E-mail address of the keeper"), filters=[line], validators=[InputRequired(__("Fill in this field."))]
    )


class Places:
    """The deeds of a list as they stand on the page: their order is the order of the list."""

    def __init__(self, rows: Sequence[Placed], mark: str | None = None) -> None:
        self.rows = list(rows)
        self.mark = self._mark_of(rows) if mark is None else mark
        self.saved: list[tuple[str, str]] = []

    @classmethod
    def sent(cls) -> "Places":
        ids = [int(value) for value in request.form.getlist("teko") if re.fullmatch(r"\d{1,9}", value)]
        rows = [Placed(deed_id, clean_text(reason_typed(deed_id))) for deed_id in dict.fromkeys(ids)]
        return cls(rows, request.form.get("seen-deeds", ""))

    @staticmethod
    def _mark_of(rows: Sequence[Placed]) -> str:
        return mark_of({str(place): f"{row.deed_id} {row.reason}" for place, row in enumerate(rows)})

    @property
    def is_touched(self) -> bool:
        return self.mark != self._mark_of(self.rows)

    def move(self, step: str, deed_id: int) -> None:
        """``up``, ``down`` or ``remove``, for those without scripts."""
        at = next((index for index, place in enumerate(self.rows) if place.deed_id == deed_id), None)
        if at is None:
            return
        if step == "remove":
            del self.rows[at]
            return
        to = {"up": at - 1, "down": at + 1}.get(step, at)
        if 0 <= to < len(self.rows):
            self.rows[at], self.rows[to] = self.rows[to], self.rows[at]

    def compare(self, row: TopList) -> None:
        """As ``SeenForm.compare``. In another order all are shown, else those whose reason is another."""
        stored = lists.placed(row)
        mark = self._mark_of(stored)
        if self.mark == mark or stored == self.rows:
            return
        self.mark = mark
        same_order = [place.deed_id for place in stored] == [place.deed_id for place in self.rows]
        alike = set(self.rows) if same_order else set()
        self.saved = [
            (f"{place}. {_title_of(item.deed)}", item.reason)
            for place, item in enumerate(row.items, 1)
            if Placed(item.deed_id, item.reason) not in alike
        ]
        present = {item.deed_id for item in row.items}
        gone = [db.session().get(Deed, place.deed_id) for place in self.rows if place.deed_id not in present]
        self.saved += [(_title_of(deed), str(_("Not on the list any more."))) for deed in gone if deed is not None]
        raise RuleBroken(OUTDATED)


def _title_of(deed: Deed) -> str:
    return deed.title if can(current_actor(), Permission.DEED_READ, deed) else str(_("Gone"))


def reason_typed(deed_id: int) -> str:
    return request.form.get(f"peruste-{deed_id}", "")


class Sheet:
    """All that stood on the page when one of its buttons was pressed, and what was wrong with it.

    ``form`` and ``places`` are None when they were not sent.
    """

    def __init__(self) -> None:
        self.form = ListForm() if "title" in request.form else None
        self.places = Places.sent() if {"teko", "seen-deeds"} & set(request.form) else None
        self.publish_form = PublishForm()
        self.keeper_form = KeeperForm()
        self.problem: RuleBroken | None = None

    def save(self, session: Session, row: TopList) -> None:
        """What the writer has changed, whichever button it was. Raises RuleBroken. The row is locked."""
        if self.form is not None and self.form.is_touched:
            self.form.compare(ListForm.values_of(row))
            lists.edit(session, current_actor(), row, self.form.content())
        if self.places is not None and self.places.is_touched:
            self.places.compare(row)
            lists.arrange(session, current_actor(), row, self.places.rows)

    def is_valid(self, *forms: ToriForm) -> bool:
        """The texts, and the forms that the button needs."""
        return not [form for form in (self.form, *forms) if form is not None and not form.validate()]

    def show(self, error: RuleBroken) -> None:
        for form in (self.form, self.publish_form, self.keeper_form):
            if form is not None and error.field in form:
                form.show(error)
                return
        self.problem = error

    @property
    def saved(self) -> list[tuple[str, str]]:
        return [*(self.form.saved if self.form else ()), *(self.places.saved if self.places else ())]

    def kept(self, row: TopList) -> "Sheet | None":
        """What is still unsaved when everything that can be saved is: a moment, an address, reasons of deeds that are
        not on the list yet."""
        gone = {*request.form.getlist("teko"), *(str(item.deed_id) for item in row.items)}
        reasons = [name for name in request.form if name.startswith("peruste-") and request.form[name].strip()]
        self.form = self.places = None
        is_left = self.publish_form.publish_at.data or self.keeper_form.email.data or {
            name.removeprefix("peruste-") for name in reasons
        } - gone  # fmt: skip
        return self if is_left else None
