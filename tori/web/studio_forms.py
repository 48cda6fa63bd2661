"""Forms of the studio of TOP lists."""

from datetime import datetime

from flask_babel import lazy_gettext as __
from wtforms import DateField, DateTimeLocalField, EmailField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tori.core import clock
from tori.curation.lists import MAX_TEXT, MAX_TITLE, ListTexts
from tori.edge.forms import ToriForm, block, line
from tori.models.campaigns import TopList

TOO_LONG = __("The text is too long: at most %(max)d characters.")
TRANSLATED = ("title_sv", "title_en", "introduction_sv", "introduction_en")


class NewListForm(ToriForm):
    title = StringField(
        __("Name of the list"),
        filters=[line],
        validators=[InputRequired(__("Give the list a name.")), Length(max=MAX_TITLE, message=TOO_LONG)],
    )


class ListForm(NewListForm):
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
