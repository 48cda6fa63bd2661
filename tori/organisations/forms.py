"""Forms of an organisation's own page."""

from flask_babel import lazy_gettext as __
from wtforms import BooleanField, SelectMultipleField, TextAreaField

from tori.edge.forms import block
from tori.edge.seen import SeenForm


class IntroductionForm(SeenForm):
    introduction = TextAreaField(__("Introduction"), filters=[block])
    interests = SelectMultipleField(__("Themes that interest us"))
    shows_marks = BooleanField(__("Show the marks for telling and for using deeds"))
