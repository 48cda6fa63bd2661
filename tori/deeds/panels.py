"""What the boxes of the page of a deed show, beside its story."""

from typing import Any

from flask import current_app

from tori.config import Config
from tori.database import db
from tori.deeds import figures, keeping, labels, plans, requests, sharing, variants
from tori.edge.templating import locale_code, request_locale
from tori.models.deeds import Deed, DeedStatus
from tori.policy import Actor, Permission, can


def config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


def short_link(deed: Deed) -> str:
    """The address to print and to read aloud; it leads to the deed in the reader's own language."""
    return f"{config().public_url}/t/{deed.id}"


def site_name() -> str:
    return config().site_names[locale_code()]


def citation_of(deed: Deed) -> dict[str, str]:
    """What the box for citing shows."""
    name = deed.organisation.name_in(request_locale())
    return {
        "line": sharing.apa(deed, name, site_name(), short_link(deed)),
        "licence_url": sharing.LICENCES.get(deed.licence, ""),
    }


def reader_panel(actor: Actor, deed: Deed) -> dict[str, Any]:
    """What the page of a deed shows to this reader: whether it is kept, what may be asked and has been asked."""
    session = db.session()
    may_ask = deed.status == DeedStatus.PUBLISHED and not can(actor, Permission.DEED_EDIT, deed)
    return {
        "is_kept": keeping.is_kept(session, actor, deed.id),
        "askable": requests.empty_parts(deed) if may_ask else [],
        "asked": requests.asked_parts(session, actor, deed.id) if may_ask else set(),
        "part_labels": labels.PARTS,
        "deed": deed,
        "actor": actor,
    }


def maker_panel(actor: Actor, deed: Deed) -> dict[str, Any]:
    """What readers have done with a deed, for those who look after it."""
    if not can(actor, Permission.DEED_EDIT, deed):
        return {"keepers": 0, "wanted": {}}
    session = db.session()
    return {"keepers": keeping.keepers(session, deed.id), "wanted": requests.counts(session, deed.id)}


def tools(actor: Actor, deed: Deed, has_family: bool) -> dict[str, Any]:
    """All the boxes of the page."""
    return {
        **reader_panel(actor, deed),
        **maker_panel(actor, deed),
        "family": variants.family_of(db.session(), deed, request_locale()) if has_family else None,
        "citation": citation_of(deed),
        "own_plan": plans.find(db.session(), actor, deed.id),
    }


def drawn_figures(deed: Deed) -> dict[str, Any]:
    return {"indicator_charts": figures.charts(deed.indicators), "bar_labels": labels.BARS}
