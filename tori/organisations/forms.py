"""Forms of an organisation's own page."""

from flask_babel import lazy_gettext as __
from wtforms import TextAreaField

from tori.edge.forms import ToriForm, block


class IntroductionForm(ToriForm):
    introduction = TextAreaField(__("Introduction"), filters=[block])
