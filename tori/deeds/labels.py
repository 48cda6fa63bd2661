"""Words of the parts of a deed."""

from typing import Any

from flask_babel import lazy_gettext as __

from tori.deeds.figures import FIELDS
from tori.models.people import OrganisationKind

PARTS: dict[str, Any] = {
    "need": __("Need for change"),
    "goals": __("Goals"),
    "implementation": __("Implementation"),
    "results": __("Results"),
    "lessons": __("What we would do differently"),
    "applicability": __("What you need to do this"),
    "costs": __("Costs and work"),
    "indicators": __("Figures"),
}
"""What a reader may ask for."""

BARS: dict[str, Any] = dict(zip(FIELDS, (__("Starting point"), __("Target"), __("Actual")), strict=True))

KEYS: dict[str, Any] = {
    **PARTS,
    "title": __("Title"),
    "summary": __("Summary"),
    "organisation": __("Organisation"),
    "unit": __("Unit or team"),
    "sector": __("Sector"),
    "themes": __("Themes"),
    "customer_groups": __("For whom"),
    "benefits": __("Benefits"),
    "professions": __("Professions"),
    "situations": __("Situation or reason"),
    "methods": __("Method"),
    "body": __("More about it"),
    "first_steps": __("Try this first"),
    "strategy_goal": __("Goal of the strategy"),
    "team": __("Who did what"),
    "novelty": __("What is new in it"),
    "plain_words": __("In clear language"),
    "language": __("Language"),
    "status": __("State"),
    "period": __("When"),
    "maturity": __("Stage"),
    "participants": __("Who took part"),
    "partners": __("Partners"),
    "funding": __("Funding"),
    "programme": __("Programme or project"),
    "materials": __("Materials"),
    "campaign": __("Campaign"),
    "part_of": __("Part of the deed"),
    "variant_of": __("Variant of"),
    "source_url": __("Source"),
    "citation": __("Source line"),
    "licence": __("Licence"),
    "icon": __("Picture"),
    "is_short": __("Short deed"),
    "is_small": __("Small deed"),
}
"""A key of the line format -> its words."""


def key_label(key: str) -> str:
    """The words of a key; a key of a newer form without words of its own goes by its name."""
    return str(KEYS.get(key, key.replace("_", " ").capitalize()))


STORY_KINDS = {"article": __("Article"), "podcast": __("Podcast"), "webinar": __("Webinar")}
ORGANISATION_KINDS_PLURAL = {
    OrganisationKind.MUNICIPALITY: __("Municipalities"),
    OrganisationKind.JOINT_AUTHORITY: __("Joint municipal authorities"),
    OrganisationKind.WELLBEING_COUNTY: __("Wellbeing services counties"),
    OrganisationKind.COMPANY: __("Municipal companies"),
    OrganisationKind.OTHER: __("Other organisations"),
}
