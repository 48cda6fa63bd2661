"""Pages by which a deed grows: one part at a time, its stage, and dated updates."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, TextAreaField

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.deeds import drafts, growing, queries, service
from tori.deeds.conflicts import Merge, follow_choices
from tori.deeds.forms import MATURITIES, DeedForm
from tori.deeds.helping_views import show_findings, unconfirmed_findings
from tori.deeds.parts import BY_SLUG, PARTS, Part
from tori.deeds.views import Answer, blueprint
from tori.deeds.writing_views import continue_copy_of_deed, editing_page, save_or_merge, take_row
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block
from tori.edge.templating import request_locale
from tori.models.deeds import Deed
from tori.policy import Permission, require


class UpdateForm(ToriForm):
    happened_on = DateField(__("When?"), validators=[])
    body = TextAreaField(__("What has happened since?"), filters=[block])
    form_number = HiddenField()


def _own_deed(deed_id: int) -> Deed:
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    require(actor, Permission.DEED_EDIT, deed)
    return deed


@blueprint.route("/teot/<id:deed_id>/taydenna/<part>", methods=["GET", "POST"])
@access(OBJECT)
def fill_in(deed_id: int, part: str) -> Answer:
    """A small form of one part, with a save of its own."""
    if part not in BY_SLUG:
        raise NotFound("part")
    chosen = BY_SLUG[part]
    deed, actor = _own_deed(deed_id), current_actor()
    form = DeedForm()
    form.prepare(db.session(), actor, request_locale(), deed)
    form.keep_only(chosen.fields)
    follow_choices(form, deed, request.form)
    if not form.is_submitted() or take_row(form):
        if not form.is_submitted():
            form.fill(deed)
            continue_copy_of_deed(form, deed, part)
        return _part_page(chosen, form, deed), 200
    merge = None
    if form.validate():
        if deed.is_public and (found := unconfirmed_findings(form)):
            return _part_page(chosen, form, deed, **show_findings(form, found)), 422
        try:
            merge = save_or_merge(deed, form, lambda: _save(deed, form, part))
        except RuleBroken as error:
            form.show(error)
        else:
            if merge is None:
                flash(_("Saved. Thank you!"), "success")
                return redirect(_after(chosen, deed), 303)
    return _part_page(chosen, form, deed, merge), 409 if merge is not None else 422


def _save(deed: Deed, form: DeedForm, part: str) -> None:
    actor = current_actor()
    with transaction() as session:
        service.edit(session, actor, deed, form.content(deed), form.version.data or 0)
        drafts.discard(session, actor, drafts.key_of_deed(deed.id, part))


def _next_part(part: Part) -> Part | None:
    place = PARTS.index(part)
    return PARTS[place + 1] if place + 1 < len(PARTS) else None


def _after(part: Part, deed: Deed) -> str:
    following = _next_part(part)
    if request.form.get("action") == "next" and following:
        return url_for("deeds.fill_in", deed_id=deed.id, part=following.slug)
    return url_for("deeds.edit", deed_id=deed.id)


def _part_page(part: Part, form: DeedForm, deed: Deed, merge: Merge | None = None, **more: object) -> str:
    return render_template(
        "deeds/part.html",
        part=part,
        next_part=_next_part(part),
        merge=merge,
        **editing_page(form, deed, part.slug),
        **more,
    )


@blueprint.post("/teot/<id:deed_id>/vaihe")
@access(OBJECT)
def change_stage(deed_id: int) -> Response:
    deed, actor = _own_deed(deed_id), current_actor()
    stage = request.form.get("maturity", "")
    with transaction() as session:
        growing.change_stage(session, actor, deed, stage)
    flash(_("The stage is now: %(stage)s.", stage=MATURITIES[stage]), "success")
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug), 303)


@blueprint.route("/teot/<id:deed_id>/paivitykset", methods=["GET", "POST"])
@access(OBJECT)
def updates(deed_id: int) -> Answer:
    deed, actor = _own_deed(deed_id), current_actor()
    form = UpdateForm()
    if form.is_submitted():
        if form.validate():
            try:
                with transaction() as session:
                    growing.add_update(
                        session, actor, deed, form.happened_on.data or clock.today(), form.body.data or "",
                        form.form_number.data,
                    )  # fmt: skip
            except RuleBroken as error:
                form.show(error)
            else:
                flash(_("The update was added. The story itself stays as it was."), "success")
                return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug, _anchor="paivitykset"), 303)
    else:
        form.happened_on.data = clock.today()
    page = render_template(
        "deeds/updates.html",
        deed=deed,
        form=form,
        updates=growing.updates_of(db.session(), deed.id),
        maturities=MATURITIES,
        first_day=date(1990, 1, 1),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/teot/<id:deed_id>/paivitykset/<id:update_id>/poista")
@access(OBJECT)
def remove_update(deed_id: int, update_id: int) -> Response:
    deed, actor = _own_deed(deed_id), current_actor()
    with transaction() as session:
        growing.remove_update(session, actor, deed, update_id)
    flash(_("The update was removed."), "success")
    return redirect(url_for("deeds.updates", deed_id=deed.id), 303)
