"""The import and export format: one deed a line, as JSON. Documented in ``docs/api.md``.

Parsing knows no database: names of sectors, organisations and themes are looked up in ``importing.py``.
"""

import csv
import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from io import StringIO
from itertools import chain
from typing import Any

from flask_babel import gettext as _

from tori.core.errors import RuleBroken
from tori.core.text import MAX_MARKDOWN, clean_line, clean_text
from tori.deeds.content import (
    MAX_FIRST_STEP,
    MAX_FIRST_STEPS,
    MAX_ITEMS,
    MAX_LICENCE,
    MAX_LINE,
    MAX_SUMMARY,
    MAX_THEMES,
    MAX_TITLE,
    MAX_URL,
    MOST_TAGS,
    IndicatorContent,
    MaterialContent,
    as_record,
    check_period,
    check_url,
)
from tori.i18n import LOCALES
from tori.models.deeds import (
    DEFAULT_LICENCE,
    MARKDOWN_FIELDS,
    Basis,
    Cost,
    Deed,
    DeedStatus,
    Effort,
    MaterialKind,
    Maturity,
)
from tori.models.people import OrganisationKind

MAX_LINE_BYTES = 500_000
MAX_NOTE = 2_000
MAX_EXTERNAL_ID = 200
MAX_NAME = 100
MAX_EUROS = 2_000_000_000

REQUIRED = ("title", "summary", "organisation", "sector")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field. ``field`` is empty when the whole line is wrong."""

    code: str
    field: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def sentence(self) -> str:
        """Plain words in the language of the moment."""
        return _SENTENCES[self.code]() % self.values


_SENTENCES: dict[str, Callable[[], str]] = {
    "not_json": lambda: _("The line is not valid JSON."),
    "not_object": lambda: _("The line must be a JSON object: { … }."),
    "line_too_long": lambda: _("The line is longer than %(limit)s bytes."),
    "not_utf8": lambda: _("The text is not UTF-8."),
    "repeated_key": lambda: _("The key “%(key)s” stands twice on the line."),
    "unknown_key": lambda: _("There is no such key. Did you mean one of these: %(allowed)s?"),
    "missing": lambda: _("This is required."),
    "not_text": lambda: _("This must be text."),
    "not_list": lambda: _("This must be a list."),
    "not_mapping": lambda: _("This must be a JSON object with the keys %(allowed)s."),
    "not_boolean": lambda: _("This must be true or false."),
    "not_euros": lambda: _("Euros must be a whole number that is not negative."),
    "too_long": lambda: _("The text is longer than %(limit)s characters."),
    "too_many": lambda: _("There are more than %(limit)s of these."),
    "bad_date": lambda: _("A day is written YYYY-MM-DD, for example 2026-05-04."),
    "future_day": lambda: _("The day has not come yet."),
    "bad_period": lambda: _("A period is a year, a month or a day: 2026, 2026-05 or 2026-05-04."),
    "period_backwards": lambda: _("The end can't be before the start."),
    "bad_url": lambda: _("An address begins with https:// or http://."),
    "bad_choice": lambda: _("“%(given)s” is not one of these: %(allowed)s."),
    "other_organisation": lambda: _("You can only act for your own organisation."),
    "unknown_theme": lambda: _("There is no theme “%(given)s”."),
    "editors_only": lambda: _("Only editors write this."),
    "deed_closed": lambda: _("The deed waits for the editors or has been taken back, so it can't be changed here."),
    "not_for_drafts": lambda: _("A draft has no such key. It can have these: %(allowed)s."),
    "unknown_organisation": lambda: _("There is no organisation “%(given)s”."),
    "unknown_sector": lambda: _("There is no sector “%(given)s”. The eight are: %(allowed)s."),
    "unknown_municipality": lambda: _("There is no municipality “%(given)s”."),
    "unknown_region": lambda: _("There is no region “%(given)s”."),
    "unknown_campaign": lambda: _("There is no campaign “%(given)s”."),
    "unknown_deed": lambda: _("No deed has the external_id “%(given)s”."),
    "part_of_itself": lambda: _("A deed can't be a part of itself."),
    "variant_of_itself": lambda: _("A deed can't be a variant of itself."),
    "repeated_id": lambda: _("The same external_id is on line %(line)s of this file."),
}


class BadLine(ValueError):
    """A line with one or more problems."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class DeedLine:
    """One deed as the format tells it; texts cleaned, names not yet looked up. Every key is a field here."""

    title: str
    summary: str
    organisation: str
    sector: str
    external_id: str | None = None
    need: str = ""
    goals: str = ""
    implementation: str = ""
    results: str = ""
    body: str = ""
    lessons: str = ""
    applicability: str = ""
    limits_of_use: str = ""
    obstacles: str = ""
    did_not_work: str = ""
    benefits_customer: str = ""
    benefits_staff: str = ""
    benefits_organisation: str = ""
    novelty: str = ""
    plain_words: str = ""
    strategy_goal: str = ""
    first_steps: tuple[str, ...] = ()
    organisation_type: str | None = None
    municipality: str | None = None
    region: str | None = None
    unit: str = ""
    themes: tuple[str, ...] = ()
    customer_groups: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    published_on: date | None = None
    language: str = "fi"
    period: tuple[str | None, str | None] = (None, None)
    indicators: tuple[IndicatorContent, ...] = ()
    participants: str = ""
    partners: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    programme: str = ""
    funding: tuple[str, int | None] = ("", None)
    materials: tuple[MaterialContent, ...] = ()
    maturity: str | None = None
    effort: str | None = None
    cost: str | None = None
    source_url: str | None = None
    citation: str = ""
    campaign: str | None = None
    licence: str = DEFAULT_LICENCE
    is_short: bool = False
    is_small: bool = False
    icon: str | None = None
    status: str | None = None
    part_of: str | None = None
    variant_of: str | None = None
    related: tuple[str, ...] = ()
    co_organisations: tuple[str, ...] | None = None
    """None when the line does not tell: then nothing changes."""
    author: str | None = None
    co_authors: tuple[str, ...] | None = None
    collections: tuple[str, ...] = ()
    editor_note: str = ""


