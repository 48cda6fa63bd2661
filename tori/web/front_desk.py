"""Arranging the front page: blocks, days, a draft with a preview, publishing."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.curation import arrangement, queries
from tori.curation.arrangement import CHOOSING, MAX_TEXT, MAX_TITLE, USUAL, Block, BlockKind
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import block, by_label, line
from tori.edge.seen import SeenForm, lock_settings
from tori.edge.templating import request_locale
from tori.i18n import LOCALES
from tori.models.campaigns import Campaign
from tori.models.deeds import Theme
from tori.policy import Permission
from tori.web import front_blocks
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]
TOO_LONG = __("The text is too long: at most %(max)d characters.")
KINDS = {
    BlockKind.FIGURES: __("Figures"),
    BlockKind.CAMPAIGN: __("The running campaign"),
    BlockKind.THEME: __("Theme of the month"),
    BlockKind.NEWEST: __("The newest deeds"),
    BlockKind.WEEKLY: __("Makers of the week"),
    BlockKind.AWARDED: __("The last awarded"),
    BlockKind.TOP_LISTS: __("TOP lists"),
    BlockKind.MOST_ADOPTED: __("Most often taken as a model this month"),
    BlockKind.WISHES: __("Wishes"),
    BlockKind.SMALL: __("Try something small"),
    BlockKind.STORIES: __("Stories"),
    BlockKind.TEXT: __("A text of the editors"),
    BlockKind.MAP: __("Map"),
}


class BlockForm(SeenForm):
    """``choice`` holds the slugs of what the kind can show."""

    choice = SelectField(__("Which one?"), validators=[Optional()])
    title_fi = StringField(
        __("Heading in Finnish"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)]
    )
    text_fi = TextAreaField(__("Text in Finnish"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)])
    title_sv = StringField(
        __("Heading in Swedish"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)]
    )
    text_sv = TextAreaField(__("Text in Swedish"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)])
    title_en = StringField(
        __("Heading in English"), filters=[line], validators=[Length(max=MAX_TITLE, message=TOO_LONG)]
    )
    text_en = TextAreaField(__("Text in English"), filters=[block], validators=[Length(max=MAX_TEXT, message=TOO_LONG)])
    link = StringField(__("Where it leads"), filters=[line])
    starts_on = DateField(__("First day"), validators=[Optional()])
    ends_on = DateField(__("Last day"), validators=[Optional()])

    def prepare(self, session: Session, kind: BlockKind, locale: str) -> "BlockForm":
        self.choice.choices = [SelectChoice("", "–"), *_choices(session, kind, locale)]
        return self

    @staticmethod
    def values_of(block: Block) -> dict[str, Any]:
        values: dict[str, Any] = {
            "choice": block.choice, "link": block.link, "starts_on": block.starts_on, "ends_on": block.ends_on,
        }  # fmt: skip
        for code in LOCALES:
            values[f"title_{code}"] = block.titles.get(code, "")
            values[f"text_{code}"] = block.texts.get(code, "")
        return values

    def block(self, key: str, kind: BlockKind) -> Block:
        return Block(
            key, kind, self.choice.data or "", {code: self[f"title_{code}"].data or "" for code in LOCALES},
            {code: self[f"text_{code}"].data or "" for code in LOCALES}, self.link.data or "", self.starts_on.data,
            self.ends_on.data,
        )  # fmt: skip


def _choices(session: Session, kind: BlockKind, locale: str) -> list[SelectChoice]:
    if kind == BlockKind.THEME:
        themes = session.scalars(select(Theme))
        return by_label(SelectChoice(row.slug, row.name_in(locale)) for row in themes)
    if kind == BlockKind.TOP_LISTS:
        return [SelectChoice(row.slug, row.title_in(locale)) for row in queries.published_lists(session)]
    if kind == BlockKind.CAMPAIGN:
        today = clock.today()
        rows = session.scalars(select(Campaign).where(Campaign.ends_on >= today).order_by(Campaign.starts_on))
        return [SelectChoice(row.slug, row.name) for row in rows]
    return []


@blueprint.get("/etusivu")
@access(Permission.CURATE)
def front_page() -> Page:
    session = db.session()
    blocks = arrangement.draft(session)
    today = clock.today()
    on = [block for block in blocks if block.is_on(today)]
    shown = {found.key for found in front_blocks.fill(session, on, request_locale())}
    return render_template(
        "desk/front_page.html",
        blocks=blocks,
        kinds=KINDS,
        today=today,
        shown=shown,
        choosing=CHOOSING,
        is_drafted=arrangement.is_drafted(session),
        is_usual=blocks == list(USUAL),
    )


def _to(anchor: str | None = None) -> Response:
    return redirect(url_for("desk.front_page", _anchor=anchor), 303)


@blueprint.post("/etusivu")
@access(Permission.CURATE)
def arrange_front_page() -> Page:
    """The order of the form is the order of the page; ``action`` may move or remove one."""
    keys = request.form.getlist("osa")
    action, _sep, key = request.form.get("action", "").partition(":")
    at = keys.index(key) if key in keys else -1
    to = {"up": at - 1, "down": at + 1}.get(action, -1)
    if at >= 0 and 0 <= to < len(keys):
        keys[at], keys[to] = keys[to], keys[at]
    actor = current_actor()
    with transaction() as session:
        if action == "remove":
            arrangement.remove(session, actor, key)
        elif action == "publish":
            arrangement.arrange(session, actor, keys)
            arrangement.publish(session, actor)
        elif action == "discard":
            arrangement.discard(session, actor)
        elif action == "usual":
            arrangement.back_to_usual(session, actor)
        else:
            arrangement.arrange(session, actor, keys)
    if action == "publish":
        flash(_("The front page is now as you arranged it."), "success")
    return _to(f"osa-{key}" if action in ("up", "down") else None)


@blueprint.route("/etusivu/uusi/<kind>", methods=["GET", "POST"])
@access(Permission.CURATE)
def new_block(kind: str) -> Page:
    if kind not in set(BlockKind):
        return _to()
    return _block_page(BlockKind(kind), None)


@blueprint.route("/etusivu/<key>/muokkaa", methods=["GET", "POST"])
@access(Permission.CURATE)
def edit_block(key: str) -> Page:
    found = arrangement.find(arrangement.draft(db.session()), key)
    return _block_page(found.kind, found)


def _block_page(kind: BlockKind, found: Block | None) -> Page:
    form = BlockForm(data=BlockForm.values_of(found) if found else None)
    form.prepare(db.session(), kind, request_locale())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                if found is None:
                    arrangement.add(session, current_actor(), form.block("", kind))
                else:
                    lock_settings(session, arrangement.PUBLISHED, arrangement.DRAFT)
                    form.compare(form.values_of(arrangement.find(arrangement.draft(session), found.key)))
                    arrangement.change(session, current_actor(), form.block(found.key, kind))
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The block is in the draft. Publish the page when it is ready."), "success")
            return _to()
    page = render_template(
        "desk/front_block.html", form=form, kind=kind, label=KINDS[kind], is_choosing=kind in CHOOSING
    )
    return page, form.status


@blueprint.get("/etusivu/esikatselu")
@access(Permission.CURATE)
def preview_front_page() -> Page:
    """The draft as readers would see it, today or on a day to come."""
    session = db.session()
    try:
        day = date.fromisoformat(request.args.get("paiva", ""))
    except ValueError:
        day = clock.today()
    blocks = [block for block in arrangement.draft(session) if block.is_on(day)] or list(USUAL)
    return render_template(
        "front/index.html", blocks=front_blocks.fill(session, blocks, request_locale()), preview_day=day
    )
