"""Help beside the form: a fragment for scripts, a part of the page without them."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select

from tori.core.text import clean_line, clean_text
from tori.database import db
from tori.deeds import helping, queries
from tori.deeds.forms import DeedForm
from tori.deeds.helping import Finding, FindingKind
from tori.deeds.views import blueprint
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.engine import search_engine
from tori.edge.forms import ToriForm
from tori.edge.routing import row_number
from tori.edge.templating import request_locale
from tori.models.deeds import MARKDOWN_FIELDS, Deed, Sector, Theme
from tori.policy import Permission

TOLD = ("title", "summary", *MARKDOWN_FIELDS)
CHECKED = (*TOLD, "participants", "first_steps", "partners", "team", "unit", "programme", "funder")
MAX_TYPED = 100_000

KINDS: dict[FindingKind, Any] = {
    FindingKind.IDENTITY_CODE: __("A personal identity code"),
    FindingKind.PHONE: __("A telephone number"),
    FindingKind.EMAIL: __("An e-mail address"),
    FindingKind.NAME: __("Perhaps somebody’s name"),
}


def texts_of(form: ToriForm, names: tuple[str, ...] = TOLD) -> dict[str, str]:
    """What is written in the form, by field."""
    told = {name: form[name].data or "" for name in names if name in form}
    return {name: "\n".join(text) if isinstance(text, list) else text for name, text in told.items()}


def unconfirmed_findings(form: ToriForm, names: tuple[str, ...] = CHECKED) -> list[Finding]:
    """What must be changed or confirmed before the text goes public."""
    found = helping.findings(texts_of(form, names))
    return [] if request.form.get("privacy_ok") == helping.digest_of(found) else found


def show_findings(form: ToriForm, found: list[Finding]) -> dict[str, Any]:
    """Adds the sentence to the form; returns what the page shows of the findings."""
    form.form_errors.append(_("The text may tell who somebody is. Change it, or confirm that it may be published."))
    rows = [(KINDS[finding.kind], finding.text, form[finding.field].label.text, finding.field) for finding in found]
    return {"findings": rows, "findings_digest": helping.digest_of(found)}


def help_page(texts: dict[str, str], language: str, own_id: int | None = None) -> dict[str, Any]:
    """Suggestions from like deeds, what may tell too much, and what is hard to read."""
    session, locale = db.session(), request_locale()
    text = clean_text("\n".join(part for part in texts.values() if part))[: helping.MAX_ASKED]
    suggestions = helping.suggest(session, search_engine(), text, own_id)
    sector = session.get(Sector, suggestions.sector_id) if suggestions.sector_id else None
    themes = session.scalars(select(Theme).where(Theme.id.in_(suggestions.theme_ids))).all()
    return {
        "suggested_sector": sector,
        "suggested_themes": sorted(themes, key=lambda theme: suggestions.theme_ids.index(theme.id)),
        "like_deeds": queries.cards_by_ids(session, suggestions.deed_ids, locale, current_actor()),
        "chosen_model": request.form.get("model", ""),
        "early_findings": [(KINDS[finding.kind], finding.text) for finding in helping.findings(texts)],
        "has_customer_data": helping.concerns_customer_data(texts),
        "readability": helping.readability(texts, language),
        "is_helped": True,
    }


def wants_help(form: DeedForm) -> bool:
    """Whether the press asked for suggestions or took one of them; a taken one is put into the form."""
    kind, _colon, value = request.form.get("choose", "").partition(":")
    if kind == "sector" and "sector" in form:
        form.sector.data = value
    elif kind == "theme" and "themes" in form and value not in (form.themes.data or []):
        form.themes.data = [*(form.themes.data or []), value]
    return bool(kind) or request.form.get("action") == "help"


def chosen_model(own_id: int | None = None) -> Deed | None:
    """The deed that the writer says was the model, if it is public and not of the same deed."""
    number = request.form.get("model", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10) or int(number) == own_id:
        return None
    deed = db.session().get(Deed, int(number))
    return deed if deed is not None and deed.is_public else None


@blueprint.post("/teot/ehdotukset")
@access(Permission.ACCOUNT_OWN)
def suggestions() -> str:
    """The help as a fragment, for a text that nobody has sent yet."""
    texts = {name: clean_text(request.form.get(name, "")[:MAX_TYPED]) for name in TOLD if name in request.form}
    language = clean_line(request.form.get("language", "fi"))[:2]
    own_id = request.form.get("own", type=row_number)
    return render_template(
        "deeds/_help.html", **help_page(texts, language, own_id), may_choose_model=request.form.get("may_model") == "1"
    )
