"""What a reader does with a deed: keeps it, asks to know more, makes a variant, looks at its family and history."""

from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tori.core.errors import Conflict, RuleBroken
from tori.core.text import MAX_MARKDOWN
from tori.database import db, transaction
from tori.deeds import history, keeping, labels, queries, requests, review, variants
from tori.deeds.content import MAX_SUMMARY, MAX_TITLE
from tori.deeds.forms import LANGUAGES
from tori.deeds.helping_views import show_findings, unconfirmed_findings
from tori.deeds.panels import reader_panel
from tori.deeds.tools_views import public_deed, readable_deed
from tori.deeds.views import Answer, blueprint, wants_fragment
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block, line
from tori.edge.routing import row_number
from tori.edge.templating import request_locale
from tori.models.deeds import Deed, DeedStatus
from tori.policy import Actor, Permission, can, require


@blueprint.route("/teot/<id:deed_id>/talleta", methods=["GET", "POST"])
@access(OBJECT)
def keep(deed_id: int) -> Answer:
    """One press keeps the deed. Opened as a page (after signing in) it shows the one button."""
    actor, deed = current_actor(), public_deed(deed_id)
    if request.method == "GET":
        require(actor, Permission.DEED_KEEP, deed)
        return render_template("deeds/tools/keep.html", **reader_panel(actor, deed))
    with transaction() as session:
        limits.count(session, "keep_account", actor.id)
        keeping.keep(session, actor, deed)
    return _kept_answer(actor, deed, _("Saved to your own list."))


@blueprint.post("/teot/<id:deed_id>/talleta/poista")
@access(OBJECT)
def let_go(deed_id: int) -> Answer:
    actor = current_actor()
    with transaction() as session:
        keeping.let_go(session, actor, deed_id)
    if request.form.get("back") == "list":
        flash(_("Taken off your list."), "success")
        return redirect(url_for("deeds.kept"), 303)
    return _kept_answer(actor, public_deed(deed_id), _("Taken off your list."))


def _kept_answer(actor: Actor, deed: Deed, words: str) -> Answer:
    if wants_fragment():
        return render_template("deeds/tools/_keep.html", **reader_panel(actor, deed), said=words)
    flash(words, "success")
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug), 303)


@blueprint.get("/oma/tallennetut")
@access(Permission.ACCOUNT_OWN)
def kept() -> str:
    session, actor = db.session(), current_actor()
    lists = keeping.kept_by(session, actor, request_locale())
    return render_template("deeds/tools/kept.html", lists=lists, names=[name for name in lists if name])


@blueprint.post("/oma/tallennetut/<id:deed_id>")
@access(Permission.ACCOUNT_OWN)
def write_note(deed_id: int) -> Answer:
    actor = current_actor()
    with transaction() as session:
        keeping.write_note(session, actor, deed_id, request.form.get("note", ""), request.form.get("list_name", ""))
    flash(_("Your note was saved. Only you see it."), "success")
    return redirect(url_for("deeds.kept", _anchor=f"teko-{deed_id}"), 303)


@blueprint.route("/teot/<id:deed_id>/haluan-tietaa", methods=["GET", "POST"])
@access(OBJECT)
def ask(deed_id: int) -> Answer:
    """One press asks the author for an empty part, another takes it back."""
    actor, deed = current_actor(), public_deed(deed_id)
    if request.method == "GET":
        require(actor, Permission.DEED_ASK, deed)
        return render_template("deeds/tools/ask.html", **reader_panel(actor, deed))
    part = request.form.get("part", "")
    is_back = request.form.get("back") == "1"
    with transaction() as session:
        limits.count_act(session, "ask", actor)
        (requests.take_back if is_back else requests.ask)(session, actor, deed, part)
    words = _("Taken back.") if is_back else _("Thank you! The author will hear that readers ask for this.")
    if wants_fragment():
        return render_template("deeds/tools/_ask.html", **reader_panel(actor, deed), said=words)
    flash(words, "success")
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug, _anchor="haluan-tietaa"), 303)


def _story(label: str, *validators: Any) -> TextAreaField:
    limit = Length(max=MAX_MARKDOWN, message=__("The text is too long: at most %(max)d characters."))
    return TextAreaField(label, filters=[block], validators=[*validators, limit])


VARIANT_TEXTS = ("title", "summary", "changed", "reason", "results")


