"""The gallery of the look: every macro in every state. Open in development only, so its words are in Finnish alone."""

from datetime import date

from flask import Blueprint, render_template
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tori.database import db
from tori.deeds.queries import all_sectors
from tori.edge.access import PUBLIC, access
from tori.web.map import drawing, region_borders

SAMPLE_DAY = date(2026, 11, 18)

blueprint = Blueprint("gallery", __name__)


class SampleForm(Form):  # type: ignore[misc]
    """One field of every kind."""

    title = StringField("Otsikko", [InputRequired("Kirjoita teolle otsikko"), Length(max=80)])
    summary = TextAreaField("Tiivistelmä", default="Alle neljän hengen palaverit pidetään kävellen.")
    organisation = SelectField(
        "Organisaatio",
        choices=[SelectChoice("1", "Tampereen kaupunki"), SelectChoice("2", "Pohjois-Karjalan hyvinvointialue")],
    )
    unit = StringField("Yksikkö")
    email = EmailField("Sähköposti")
    password = PasswordField("Salasana")
    day = DateField("Alkoi")
    how = TextAreaField("Toteutus")
    picture = FileField("Lisää kuvia")
    terms = BooleanField("Hyväksyn käyttöehdot", [InputRequired("Hyväksy käyttöehdot")])
    sector = RadioField("Mihin teko kuuluu?", [InputRequired("Valitse toimiala")], choices=[])
    themes = SelectMultipleField(
        "Teemat", choices=[SelectChoice("a", "Työhyvinvointi"), SelectChoice("b", "Osallisuus")], default=["b"]
    )
    size = RadioField("Koko", choices=[SelectChoice("s", "Pieni"), SelectChoice("l", "Iso")], default="s")


@blueprint.route("/tyylit")
@access(PUBLIC)
def index() -> str:
    sectors = [SelectChoice(sector.slug, sector.name) for sector in all_sectors(db.session())]
    form, bad_form = SampleForm(), SampleForm(MultiDict({"unit": "Henkilöstöpalvelut"}))
    form.sector.choices = bad_form.sector.choices = sectors
    bad_form.validate()
    counts = {"837": 12, "091": 11, "564": 4, "297": 2, "698": 1}
    areas, dots = drawing({}, counts)
    return render_template(
        "gallery/index.html",
        form=form,
        bad_form=bad_form,
        today=SAMPLE_DAY,
        areas=areas,
        dots=dots,
        borders=region_borders(),
    )
