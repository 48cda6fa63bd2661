"""Pages of writing: a new deed, editing, preview, receipt, taking away."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tori.config import Config
from tori.core import clock
from tori.core.errors import Conflict, RuleBroken
from tori.core.text import clean_text
from tori.database import db, transaction
from tori.deeds import campaign_answers, drafts, form_steps, queries, quick_picture, requests, review, service, together
from tori.deeds.conflicts import Merge, follow_choices, put_together
from tori.deeds.content import MOST_TAGS, apply_content
from tori.deeds.forms import DeedForm, MergeForm, ReasonForm
from tori.deeds.helping_views import (
    chosen_model,
    help_page,
    show_findings,
    texts_of,
    unconfirmed_findings,
    wants_help,
)
from tori.deeds.parts import ADVICE, PARTS, QUICK
from tori.deeds.reuse import gauge_of
from tori.deeds.views import Answer, blueprint, story
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.page_cache import only_once
from tori.edge.templating import request_locale
from tori.media.forms import description_of
from tori.media.pictures import MAX_PICTURE_BYTES, MEGABYTE, PICTURE_TYPES
from tori.media.queries import pictures_of
from tori.media.service import MAX_TEXT
from tori.models.campaigns import Campaign
from tori.models.deeds import MARKDOWN_FIELDS, Deed, DeedStatus
from tori.models.writing import WorkingCopy
from tori.policy import Actor, Permission, can, require

MAX_BEGUN = 500

WHOLE = tuple(name for part in PARTS for name in part.fields if name not in (*QUICK, "language", "unit"))
"""What a quick deed does not ask."""


@blueprint.route("/teot/uusi", methods=["GET", "POST"])
@access(OBJECT)
def new() -> Answer | Response:
    actor = current_actor()
    if not actor.is_member and request.method == "GET" and "late_fields" not in g:
        return visitors_page()
    require(actor, Permission.ACCOUNT_OWN)
    session: Session = db.session()
    form = DeedForm()
    form.prepare(session, actor, request_locale())
    if not actor.claimed_ids:
        return render_template("deeds/no_organisation.html")
    if take_row(form) or wants_help(form):
        return _form_page(form, None)
    if not form.is_submitted() and _continue_copy(form, drafts.key_of_new(request.args.get("luonnos", ""))):
        form.form_number.data = request.args["luonnos"]
        form.organisation.data = form.organisation.data or form.organisation.choices[0].value
        form.language.data = form.language.data or request_locale()
    if not form.is_submitted():
        begin_with_address(form)
        _count_steps(form_steps.OPENED)
    if not form.validate_on_submit():
        _count_stumbling(form)
        return _form_page(form, None), 422 if form.errors else 200
    if _is_publishing() and (found := unconfirmed_findings(form)):
        return _form_page(form, None, **show_findings(form, found)), 422
    try:
        picture = quick_picture.checked_picture(actor, form)
        deed = _write(actor, form)
    except RuleBroken as error:
        form.show(error)
        _count_stumbling(form)
        return _form_page(form, None), 422
    quick_picture.keep(actor, deed, picture)
    _count_steps(form_steps.PUBLISHED if _is_publishing() else form_steps.SAVED)
    return _after_saving(deed)


def _count_steps(*steps: str) -> None:
    """For the campaign of the form, if it has one. A count that fails stops nobody from writing."""
    campaign = campaign_line()["campaign"]
    if campaign is None or not steps:
        return
    with transaction() as session:
        form_steps.count(session, campaign, steps)


def _count_stumbling(form: DeedForm) -> None:
    if form.is_submitted() and form.errors:
        _count_steps(form_steps.STUMBLED, *(form_steps.FIELD + name for name in form.errors if name))


def _write(actor: Actor, form: DeedForm) -> Deed:
    with transaction() as session:
        limits.count_act(session, "publish", actor)
        content = replace(form.content(), campaign=chosen_campaign())
        deed = service.write_draft(session, actor, content, form.form_number.data, chosen_model())
        if (whole := chosen_whole()) is not None and deed.part_of_id is None:
            together.place(session, actor, deed, whole.id)
        campaign_answers.keep(session, deed, request.form)
        drafts.discard(session, actor, drafts.key_of_new(form.form_number.data or ""))
        if _is_publishing() and deed.status == DeedStatus.DRAFT:
            review.put_forward(session, actor, deed)
    return deed


def begin_with_address(form: DeedForm) -> None:
    """An invitation may open a form that is begun: ``otsikko``, ``kuvaus`` and ``yksikko`` of the address fill empty
    fields."""
    for name, argument in (("title", "otsikko"), ("summary", "kuvaus"), ("unit", "yksikko")):
        # The short form of visitors has no unit.
        if name in form and not form[name].data:
            form[name].data = clean_text(request.args.get(argument, ""))[:MAX_BEGUN] or None


def chosen_campaign() -> Campaign | None:
    """The running campaign that the sent form names; a tick taken away names none."""
    found = _campaign(request.form.get("campaign", ""))
    return found if found is not None and found.is_running(clock.today()) else None


def chosen_whole() -> Deed | None:
    """The own deed that a new one will be a part of: named by the address, by the sent form or by a kept copy of it."""
    number = request.form.get("whole", "") or g.get("kept_whole", "") or request.args.get("osa", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found = db.session().get(Deed, int(number))
    if found is None or found.part_of_id is not None or not can(current_actor(), Permission.DEED_EDIT, found):
        return None
    return found


def campaign_line() -> dict[str, Any]:
    """What the form says of the campaign of its address: running, over, or unknown (then nothing)."""
    sent = request.form.get("campaign", "") or g.get("kept_campaign", "")
    found = _campaign(sent or request.args.get("kampanja", ""))
    return {
        "campaign": found,
        "campaign_runs": found is not None and found.is_running(clock.today()),
        "campaign_chosen": bool(sent) or request.method == "GET",
        "campaign_texts": {name: value for name, value in request.form.items() if name.startswith("answer-")},
    }


def _campaign(slug: str) -> Campaign | None:
    if not slug:
        return None
    return db.session().scalar(select(Campaign).where(Campaign.slug == slug, Campaign.is_public.is_(True)))


def visitors_page(form: DeedForm | None = None) -> str:
    """A visitor begins at once; the text is kept when they press save, and waits for their account."""
    form = form or DeedForm(meta={"csrf": False})
    form.prepare(db.session(), current_actor(), request_locale())
    form.keep_only([name for name in QUICK if name != "organisation"])
    begin_with_address(form)
    if request.method == "GET" and request.args.get("kampanja"):
        # Every opening is counted, so no cache answers for us.
        only_once()
        _count_steps(form_steps.OPENED)
    return render_template(
        "deeds/visitor.html",
        form=form,
        advice=ADVICE,
        markdown=MARKDOWN_FIELDS,
        most_tags=MOST_TAGS,
        asked={},
        sector_slugs={choice.value: choice.value for choice in form.sector.choices},
        **campaign_line(),
    )


def _form_page(form: DeedForm, deed: Deed | None, **more: Any) -> str:
    more = {"is_quick": deed is None and not _is_whole(form), "merge": None, **more}
    if wants_help(form):
        more |= help_page(texts_of(form), form.language.data or "fi", deed.id if deed else None)
    else:
        more["chosen_model"] = request.form.get("model", "")
    # A browser sends a chosen file once; the page that comes back asks for it again.
    more["picture_again"] = quick_picture.is_sent(form)
    more["picture_types"] = ",".join(PICTURE_TYPES)
    more["picture_megabytes"] = MAX_PICTURE_BYTES // MEGABYTE
    more["may_choose_model"] = may_choose_model(deed)
    more["whole"] = chosen_whole() if deed is None else None
    return render_template("deeds/form.html", **{**editing_page(form, deed), **campaign_line(), **more})


def may_choose_model(deed: Deed | None) -> bool:
    """A model is told of a deed that is not public yet and has none: so a family never forms a ring."""
    return deed is None or (deed.published_at is None and deed.parent_id is None)


def _is_whole(form: DeedForm) -> bool:
    """Whether a new deed is told at full length: asked for, or begun so."""
    return "koko" in request.args or any(form[name].data for name in WHOLE)


def editing_page(form: DeedForm, deed: Deed | None, part: str = "") -> dict[str, Any]:
    """What every page with questions about a deed needs."""
    asked = requests.counts(db.session(), deed.id) if deed else {}
    return {
        "form": form,
        "deed": deed,
        "sector_slugs": {choice.value: choice.value for choice in form.sector.choices} if "sector" in form else {},
        "advice": ADVICE,
        "markdown": MARKDOWN_FIELDS,
        "most_tags": MOST_TAGS,
        "parts": PARTS,
        "part_names": {item.slug: item.title for item in PARTS},
        "asked": asked,
        "gauge": gauge_of(deed, asked) if deed else None,
        "returned": review.asked_change(db.session(), deed) if deed else None,
        **writing_aids(form, deed, part),
    }


def _continue_copy(form: DeedForm, key: str) -> WorkingCopy | None:
    """Fills the form with what was typed and never saved."""
    copy = drafts.find(db.session(), current_actor(), key)
    if copy is None:
        return None
    form.process(MultiDict(copy.fields))
    g.is_recovered = True
    g.kept_campaign = (copy.fields.get("campaign") or [""])[0]
    g.kept_whole = (copy.fields.get("whole") or [""])[0]
    return copy


def continue_copy_of_deed(form: DeedForm, deed: Deed, part: str = "") -> None:
    if "jatka" not in request.args:
        return
    copy = _continue_copy(form, drafts.key_of_deed(deed.id, part))
    if copy is not None:
        # An older version leads to the page that shows both texts, not to a silent overwriting.
        form.version.data = copy.base_version or deed.version


def writing_aids(form: DeedForm, deed: Deed | None, part: str) -> dict[str, Any]:
    """Where the form saves itself, and what was typed earlier and never saved."""
    session, actor = db.session(), current_actor()
    is_fresh = "is_recovered" not in g and not form.is_submitted()
    if deed is None:
        copy = drafts.find(session, actor, drafts.key_of_new(form.form_number.data or ""))
        older = drafts.newest_unfinished(session, actor) if is_fresh else None
        number = older.key.removeprefix("new:") if older else ""
        address, hidden = url_for("deeds.autosave_new"), ("form_number", number)
        continue_url, discard_url = url_for("deeds.new", luonnos=number), url_for("deeds.discard_new")
    else:
        copy = drafts.find(session, actor, drafts.key_of_deed(deed.id, part))
        older = copy if is_fresh else None
        address, hidden = url_for("deeds.autosave", deed_id=deed.id), ("part", part)
        continue_url, discard_url = (
            f"{request.script_root}{request.path}?jatka=1",
            url_for("deeds.discard", deed_id=deed.id),
        )
    recovery = {"saved_at": older.saved_at, "continue_url": continue_url, "discard_url": discard_url} if older else None
    return {
        "autosave": {"url": address, "sequence": copy.sequence if copy else 0, "part": part},
        "recovery": {**recovery, "hidden": [hidden]} if recovery else None,
        "is_recovered": "is_recovered" in g,
        "waits": deed is not None,
    }


def take_row(form: DeedForm) -> bool:
    """Whether the press only asked for an empty row; it is added."""
    name = request.form.get("add_row", "")
    if name:
        form.add_row(name)
    return bool(name)


def _is_publishing() -> bool:
    return request.form.get("action") == "publish"


def _after_saving(deed: Deed) -> Response:
    if deed.status == DeedStatus.DRAFT:
        flash(_("The draft was saved. Only you see it."), "success")
        return redirect(url_for("deeds.edit", deed_id=deed.id), 303)
    if deed.version == 1 or (_is_publishing() and deed.status == DeedStatus.IN_REVIEW):
        return redirect(url_for("deeds.receipt", deed_id=deed.id), 303)
    flash(_("The changes were saved."), "success")
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug), 303)


@blueprint.route("/teot/<id:deed_id>/muokkaa", methods=["GET", "POST"])
@access(OBJECT)
def edit(deed_id: int) -> Answer | Response:
    session: Session = db.session()
    actor = current_actor()
    deed = queries.get_deed(session, actor, deed_id)
    require(actor, Permission.DEED_EDIT, deed)
    form = DeedForm()
    form.prepare(session, actor, request_locale(), deed)
    follow_choices(form, deed, request.form)
    if not form.is_submitted():
        form.fill(deed)
        continue_copy_of_deed(form, deed)
    elif take_row(form) or wants_help(form):
        return _form_page(form, deed)
    elif form.validate():
        if (_is_publishing() or deed.is_public) and (found := unconfirmed_findings(form)):
            return _form_page(form, deed, **show_findings(form, found)), 422
        try:
            merge = save_or_merge(deed, form, lambda: _save(actor, deed, form))
        except RuleBroken as error:
            form.show(error)
        else:
            if merge is not None:
                return _form_page(form, deed, merge=merge), 409
            return _after_publishing_draft(deed) if _is_publishing() else _after_saving(deed)
    return _form_page(form, deed), 422 if form.errors else 200


def _save(actor: Actor, deed: Deed, form: DeedForm) -> None:
    with transaction() as session:
        service.edit(session, actor, deed, form.content(deed), form.version.data or 0)
        if may_choose_model(deed) and (model := chosen_model(deed.id)):
            deed.parent = model
        drafts.discard_of_deed(session, actor, deed)
        if _is_publishing() and deed.status in (DeedStatus.DRAFT, DeedStatus.ARCHIVED):
            review.put_forward(session, actor, deed)


def _after_publishing_draft(deed: Deed) -> Response:
    return redirect(url_for("deeds.receipt", deed_id=deed.id), 303)


def save_or_merge(deed: Deed, form: DeedForm, save: Callable[[], None]) -> Merge | None:
    """None when it was saved. When others saved in between, what does not clash is put together and saved."""
    try:
        save()
    except Conflict:
        merge = put_together(db.session(), form, deed)
        if merge.clashes:
            return merge
        save()
        words = _(
            "Both changes are saved. Somebody else changed this meanwhile: %(parts)s", parts=", ".join(merge.taken)
        )
        flash(words, "info")
    return None


@blueprint.post("/teot/esikatselu")
@access(Permission.ACCOUNT_OWN)
def preview() -> Answer:
    """The deed exactly as it would be published, without saving anything."""
    session: Session = db.session()
    actor = current_actor()
    form = DeedForm()
    form.prepare(session, actor, request_locale())
    if not form.validate():
        return _form_page(form, None), 422
    deed = Deed(id=0, status=DeedStatus.DRAFT, adoption_count=0, comment_count=0, related=[])
    with session.no_autoflush:
        try:
            apply_content(deed, form.content())
        except RuleBroken as error:
            form.show(error)
            return _form_page(form, None), 422
        return render_template("deeds/preview.html", **story(deed))


@blueprint.get("/teot/<id:deed_id>/kiitos")
@access(OBJECT)
def receipt(deed_id: int) -> str:
    """Says plainly what is published and where, and what could come next."""
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    require(actor, Permission.DEED_EDIT, deed)
    return render_template("deeds/receipt.html", **receipt_page(deed))


def receipt_page(deed: Deed) -> dict[str, Any]:
    asked = requests.counts(db.session(), deed.id)
    config: Config = current_app.extensions["tori"]
    return {
        "deed": deed,
        "gauge": gauge_of(deed, asked),
        "part_names": {part.slug: part.title for part in PARTS},
        "promised_until": review.promised_until(deed, config.review_hours),
        "review_hours": config.review_hours,
        "waiting": [
            (picture, description_of(picture, formdata=None))
            for picture in pictures_of(db.session(), deed.id)
            if not picture.is_shown
        ],
        "max_text": MAX_TEXT,
    }


@blueprint.route("/teot/<id:deed_id>/poista", methods=["GET", "POST"])
@access(OBJECT)
def remove(deed_id: int) -> Answer | Response:
    """A draft is deleted; a published deed is archived or withdrawn, as its maker chooses."""
    session: Session = db.session()
    actor = current_actor()
    deed = queries.get_deed(session, actor, deed_id)
    require(actor, Permission.DEED_EDIT, deed)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                _take_away(session, actor, deed, form)
        except RuleBroken as error:
            form.show(error)
        else:
            return redirect(url_for("accounts.own"), 303)
    return remove_page(deed, form), 422 if form.errors else 200


def remove_page(deed: Deed, form: ReasonForm, merge_form: MergeForm | None = None) -> str:
    may_merge = deed.is_public and can(current_actor(), Permission.MODERATE)
    return render_template(
        "deeds/remove.html", deed=deed, form=form, may_merge=may_merge,
        merge_form=merge_form or MergeForm(formdata=None),
    )  # fmt: skip


def _take_away(session: Any, actor: Actor, deed: Deed, form: ReasonForm) -> None:
    if deed.status == DeedStatus.DRAFT:
        service.delete_draft(session, actor, deed)
        flash(_("The draft was deleted."), "success")
    elif request.form.get("action") == "archive":
        service.archive(session, actor, deed)
        flash(_("The deed was archived. It can still be read."), "success")
    else:
        service.withdraw(session, actor, deed, form.reason.data or "")
        flash(_("The deed was withdrawn."), "success")