class VariantForm(ToriForm):
    """Only what is different in a variant: its sector, themes and the rest come from the model."""

    title = StringField(
        __("What did you do?"),
        filters=[line],
        validators=[
            InputRequired(__("Give the deed a title.")),
            Length(max=MAX_TITLE, message=__("The title is too long: at most %(max)d characters.")),
        ],
    )
    summary = TextAreaField(
        __("In a few sentences"),
        filters=[block],
        validators=[
            InputRequired(__("Tell in a few sentences what changed.")),
            Length(max=MAX_SUMMARY, message=__("The text is too long: at most %(max)d characters.")),
        ],
    )
    organisation = SelectField(
        __("Organisation"), coerce=int, validators=[InputRequired(__("Choose the organisation from the list."))]
    )
    changed = _story(__("What did you do differently?"), InputRequired(__("Tell what you did differently.")))
    reason = _story(__("Why?"))
    results = _story(__("What came of it?"))
    language = SelectField(
        __("Language of the text"), choices=[SelectChoice(value, name) for value, name in LANGUAGES.items()]
    )
    form_number = HiddenField()

    def prepare(self, actor: Actor, locale: str, parent: Deed) -> None:
        """Fills in the choices, and the model's own words into a new form."""
        own = [membership.organisation for membership in actor.user.memberships] if actor.user else []
        self._organisations = {organisation.id: organisation for organisation in own}
        self.organisation.choices = [SelectChoice(row.id, row.name_in(locale)) for row in own]
        if not self.is_submitted() and not self.form_number.data:
            self.form_number.data = uuid4().hex
            self.title.data, self.summary.data = parent.title, parent.summary
            self.language.data = parent.language

    def story(self) -> variants.VariantStory:
        return variants.VariantStory(
            title=self.title.data,
            summary=self.summary.data,
            organisation=self._organisations[self.organisation.data],
            language=self.language.data,
            changed=self.changed.data,
            reason=self.reason.data,
            results=self.results.data,
        )


@blueprint.route("/teot/<id:deed_id>/pohjaksi", methods=["GET", "POST"])
@access(OBJECT)
def vary(deed_id: int) -> Answer:
    """Tells how the model was made somewhere else: a new deed, prefilled, that asks only for the differences."""
    actor, parent = current_actor(), public_deed(deed_id)
    require(actor, Permission.ACCOUNT_OWN)
    if not actor.claimed_ids:
        return render_template("deeds/no_organisation.html")
    require(actor, Permission.DEED_VARY, parent)
    form = VariantForm()
    form.prepare(actor, request_locale(), parent)
    is_publishing = request.form.get("action") == "publish"
    if form.validate_on_submit():
        if is_publishing and (found := unconfirmed_findings(form, VARIANT_TEXTS)):
            return render_template("deeds/tools/vary.html", form=form, parent=parent, **show_findings(form, found)), 422
        try:
            with transaction() as session:
                limits.count_act(session, "publish", actor)
                deed = variants.begin(session, actor, parent, form.story(), form.form_number.data)
                if is_publishing and deed.status == DeedStatus.DRAFT:
                    review.put_forward(session, actor, deed)
        except RuleBroken as error:
            form.show(error)
        else:
            return _after_variant(deed)
    return render_template("deeds/tools/vary.html", form=form, parent=parent), 422 if form.errors else 200


def _after_variant(deed: Deed) -> Answer:
    if deed.is_public or deed.status == DeedStatus.IN_REVIEW:
        return redirect(url_for("deeds.receipt", deed_id=deed.id), 303)
    flash(_("The draft was saved. Only you see it."), "success")
    return redirect(url_for("deeds.edit", deed_id=deed.id), 303)


@blueprint.get("/teot/<id:deed_id>/sukupuu")
@access(OBJECT)
def lineage(deed_id: int) -> str:
    deed = readable_deed(deed_id)
    tree = variants.tree_of(db.session(), deed, request_locale())
    return render_template("deeds/tools/lineage.html", deed=deed, tree=tree)


@blueprint.get("/teot/<id:deed_id>/historia")
@access(OBJECT)
def show_history(deed_id: int) -> str:
    """The versions; with ``?versio=`` also what that one changed, for those who may see it."""
    session, actor = db.session(), current_actor()
    deed = readable_deed(deed_id)
    shown = request.args.get("versio", type=row_number)
    may_see = can(actor, Permission.DEED_EDIT, deed)
    return render_template(
        "deeds/tools/history.html",
        deed=deed,
        versions=history.versions_of(session, actor, deed, request_locale()),
        may_see=may_see,
        shown=shown if may_see else None,
        differences=history.differences(session, actor, deed, shown) if shown is not None else [],
        key_label=labels.key_label,
    )


@blueprint.post("/teot/<id:deed_id>/historia/<id:number>/palauta")
@access(OBJECT)
def restore_version(deed_id: int, number: int) -> Answer:
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    opened = request.form.get("version", type=row_number) or 0
    try:
        with transaction() as session:
            history.restore_version(session, actor, deed, number, opened)
    except Conflict:
        flash(_("Somebody else saved this deed meanwhile. Look at the newest version first."), "warning")
    else:
        flash(_("Version %(number)s is in use again.", number=number), "success")
    return redirect(url_for("deeds.show_history", deed_id=deed.id), 303)
