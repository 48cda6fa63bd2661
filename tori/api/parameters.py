"""The parameters of the interface as data: the same table checks requests and fills the OpenAPI document."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tori.core import clock
from tori.core.errors import ToriError
from tori.core.paging import LAST_PAGE
from tori.deeds.content import LANGUAGES
from tori.deeds.filters import MAX_QUERY, MAX_VALUES
from tori.deeds.listing import SIZE_NAMES
from tori.models.deeds import Effort, Maturity
from tori.models.people import OrganisationKind
from tori.search.port import Sort

MAX_PER_PAGE = 100
PER_PAGE = 20

Schema = dict[str, Any]


class BadParameter(ToriError):
    """A request that asks for what there is not. ``allowed`` lists the possible names or values, if they are few."""

    def __init__(self, parameter: str, detail: str, allowed: Collection[str] = ()) -> None:
        super().__init__(detail)
        self.parameter = parameter
        self.detail = detail
        self.allowed = list(allowed)


@dataclass(frozen=True)
class Parameter:
    """``schema`` is the JSON Schema of one value. ``vocabulary`` names the table whose slugs are the allowed values."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: {"type": "string", "maxLength": 100})
    repeats: bool = False
    vocabulary: str = ""


MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$"
SLUG: Schema = {"type": "string", "pattern": "^[a-z0-9-]{1,100}$"}
QUERY = Parameter("q", "Words to search for, in any form.", {"type": "string", "maxLength": MAX_QUERY})
PAGE = Parameter(
    "sivu", "Number of the page, from 1.", {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1}
)
REGION = Parameter("maakunta", "Region by slug. May repeat: either is enough.", SLUG, True, "region")


def per_page(default: int) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": MAX_PER_PAGE, "default": default}
    return Parameter("per_page", "How many items a page has.", schema)


DEED_LIST = (
    QUERY,
    Parameter("toimiala", "Sector by slug. May repeat: either is enough.", SLUG, True, "sector"),
    Parameter("teema", "Theme by slug. May repeat: either is enough.", SLUG, True, "theme"),
    Parameter("organisaatio", "Organisation by slug. May repeat: either is enough.", SLUG, True, "organisation"),
    REGION,
    Parameter(
        "vuosi", "Year of publishing. May repeat.", {"type": "integer", "minimum": 1000, "maximum": 9999}, repeats=True
    ),
    Parameter("kieli", "Language of the deed. May repeat.", {"type": "string", "enum": list(LANGUAGES)}, repeats=True),
    Parameter(
        "laajuus",
        "How much work it takes. May repeat.",
        {"type": "string", "enum": [str(effort) for effort in Effort]},
        repeats=True,
    ),
    Parameter(
        "koko",
        "Inhabitants of the municipality. May repeat.",
        {"type": "string", "enum": list(SIZE_NAMES)},
        repeats=True,
    ),
    Parameter("asiakasryhma", "Customer group by slug. May repeat: either is enough.", SLUG, True, "asiakasryhma"),
    Parameter("hyoty", "Benefit by slug. May repeat: either is enough.", SLUG, True, "hyoty"),
    Parameter("ammatti", "Profession by slug. May repeat: either is enough.", SLUG, True, "ammatti"),
    Parameter("tilanne", "What set it going, by slug. May repeat: either is enough.", SLUG, True, "tilanne"),
    Parameter("menetelma", "How it was done, by slug. May repeat: either is enough.", SLUG, True, "menetelma"),
    Parameter(
        "vaihe",
        "Stage of the deed. May repeat.",
        {"type": "string", "enum": [str(maturity) for maturity in Maturity]},
        repeats=True,
    ),
    Parameter(
        "jarjestys",
        "Order: osuvuus (relevance), uusin (newest) or mallia (most taken up).",
        {"type": "string", "enum": [str(sort) for sort in Sort]},
    ),
    Parameter(
        "updated_since",
        "Deeds that have changed since this moment (2026-05-04 or 2026-05-04T06:00:00Z), the oldest change first. "
        "Only sivu and per_page go with it.",
        {"type": "string", "pattern": MOMENT, "maxLength": 20},
    ),
    Parameter("sanatarkka", "1 searches the words exactly as typed.", {"type": "string", "enum": ["0", "1"]}),
    PAGE,
    per_page(PER_PAGE),
)
ORGANISATION_LIST = (
    Parameter("q", "A part of the name.", {"type": "string", "maxLength": 100}),
    Parameter(
        "tyyppi",
        "Type of the organisation. May repeat.",
        {"type": "string", "enum": [str(kind) for kind in OrganisationKind]},
        repeats=True,
    ),
    REGION,
    PAGE,
    per_page(MAX_PER_PAGE),
)
_FLAG: Schema = {"type": "string", "enum": ["0", "1"]}
IMPORT = (
    Parameter("dry_run", "1 only tells what would happen.", _FLAG),
    Parameter("keep_going", "1 takes the good lines of a file that has bad ones.", _FLAG),
    Parameter("keep_edited", "1 leaves alone deeds that a person has changed on the site.", _FLAG),
    Parameter("ignore_unknown", "1 passes over keys that the format does not have.", _FLAG),
)
WISH_LIST = (PAGE, per_page(PER_PAGE))
SUGGEST = (
    Parameter("q", "The beginning of a word or name.", {"type": "string", "maxLength": 100}),
    Parameter("limit", "How many at most.", {"type": "integer", "minimum": 1, "maximum": 20, "default": 8}),
)