KEYS = tuple(item.name for item in fields(DeedLine))


class _Reader:
    """Reads the fields of one line and gathers every problem instead of stopping at the first."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.problems: list[Problem] = []

    def fail(self, key: str, code: str, **values: object) -> None:
        self.problems.append(Problem(code, key, values))

    def text(self, key: str, limit: int, value: Any = None) -> str:
        """A single line of text; empty when absent."""
        return clean_line(self._string(key, limit, value))

    def block(self, key: str, limit: int = MAX_MARKDOWN) -> str:
        return clean_text(self._string(key, limit))

    def _string(self, key: str, limit: int, value: Any = None) -> str:
        value = self.data.get(key.split(".")[0]) if value is None else value
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fail(key, "not_text")
            return ""
        try:
            value.encode()
        except UnicodeEncodeError:
            self.fail(key, "not_utf8")
            return ""
        if len(value) > limit:
            self.fail(key, "too_long", limit=limit)
            return ""
        return value

    def required(self, key: str, limit: int) -> str:
        known = len(self.problems)
        value = self.text(key, limit)
        if not value and len(self.problems) == known:
            self.fail(key, "missing")
        return value

    def choice(self, key: str, allowed: Iterable[str]) -> str | None:
        value = self.text(key, MAX_NAME)
        if value and value not in allowed:
            self.fail(key, "bad_choice", given=value, allowed=", ".join(allowed))
            return None
        return value or None

    def flag(self, key: str) -> bool:
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, "not_boolean")
        return value is True

    def list_of(self, key: str, limit: int = MAX_ITEMS) -> list[Any]:
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(key, "not_list")
            return []
        if len(value) > limit:
            self.fail(key, "too_many", limit=limit)
            return []
        return value

    def texts(self, key: str, limit: int = MAX_ITEMS, length: int = MAX_LINE) -> tuple[str, ...]:
        """The texts of a list in their order, each once, without empty ones."""
        values = []
        for number, value in enumerate(self.list_of(key, limit)):
            name = f"{key}[{number}]"
            if value is None:
                self.fail(name, "not_text")
            else:
                values.append(self.text(name, length, value))
        return tuple(dict.fromkeys(value for value in values if value))

    def mapping(self, key: str, allowed: tuple[str, ...], value: Any = None) -> Mapping[str, Any]:
        value = self.data.get(key) if value is None else value
        if value is None:
            return {}
        if not isinstance(value, dict) or not set(value) <= set(allowed):
            self.fail(key, "not_mapping", allowed=", ".join(allowed))
            return {}
        return value

    def day(self, key: str) -> date | None:
        value = self.text(key, 20)
        if not value:
            return None
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fail(key, "bad_date")
        return None

    def url(self, key: str, value: Any = None) -> str | None:
        text = self.text(key, MAX_URL, value)
        try:
            check_url(text, key)
        except RuleBroken:
            self.fail(key, "bad_url")
            return None
        return text or None

    def period(self) -> tuple[str | None, str | None]:
        data = self.mapping("period", ("start", "end"))
        start, end = (self.text(f"period.{name}", 10, _figure(data.get(name))) or None for name in ("start", "end"))
        try:
            check_period(start, end)
        except RuleBroken as error:
            backwards = error.code == "bad_period"
            self.fail("period", "period_backwards" if backwards else "bad_period")
            return None, None
        return start, end

    def funding(self) -> tuple[str, int | None]:
        data = self.mapping("funding", ("funder", "euros"))
        funder = self.text("funding.funder", MAX_LINE, data.get("funder") or "")
        euros = data.get("euros")
        if euros is not None and (type(euros) not in (int, float) or not 0 <= euros <= MAX_EUROS or euros % 1):
            self.fail("funding.euros", "not_euros")
            euros = None
        return funder, None if euros is None else int(euros)

    def indicators(self) -> tuple[IndicatorContent, ...]:
        names = tuple(item.name for item in fields(IndicatorContent))
        rows = []
        for number, value in enumerate(self.list_of("indicators")):
            key = f"indicators[{number}]"
            data = self.mapping(key, names, value)
            # Figures may be given as numbers; they are kept as texts, since sources keep their qualifiers.
            texts = {name: self.text(f"{key}.{name}", MAX_LINE, _figure(data.get(name))) for name in names}
            if data and not texts["name"]:
                self.fail(f"{key}.name", "missing")
            if texts["basis"] and texts["basis"] not in set(Basis):
                self.fail(f"{key}.basis", "bad_choice", given=texts["basis"], allowed=", ".join(Basis))
            rows.append(IndicatorContent(**texts))
        return tuple(rows)

    def materials(self) -> tuple[MaterialContent, ...]:
        rows = []
        for number, value in enumerate(self.list_of("materials")):
            key = f"materials[{number}]"
            data = self.mapping(key, tuple(item.name for item in fields(MaterialContent)), value)
            url = self.url(f"{key}.url", data.get("url") or "")
            title = self.text(f"{key}.title", MAX_LINE, data.get("title") or "") or (url or "")[:MAX_LINE]
            if not title and not self.problems:
                self.fail(f"{key}.title", "missing")
            rows.append(MaterialContent(title, url or "", *self._about_material(key, data)))
        return tuple(rows)

    def _about_material(self, key: str, data: Mapping[str, Any]) -> tuple[str, str, str]:
        """Kind, date and licence."""
        kind = self.text(f"{key}.kind", MAX_NAME, data.get("kind") or "")
        if kind and kind not in set(MaterialKind):
            self.fail(f"{key}.kind", "bad_choice", given=kind, allowed=", ".join(MaterialKind))
        date = self.text(f"{key}.date", 10, _figure(data.get("date")))
        try:
            check_period(date, None)
        except RuleBroken:
            self.fail(f"{key}.date", "bad_period")
        return kind, date, self.text(f"{key}.licence", MAX_LICENCE, data.get("licence") or "")


def _figure(value: Any) -> Any:
    if value is None:
        return ""
    return str(value) if type(value) in (int, float) else value


def parse_line(text: str | bytes, ignore_unknown: bool = False) -> DeedLine:
    """One line of a file. Raises BadLine with every problem of it."""
    return read_deed(decode(text), ignore_unknown)


def decode(text: str | bytes) -> Any:
    """The JSON of one line. Raises BadLine."""
    if len(text) > MAX_LINE_BYTES:
        raise BadLine([Problem("line_too_long", values={"limit": MAX_LINE_BYTES})])
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except UnicodeDecodeError as error:
        raise BadLine([Problem("not_utf8")]) from error
    except BadLine:
        raise
    except (ValueError, RecursionError) as error:
        raise BadLine([Problem("not_json")]) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, value in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise BadLine([Problem("repeated_key", repeated[:MAX_NAME], {"key": repeated[:MAX_NAME]})])
    return data


def read_deed(data: Any, ignore_unknown: bool = False) -> DeedLine:
    """A decoded line, checked and cleaned. Raises BadLine with every problem of it."""
    if not isinstance(data, dict):
        raise BadLine([Problem("not_object")])
    reader = _Reader(data)
    if not ignore_unknown:
        for key in data:
            if key not in KEYS:
                reader.fail(key[:MAX_NAME], "unknown_key", allowed=", ".join(KEYS))
    line = DeedLine(
        title=reader.required("title", MAX_TITLE),
        summary=reader.required("summary", MAX_SUMMARY),
        organisation=reader.required("organisation", MAX_LINE),
        sector=reader.required("sector", MAX_LINE),
        external_id=reader.text("external_id", MAX_EXTERNAL_ID) or None,
        organisation_type=reader.choice("organisation_type", [str(kind) for kind in OrganisationKind]),
        municipality=reader.text("municipality", MAX_LINE) or None,
        region=reader.text("region", MAX_LINE) or None,
        unit=reader.text("unit", MAX_LINE),
        themes=reader.texts("themes", MAX_THEMES),
        customer_groups=reader.texts("customer_groups", MOST_TAGS["customer_groups"], MAX_NAME),
        benefits=reader.texts("benefits", MOST_TAGS["benefits"], MAX_NAME),
        professions=reader.texts("professions", MOST_TAGS["professions"], MAX_NAME),
        situations=reader.texts("situations", MOST_TAGS["situations"], MAX_NAME),
        methods=reader.texts("methods", MOST_TAGS["methods"], MAX_NAME),
        first_steps=reader.texts("first_steps", MAX_FIRST_STEPS, MAX_FIRST_STEP),
        published_on=reader.day("published_on"),
        language=reader.choice("language", LOCALES) or "fi",
        period=reader.period(),
        indicators=reader.indicators(),
        participants=reader.block("participants"),
        partners=reader.texts("partners"),
        team=reader.texts("team"),
        programme=reader.text("programme", MAX_LINE),
        strategy_goal=reader.text("strategy_goal", MAX_LINE),
        funding=reader.funding(),
        materials=reader.materials(),
        maturity=reader.choice("maturity", [str(maturity) for maturity in Maturity]),
        effort=reader.choice("effort", [str(effort) for effort in Effort]),
        cost=reader.choice("cost", [str(cost) for cost in Cost]),
        source_url=reader.url("source_url"),
        citation=reader.block("citation", MAX_NOTE),
        campaign=reader.text("campaign", MAX_NAME) or None,
        licence=reader.text("licence", MAX_LICENCE) or DEFAULT_LICENCE,
        is_short=reader.flag("is_short"),
        is_small=reader.flag("is_small"),
        icon=reader.text("icon", 50) or None,
        status=reader.choice("status", [str(status) for status in DeedStatus]),
        part_of=reader.text("part_of", MAX_EXTERNAL_ID) or None,
        variant_of=reader.text("variant_of", MAX_EXTERNAL_ID) or None,
        related=reader.texts("related"),
        co_organisations=reader.texts("co_organisations") if "co_organisations" in data else None,
        author=reader.text("author", MAX_LINE) or None,
        co_authors=reader.texts("co_authors") if "co_authors" in data else None,
        collections=reader.texts("collections"),
        editor_note=reader.block("editor_note", MAX_NOTE),
        **{name: reader.block(name) for name in MARKDOWN_FIELDS},
    )
    if reader.problems:
        raise BadLine(reader.problems)
    return line


def as_line(deed: Deed) -> dict[str, Any]:
    """A deed as one line of the format, in the order of the documentation, empty values left out.

    Touches organisation (with municipality and region), sector, themes, tags, indicators, materials, campaign, part_of,
    parent and co_organisations: load them in bulk when there are many.
    """
    line = as_record(deed)
    if deed.themes:
        # A theme of the vocabulary goes by its slug, one made by an import by its name, all there is of it.
        line["themes"] = [theme.slug if theme.meanings else theme.name for theme in deed.themes]
    if deed.co_organisations:
        line["co_organisations"] = [row.name for row in deed.co_organisations]
    return line


def dump_line(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False)


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def csv_cell(value: object) -> str:
    """A value that a spreadsheet shows as text: a formula gets an apostrophe in front."""
    text = "" if value is None else str(value)
    if text.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A table as Finnish spreadsheets open it: semicolons, CRLF, a byte order mark. Each row when it is asked for."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("\ufeff")
    for row in chain([header], rows):
        writer.writerow([csv_cell(value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def csv_rows(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    return "".join(csv_lines(header, rows))
