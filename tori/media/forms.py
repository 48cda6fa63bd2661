"""Forms of pictures and files."""

from flask_babel import lazy_gettext as __
from wtforms import BooleanField, MultipleFileField, StringField

from tori.edge.forms import ToriForm, line
from tori.media.service import Description
from tori.models.media import Picture


class PicturesForm(ToriForm):
    pictures = MultipleFileField(__("Choose pictures"))


class DescriptionForm(ToriForm):
    """What is told of one picture. There are many on a page, so each has a prefix of its own."""

    alt = StringField(__("What is in the picture?"), filters=[line])
    is_decorative = BooleanField(__("The picture only decorates and tells nothing"))
    caption = StringField(__("Caption"), filters=[line])
    credit = StringField(__("Who took or drew it?"), filters=[line])
    has_consent = BooleanField(__("Nobody can be recognised in the picture, or they have given their permission"))

    def description(self) -> Description:
        return Description(
            self.alt.data or "", self.is_decorative.data, self.caption.data or "", self.credit.data or "",
            self.has_consent.data,
        )  # fmt: skip


class FilesForm(ToriForm):
    files = MultipleFileField(__("Choose files"))
    title = StringField(__("Title for readers"), filters=[line])


def new_description(number: int, **options: object) -> DescriptionForm:
    """The form of the picture that stands at this place among those being sent."""
    return DescriptionForm(prefix=f"new-{number}", **options)


def description_of(picture: Picture, **options: object) -> DescriptionForm:
    return DescriptionForm(prefix=f"kuva-{picture.id}", obj=picture, **options)