def check(
    args: MultiDict[str, str], parameters: Collection[Parameter], slugs: Mapping[str, Collection[str]] | None = None
) -> None:
    """Raises BadParameter for the first unknown name or value. ``slugs`` holds the values of the vocabularies."""
    known = {parameter.name: parameter for parameter in parameters}
    for name in args:
        if name not in known:
            raise BadParameter(name[:100], _("There is no parameter “%(name)s” here.", name=name[:100]), list(known))
        _check_values(known[name], args.getlist(name), (slugs or {}).get(known[name].vocabulary))


def _check_values(parameter: Parameter, values: list[str], allowed: Collection[str] | None) -> None:
    if len(values) > (MAX_VALUES if parameter.repeats else 1):
        raise BadParameter(parameter.name, _("“%(name)s” is given too many times.", name=parameter.name))
    for value in values:
        _check_value(parameter, value)
        if allowed is not None and value not in allowed:
            few = sorted(allowed) if len(allowed) <= MAX_PER_PAGE else ()
            raise BadParameter(parameter.name, _not_allowed(parameter, value), few)


def _not_allowed(parameter: Parameter, value: str) -> str:
    return str(_("“%(value)s” is not a value of “%(name)s”.", value=value[:100], name=parameter.name))


def _check_value(parameter: Parameter, value: str) -> None:
    schema = parameter.schema
    if schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        # int() would take spaces, signs and digits of other scripts too.
        if not re.fullmatch("[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise BadParameter(parameter.name, _not_allowed(parameter, value), [f"{low}–{high}"])
    elif "enum" in schema:
        if value not in schema["enum"]:
            raise BadParameter(parameter.name, _not_allowed(parameter, value), schema["enum"])
    elif len(value) > schema.get("maxLength", 100) or not re.search(schema.get("pattern", ""), value):
        raise BadParameter(parameter.name, _not_allowed(parameter, value))


def number(args: MultiDict[str, str], parameter: Parameter) -> int:
    """A checked whole number, or its default."""
    return int(args.get(parameter.name, parameter.schema["default"]))


def moment(text: str) -> datetime:
    """Midnight in Finland of a day, or a moment in UTC. Raises BadParameter for a day that is none."""
    try:
        if "T" not in text:
            return clock.start_of_day(date.fromisoformat(text))
        return datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise BadParameter("updated_since", _("There is no such moment."), []) from error
