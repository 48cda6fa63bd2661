"""The forms of the talk about a deed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as __
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from tori.edge.forms import ToriForm, block, line
from tori.models.deeds import CommentKind
from tori.models.people import User

COMMENT_KINDS: dict[str, Any] = {
    CommentKind.COMMENT: __("Comment"),
    CommentKind.QUESTION: __("Question to the author"),
}


class CommentForm(ToriForm):
    """``mentions`` gets its choices from those who take part in the talk."""

    body = TextAreaField(__("Your comment or question"), filters=[block])
    kind = RadioField(
        __("What is it?"),
        choices=[SelectChoice(str(value), label) for value, label in COMMENT_KINDS.items()],
        default=str(CommentKind.COMMENT),
        validate_choice=False,
    )
    mentions = SelectMultipleField(__("Who should notice this?"), choices=[], validate_choice=False)
    form_number = HiddenField()

    def prepare(self, people: Sequence[User]) -> None:
        self.mentions.choices = [SelectChoice(str(user.id), user.display_name) for user in people]

    @property
    def mentioned(self) -> list[int]:
        return [int(text) for text in self.mentions.data or [] if text.isascii() and text.isdigit() and len(text) < 10]

    @property
    def chosen_kind(self) -> CommentKind:
        is_question = self.kind.data == CommentKind.QUESTION
        return CommentKind.QUESTION if is_question else CommentKind.COMMENT


class TakeawayForm(ToriForm):
    takeaway = StringField(__("What do you take with you?"), filters=[line])
    form_number = HiddenField()


class ReplyForm(ToriForm):
    body = TextAreaField(__("Your answer"), filters=[block])
    form_number = HiddenField()


class EditForm(ToriForm):
    body = TextAreaField(__("Your comment"), filters=[block])


class PrivateForm(ToriForm):
    body = TextAreaField(__("Your message"), filters=[block])
    form_number = HiddenField()
