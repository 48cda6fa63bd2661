"""The desk's pages of the register of organisations."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from tori.adoptions import dissolving, merging
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, by_label, line
from tori.edge.seen import SeenForm
from tori.edge.templating import request_locale
from tori.models.people import Municipality, Organisation, Region
from tori.organisations import queries, register
from tori.organisations.labels import KINDS
from tori.organisations.register import Entry
from tori.policy import Permission, can
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]
TOO_LONG = __("The text is too long: at most %(max)d characters.")
MAX_DIGITS = 9


class OrganisationForm(SeenForm):
    name = StringField(
        __("Name"),
        filters=[line],
        validators=[InputRequired(__("Fill in this field.")), Length(max=register.MAX_NAME, message=TOO_LONG)],
    )
    name_sv = StringField(
        __("Name in Swedish"), filters=[line], validators=[Length(max=register.MAX_NAME, message=TOO_LONG)]
    )
    name_en = StringField(
        __("Name in English"), filters=[line], validators=[Length(max=register.MAX_NAME, message=TOO_LONG)]
    )
    kind = SelectField(__("Kind"), choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()])
    municipality = SelectField(__("Municipality"), coerce=int, default=0)
    region = SelectField(__("Region"), coerce=int, default=0)
    since = DateField(__("The new name since"), validators=[Optional()])

    def prepare(self, session: Session, locale: str) -> "OrganisationForm":
        places: list[Municipality] = list(session.scalars(select(Municipality)))
        regions: list[Region] = list(session.scalars(select(Region)))
        for field, rows in ((self.municipality, places), (self.region, regions)):
            field.choices = [SelectChoice(0, "–"), *by_label(SelectChoice(row.id, row.name_in(locale)) for row in rows)]
        return self

    @staticmethod
    def values_of(row: Organisation) -> dict[str, Any]:
        return {
            "name": row.name, "name_sv": row.name_sv or "", "name_en": row.name_en or "", "kind": row.kind,
            "municipality": row.municipality_id or 0, "region": row.region_id or 0,
        }  # fmt: skip

    def entry(self) -> Entry:
        return Entry(
            self.name.data, self.kind.data, self.name_sv.data or "", self.name_en.data or "",
            self.municipality.data or None, self.region.data or None,
        )  # fmt: skip


class DomainForm(ToriForm):
    domain = StringField(__("E-mail domain"), filters=[line], validators=[InputRequired(__("Fill in this field."))])


class MergeOrganisationForm(ToriForm):
    into = StringField(
        __("Address of the organisation that stays"),
        filters=[line],
        validators=[InputRequired(__("Fill in this field."))],
    )


class DissolveForm(ToriForm):
    duplicate_of = StringField(
        __("The organisation that it really is"),
        filters=[line],
        validators=[InputRequired(__("Fill in this field."))],
    )
    said = StringField(
        __("Write the name of the duplicate to confirm"),
        filters=[line],
        validators=[InputRequired(__("Fill in this field."))],
    )


def _after() -> int | None:
    text = request.args.get("jalkeen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


@blueprint.get("/organisaatiot")
@access(Permission.ORGANISATION_REGISTER)
def organisations() -> Page:
    words, kind = request.args.get("q", ""), request.args.get("tyyppi", "")
    rows = register.listing(db.session(), words, kind, _after())
    shown = rows[: register.PER_PAGE]
    more = len(rows) > len(shown)
    return render_template(
        "desk/organisations.html",
        rows=shown,
        q=words,
        kind=kind,
        kinds=KINDS,
        next_url=url_for("desk.organisations", q=words or None, tyyppi=kind or None, jalkeen=shown[-1].id)
        if more
        else None,
    )


@blueprint.route("/organisaatiot/uusi", methods=["GET", "POST"])
@access(Permission.ORGANISATION_REGISTER)
def new_organisation() -> Page:
    form = OrganisationForm().prepare(db.session(), request_locale())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = register.add(session, current_actor(), form.entry())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The organisation is in the register."), "success")
            return redirect(url_for("desk.organisation", organisation_id=row.id), 303)
    page = render_template("desk/organisation_form.html", form=form)
    return page, 422 if form.errors else 200


def _page(
    organisation_id: int,
    form: OrganisationForm | None = None,
    domain_form: DomainForm | None = None,
    merge_form: MergeOrganisationForm | None = None,
    dissolve_form: DissolveForm | None = None,
) -> str:
    session = db.session()
    row = register.entry_of(session, organisation_id)
    if form is None:
        form = OrganisationForm(formdata=None, data=OrganisationForm.values_of(row)).prepare(session, request_locale())
    return render_template(
        "desk/organisation.html",
        organisation=row,
        form=form,
        domain_form=domain_form or DomainForm(formdata=None),
        merge_form=merge_form or MergeOrganisationForm(formdata=None),
        dissolve_form=dissolve_form or DissolveForm(formdata=None),
        moving=dissolving.moving(session, row.id),
        names=register.names_of(session, row.id),
        members=register.members(session, row.id),
        predecessors=queries.predecessors(session, row),
        may_merge=can(current_actor(), Permission.ORGANISATION_MERGE, row),
    )


def _to(organisation_id: int) -> Response:
    return redirect(url_for("desk.organisation", organisation_id=organisation_id), 303)


@blueprint.route("/organisaatiot/<id:organisation_id>", methods=["GET", "POST"], endpoint="organisation")
@access(Permission.ORGANISATION_REGISTER)
def change_organisation(organisation_id: int) -> Page:
    if request.method == "GET":
        return _page(organisation_id)
    form = OrganisationForm().prepare(db.session(), request_locale())
    if form.validate():
        try:
            with transaction() as session:
                row = register.entry_of(session, organisation_id)
                form.check(session, row)
                register.change(session, current_actor(), row, form.entry(), form.since.data)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The register has been changed."), "success")
            return _to(organisation_id)
    return _page(organisation_id, form), form.status


@blueprint.post("/organisaatiot/<id:organisation_id>/tarkistettu")
@access(Permission.ORGANISATION_REGISTER)
def verify_organisation(organisation_id: int) -> Page:
    with transaction() as session:
        register.verify(session, current_actor(), register.entry_of(session, organisation_id))
    return _to(organisation_id)


@blueprint.post("/organisaatiot/<id:organisation_id>/verkkotunnukset")
@access(Permission.ORGANISATION_MERGE)
def add_domain(organisation_id: int) -> Page:
    form = DomainForm()
    if form.validate():
        try:
            with transaction() as session:
                row = register.entry_of(session, organisation_id)
                register.add_domain(session, current_actor(), row, form.domain.data)
        except RuleBroken as error:
            form.show(error)
        else:
            return _to(organisation_id)
    return _page(organisation_id, domain_form=form), 422


@blueprint.post("/organisaatiot/<id:organisation_id>/verkkotunnukset/<domain>/poista")
@access(Permission.ORGANISATION_MERGE)
def remove_domain(organisation_id: int, domain: str) -> Page:
    with transaction() as session:
        register.remove_domain(session, current_actor(), register.entry_of(session, organisation_id), domain)
    return _to(organisation_id)


@blueprint.post("/organisaatiot/<id:organisation_id>/yhteyshenkilot/<id:user_id>")
@access(Permission.ORGANISATION_MERGE)
def set_steward(organisation_id: int, user_id: int) -> Page:
    with transaction() as session:
        row = register.entry_of(session, organisation_id)
        register.set_steward(session, current_actor(), row, user_id, request.form.get("steward", ""))
    return _to(organisation_id)


@blueprint.post("/organisaatiot/<id:organisation_id>/yhdista")
@access(Permission.ORGANISATION_MERGE)
def merge_organisation(organisation_id: int) -> Page:
    form = MergeOrganisationForm()
    if form.validate():
        try:
            with transaction() as session:
                target = _named(session, form.into.data)
                source = register.entry_of(session, organisation_id)
                merging.merge(session, current_actor(), source, target)
        except RuleBroken as error:
            error.field = "into"
            form.show(error)
        else:
            flash(_("The organisations are one now. Old deeds keep the name of their time."), "success")
            return _to(organisation_id)
    return _page(organisation_id, merge_form=form), 422


@blueprint.post("/organisaatiot/<id:organisation_id>/pura")
@access(Permission.ORGANISATION_MERGE)
def dissolve_organisation(organisation_id: int) -> Page:
    form = DissolveForm()
    if form.validate():
        try:
            with transaction() as session:
                target = _named(session, form.duplicate_of.data)
                target_id = target.id
                source = register.entry_of(session, organisation_id)
                dissolving.dissolve(session, current_actor(), source, target, form.said.data)
        except RuleBroken as error:
            error.field = "duplicate_of" if error.field in (None, "", "into") else error.field
            form.show(error)
        else:
            flash(_("The duplicate is gone. Everything it had is here, and its address leads here."), "success")
            return _to(target_id)
    return _page(organisation_id, dissolve_form=form), 422


def _named(session: Session, text: str) -> Organisation:
    """The organisation of an address of its page, or of its name."""
    slug = text.rstrip("/").rpartition("/")[2]
    try:
        return queries.organisation_of(session, slug)
    except NotFound as error:
        found = session.scalar(select(Organisation).where(Organisation.name == text))
        if found is None:
            raise RuleBroken("unknown_organisation", "into") from error
        return found
