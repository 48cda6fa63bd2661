"""The forms of the follow-up and of the author's letters."""

from flask_babel import lazy_gettext as __
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from tori.adoptions.follow_up import QUESTIONS_AT, Answer, asks_gains
from tori.adoptions.labels import QUESTIONS, RHYTHMS, SCALE, STATUSES
from tori.deeds.adoptions import MAX_NOTE
from tori.deeds.forms import ABANDON_REASONS, GAINS
from tori.edge import messages
from tori.edge.forms import ToriForm, block
from tori.models.adoptions import FollowUp


def _scale(name: str) -> RadioField:
    return RadioField(
        QUESTIONS[name], choices=[SelectChoice(*item) for item in SCALE.items()], default="", validators=[Optional()]
    )


class FollowUpForm(ToriForm):
    """The address of the page is the secret, so no token of a session is needed."""

    class Meta(ToriForm.Meta):
        csrf = False

    status = RadioField(
        __("How far are you?"),
        choices=[SelectChoice(*item) for item in STATUSES.items()],
        validators=[InputRequired(messages.SENTENCES["unknown_choice"])],
    )
    abandoned_reason = RadioField(
        __("If you gave it up, why?"),
        choices=[SelectChoice(*item) for item in ABANDON_REASONS.items()],
        validators=[Optional()],
    )
    start = _scale("start")
    continuation = _scale("continuation")
    progress = _scale("progress")
    success = _scale("success")
    direction = _scale("direction")
    gains = SelectMultipleField(
        __("What did taking the model give you?"),
        choices=[SelectChoice(*item) for item in GAINS.items()],
        validators=[Optional()],
    )
    outcome = TextAreaField(__("What came of it?"), validators=[Length(max=MAX_NOTE)], filters=[block])

    def prepare(self, row: FollowUp, chosen: str) -> None:
        """What was answered before, and the answer of the link that was pressed."""
        if row.month != QUESTIONS_AT:
            for name in QUESTIONS:
                del self[name]
        if not asks_gains(row):
            del self["gains"]
        if self.is_submitted():
            return
        adoption = row.adoption
        self.status.data = chosen if chosen in STATUSES else row.answers.get("status") or adoption.status
        self.abandoned_reason.data = adoption.abandoned_reason
        self.outcome.data = adoption.outcome
        if "gains" in self:
            self["gains"].data = adoption.gains or []
        for name in QUESTIONS:
            if name in self:
                self[name].data = str(row.answers.get(name, ""))

    def answer(self) -> Answer:
        return Answer(
            status=self.status.data or "",
            abandoned_reason=self.abandoned_reason.data or None,
            outcome=self.outcome.data or "",
            marks={name: int(self[name].data) for name in QUESTIONS if name in self and self[name].data},
            gains=self["gains"].data if "gains" in self else (),
        )


class LettersForm(ToriForm):
    rhythm = RadioField(
        __("Mail about who has taken your models"), choices=[SelectChoice(*item) for item in RHYTHMS.items()]
    )
