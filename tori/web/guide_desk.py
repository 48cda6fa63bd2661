"""The desk's pages of the pages that editors keep."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tori.core.errors import RuleBroken
from tori.core.text import MAX_MARKDOWN
from tori.curation import pages
from tori.curation.guides import SHELVES
from tori.curation.pages import MAX_LEAD, MAX_TITLE, PageTexts
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import block, line
from tori.edge.seen import SeenForm
from tori.i18n import LOCALES
from tori.models.editorial import GuidePage
from tori.policy import Permission
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]
TOO_LONG = __("The text is too long: at most %(max)d characters.")
FILL_IN = __("Fill in this field.")


class GuideForm(SeenForm):
    shelf = SelectField(__("Shelf"), choices=[SelectChoice(shelf.value, label) for shelf, label in SHELVES.items()])
    title_fi = StringField(
        __("Heading in Finnish"),
        filters=[line],
        validators=[InputRequired(FILL_IN), Length(max=MAX_TITLE, message=TOO_LONG)],
    )
    lead_fi = StringField(__("Opening in Finnish"), filters=[line], validators=[Length(max=MAX_LEAD, message=TOO_LONG)])
    body_fi = TextAreaField(
        __("Text in Finnish"),
        filters=[block],
        validators=[InputRequired(FILL_IN), Length(max=MAX_MARKDOWN, message=TOO_LONG)],
    )
    title_sv = StringField(
        __("Heading in Swedish"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)]
    )
    lead_sv = StringField(__("Opening in Swedish"), filters=[line], validators=[Length(max=MAX_LEAD, message=TOO_LONG)])
    body_sv = TextAreaField(__("Text in Swedish"), filters=[block])
    title_en = StringField(
        __("Heading in English"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)]
    )
    lead_en = StringField(__("Opening in English"), filters=[line], validators=[Length(max=MAX_LEAD, message=TOO_LONG)])
    body_en = TextAreaField(__("Text in English"), filters=[block])
    deeds = TextAreaField(__("Deeds to read"), filters=[block])

    @staticmethod
    def values_of(row: GuidePage) -> dict[str, Any]:
        values: dict[str, Any] = {"shelf": row.shelf, "deeds": "\n".join(str(number) for number in row.deed_ids)}
        for name, texts in (("title", row.titles), ("lead", row.leads), ("body", row.bodies)):
            values |= {f"{name}_{code}": texts.get(code, "") for code in LOCALES}
        return values

    def content(self) -> PageTexts:
        def by_language(name: str) -> dict[str, str]:
            return {code: self[f"{name}_{code}"].data or "" for code in LOCALES}

        return PageTexts(
            self.shelf.data, by_language("title"), by_language("lead"), by_language("body"), self.deeds.data or ""
        )


@blueprint.get("/sivut")
@access(Permission.CURATE)
def guide_pages() -> Page:
    return render_template("desk/pages.html", rows=pages.all_pages(db.session()), shelves=SHELVES)


@blueprint.route("/sivut/uusi", methods=["GET", "POST"])
@access(Permission.CURATE)
def new_page() -> Page:
    form = GuideForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = pages.add(session, current_actor(), form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The page is there for readers now."), "success")
            return redirect(url_for("desk.guide_page", page_id=row.id), 303)
    page = render_template("desk/page.html", form=form, guide=None, versions=[])
    return page, 422 if form.errors else 200


@blueprint.route("/sivut/<id:page_id>", methods=["GET", "POST"])
@access(Permission.CURATE)
def guide_page(page_id: int) -> Page:
    row = pages.get_page(db.session(), page_id)
    form = GuideForm(data=GuideForm.values_of(row))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = pages.get_page(session, page_id)
                form.check(session, row)
                pages.change(session, current_actor(), row, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The page has been saved."), "success")
            return redirect(url_for("desk.guide_page", page_id=page_id), 303)
    row = pages.get_page(db.session(), page_id)
    page = render_template("desk/page.html", form=form, guide=row, versions=pages.versions(db.session(), row))
    return page, form.status


@blueprint.post("/sivut/<id:page_id>/palauta/<id:number>")
@access(Permission.CURATE)
def restore_page(page_id: int, number: int) -> Page:
    with transaction() as session:
        pages.restore(session, current_actor(), pages.get_page(session, page_id), number)
    flash(_("The older version is now the newest one."), "success")
    return redirect(url_for("desk.guide_page", page_id=page_id), 303)


@blueprint.post("/sivut/<id:page_id>/<any(piilota, nayta):action>")
@access(Permission.CURATE)
def hide_page(page_id: int, action: str) -> Page:
    with transaction() as session:
        row = pages.get_page(session, page_id)
        (pages.hide if action == "piilota" else pages.show)(session, current_actor(), row)
    return redirect(url_for("desk.guide_page", page_id=page_id), 303)
