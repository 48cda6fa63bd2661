"""The desk's pages of what makers choose of a deed: customer groups, benefits, professions, situations, methods."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from tori.core.errors import NotFound, RuleBroken
from tori.curation import tags
from tori.curation.tags import TagTexts, TagUse
from tori.database import db, transaction
from tori.deeds.queries import all_tags
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block
from tori.edge.templating import request_locale
from tori.models.tags import Tag, TagKind
from tori.policy import Permission
from tori.web.desk import blueprint
from tori.web.vocabulary_desk import NamesForm

Page = str | Response | tuple[str, int]
KINDS: dict[TagKind, Any] = {
    TagKind.CUSTOMERS: __("Customer groups"),
    TagKind.BENEFIT: __("Benefits"),
    TagKind.PROFESSION: __("Professions"),
    TagKind.SITUATION: __("Situation or reason"),
    TagKind.METHOD: __("Method"),
}


class TagForm(NamesForm):
    synonyms = TextAreaField(__("Words that find it"), filters=[block])

    @staticmethod
    def values_of(tag: Tag) -> dict[str, object]:
        return {
            "name": tag.name,
            "name_sv": tag.name_sv or "",
            "name_en": tag.name_en or "",
            "synonyms": "\n".join(tag.synonyms),
        }

    def content(self) -> TagTexts:
        return TagTexts(
            self.name.data, self.name_sv.data or "", self.name_en.data or "", (self.synonyms.data or "").split("\n")
        )


class MergeTagForm(ToriForm):
    into = SelectField(__("Into which one?"), coerce=int)

    def prepare(self, tag: Tag) -> "MergeTagForm":
        locale = request_locale()
        others = [row for row in all_tags(db.session()) if row.kind == tag.kind and row.id != tag.id]
        self.into.choices = [SelectChoice(row.id, row.name_in(locale)) for row in others]
        return self


@blueprint.get("/valinnat")
@access(Permission.CURATE)
def tags_page() -> Page:
    return render_template("desk/tags.html", uses=tags.uses(db.session()), kinds=KINDS)


@blueprint.route("/valinnat/uusi/<kind>", methods=["GET", "POST"])
@access(Permission.CURATE)
def new_tag(kind: str) -> Page:
    if kind not in set(TagKind):
        raise NotFound("tag")
    form = TagForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                tags.add_tag(session, current_actor(), TagKind(kind), form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("“%(name)s” is there to choose now.", name=form.name.data), "success")
            return redirect(url_for("desk.tags_page", _anchor=kind), 303)
    page = render_template("desk/tag.html", form=form, tag=None, kind=KINDS[TagKind(kind)])
    return page, 422 if form.errors else 200


@blueprint.route("/valinnat/<id:tag_id>", methods=["GET", "POST"], endpoint="tag")
@access(Permission.CURATE)
def change_tag(tag_id: int) -> Page:
    form = TagForm(data=TagForm.values_of(tags.get_tag(db.session(), tag_id)))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = tags.get_tag(session, tag_id)
                form.check(session, row)
                tags.change_tag(session, current_actor(), row, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("Saved. The search follows within a quarter of a minute."), "success")
            return redirect(url_for("desk.tag", tag_id=tag_id), 303)
    return _page(tag_id, form), form.status


def _page(tag_id: int, form: TagForm | None = None, merge_form: MergeTagForm | None = None) -> str:
    tag = tags.get_tag(db.session(), tag_id)
    return render_template(
        "desk/tag.html",
        form=form or TagForm(formdata=None, data=TagForm.values_of(tag)),
        merge_form=merge_form or MergeTagForm(formdata=None).prepare(tag),
        tag=tag,
        use=_use_of(tag),
        kind=KINDS[TagKind(tag.kind)],
    )


def _use_of(tag: Tag) -> TagUse:
    return next(use for use in tags.uses(db.session())[TagKind(tag.kind)] if use.tag.id == tag.id)


@blueprint.post("/valinnat/<id:tag_id>/yhdista")
@access(Permission.CURATE)
def merge_tag(tag_id: int) -> Page:
    form = MergeTagForm().prepare(tags.get_tag(db.session(), tag_id))
    if form.validate():
        with transaction() as session:
            source, target = tags.get_tag(session, tag_id), tags.get_tag(session, form.into.data)
            tags.merge_tags(session, current_actor(), source, target)
        flash(_("The two are one now. Deeds and kept searches came along, and old addresses lead to it."), "success")
        return redirect(url_for("desk.tag", tag_id=form.into.data), 303)
    return _page(tag_id, merge_form=form), 422


@blueprint.post("/valinnat/<id:tag_id>/poista")
@access(Permission.CURATE)
def remove_tag(tag_id: int) -> Page:
    try:
        with transaction() as session:
            tag = tags.get_tag(session, tag_id)
            kind = tag.kind
            tags.remove_tag(session, current_actor(), tag)
    except RuleBroken as error:
        form = TagForm(formdata=None, data=TagForm.values_of(tags.get_tag(db.session(), tag_id)))
        form.show(error)
        return _page(tag_id, form), 422
    flash(_("Removed."), "success")
    return redirect(url_for("desk.tags_page", _anchor=kind), 303)
