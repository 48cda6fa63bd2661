"""What every template can use: numbers and dates by locale, hashed asset addresses, the languages of the page."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from babel import dates, numbers
from flask import (
    Flask,
    current_app,
    g,
    get_flashed_messages,
    has_app_context,
    has_request_context,
    request,
    session,
    url_for,
)
from flask_babel import get_translations
from jinja2 import Template, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from tori.config import Config
from tori.core import clock, text
from tori.edge.compiled_templates import CompiledTemplates
from tori.edge.page_cache import FILE_KEY, only_once
from tori.i18n import DEFAULT_LOCALE, ENVIRON_KEY, LANGUAGE_NAMES, LOCALES, prefix_of

HASH_LENGTH = 12
TAGLINES = {
    "fi": "Kuntatyön parhaat teot kiertoon",
    "sv": "Kommunernas bästa idéer i omlopp",
    "en": "Good municipal work, passed on",
}


def locale_code() -> str:
    """``fi``, ``sv`` or ``en``: of the request, or of ``force_locale`` outside one."""
    # Asked for hundreds of times in a page, so past the proxies of Flask-Babel, which would choose no other.
    state = getattr(g._get_current_object(), "_flask_babel", None) if has_app_context() else None
    locale = getattr(state, "babel_locale", None)
    return str(locale.language) if locale else request_locale()


@pass_eval_context
def translated(evaluation: EvalContext, message: str, **values: Any) -> str:
    """The ``_()`` of templates: as that of Jinja, at a third of its cost, since a page has dozens of texts."""
    found: str = _catalogue().ugettext(message)
    if evaluation.autoescape:
        # As Jinja does it: the texts are our own, what stands in them is escaped.
        found = Markup(found)  # noqa: S704
    return found % values if values or "%" in found else found


@pass_eval_context
def translated_number(evaluation: EvalContext, one: str, many: str, count: int, /, **values: Any) -> str:
    """The ``ngettext()`` of templates, in the same way; ``num`` may be given as it is to be written."""
    found: str = _catalogue().ungettext(one, many, count)
    if evaluation.autoescape:
        found = Markup(found)  # noqa: S704
    return found % {"num": count, **values}


def _catalogue() -> Any:
    code = locale_code()
    catalogue = _catalogues.get(code)
    if catalogue is None:
        catalogue = _catalogues[code] = get_translations()
    return catalogue


_catalogues: dict[str, Any] = {}


def request_locale() -> str:
    if not has_request_context():
        return DEFAULT_LOCALE
    # Each attribute of the proxy itself would look for the request again.
    environ = request._get_current_object().environ  # type: ignore[attr-defined]
    return str(environ.get(ENVIRON_KEY, DEFAULT_LOCALE))


def number(value: float | int | None, digits: int | None = None) -> str:
    if value is None:
        return "–"
    return written(value, locale_code(), digits)


def written(value: float | int, locale: str, digits: int | None = None) -> str:
    # Babel takes fifty times as long, and there are a hundred counts in a page.
    if type(value) is int and value >= 0 and digits is None:
        return str(value) if value < 1000 else f"{value:,}".replace(",", _between_thousands(locale))
    return _written(value, locale, digits)


@cache
def _between_thousands(locale: str) -> str:
    return _written(1000, locale, None)[1:-3]


@lru_cache(2000)
def _written(value: float | int, locale: str, digits: int | None) -> str:
    pattern = None if digits is None else "#,##0." + "0" * digits if digits else "#,##0"
    return str(numbers.format_decimal(value, format=pattern, locale=locale))


def long_date(value: date | datetime | None) -> str:
    """``18. marraskuuta 2026``, by Finnish time."""
    return "" if value is None else str(dates.format_date(_day(value), "long", locale=locale_code()))


def short_date(value: date | datetime | None) -> str:
    """``18.11.2026`` in Finnish and Swedish of Finland."""
    return "" if value is None else _short(_day(value), locale_code())


@lru_cache(2000)
def _short(day: date, locale: str) -> str:
    return str(dates.format_date(day, "d MMM yyyy" if locale == "en" else "d.M.yyyy", locale=locale))


def date_time(value: datetime | None) -> str:
    if value is None:
        return ""
    moment = clock.in_finland(value)
    return f"{short_date(moment)} {moment:%H.%M}"


def month_name(value: date | datetime) -> str:
    return str(dates.format_date(_day(value), "LLLL", locale=locale_code()))


def period(value: str | None) -> str:
    """A year, a month or a day of a deed's period, as much as is known."""
    parts = [int(part) for part in (value or "").split("-") if part.isdigit()]
    if len(parts) == 3:
        return short_date(date(parts[0], parts[1], parts[2]))
    if len(parts) == 2:
        return f"{parts[1]}/{parts[0]}"
    return value or ""


def _day(value: date | datetime) -> date:
    return clock.in_finland(value).date() if isinstance(value, datetime) else value


class OwnTemplate(Template):
    """Its macros are the same for every page that imports them, since pages have no globals of their own here.

    Jinja compares the globals of both at every import, which costs as much as a row of results.
    """

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        return super()._get_default_module(None)


def asset_url(folder: Path) -> Callable[[str], str]:
    @cache
    def asset(name: str) -> str:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:HASH_LENGTH]
        return f"/static/{name}?v={digest}"

    return asset


def form_number() -> str:
    """By which the same form sent twice is known. A page with one is made for one reader."""
    only_once()
    return uuid4().hex


def mail_link(title: str, address: str) -> str:
    """Opens the reader's own mail program with a subject and a link."""
    return f"mailto:?subject={quote(title)}&body={quote(address)}"


def address_in(locale: str) -> str:
    """This page's address in another language."""
    known = g.get("shown_arguments")
    query = request.query_string.decode("ascii", "ignore") if known is None else urlencode(known)
    return prefix_of(locale) + _readable_path() + (f"?{query}" if query else "")


def _readable_path() -> str:
    """This address; for a refused form that was sent elsewhere than where it stands, the nearest page above it."""
    path = request.path
    if request.url_rule is None or "GET" in (request.url_rule.methods or ()):
        return path
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    while path and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def alternates() -> list[dict[str, Any]]:
    current = request_locale()
    return [
        {"locale": code, "name": LANGUAGE_NAMES[code], "url": address_in(code), "current": code == current}
        for code in LOCALES
    ]


def init_templating(app: Flask, config: Config) -> None:
    asset = asset_url(Path(app.static_folder or ""))
    app.jinja_env.template_class = OwnTemplate
    app.jinja_env.bytecode_cache = CompiledTemplates(app.jinja_env)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters.update(
        number=number, date=long_date, date_short=short_date, date_time=date_time, month_name=month_name,
        period=period, markdown=text.render_markdown, excerpt=text.excerpt, plain=text.plain_text,
        paragraphs=text.paragraphs, stored_html=text.stored_html,
    )  # fmt: skip
    app.jinja_env.globals.update(
        asset=asset, icon_href=lambda name: f"{asset('icons.svg')}#{name}", demo=config.demo, today=clock.today,
        form_number=form_number, mail_link=mail_link, _=translated, ngettext=translated_number,
    )  # fmt: skip

    def site() -> dict[str, str]:
        code = locale_code()
        return {"name": config.site_names[code], "tagline": TAGLINES[code], "contact": config.contact_email}

    @app.context_processor
    def page_variables() -> dict[str, Any]:
        if not request:
            return {"site": site(), "locale": locale_code()}
        return {
            "site": site(),
            "locale": request_locale(),
            "alternates": alternates(),
            "public_url": config.public_url,
            "canonical_url": config.public_url + prefix_of(request_locale()) + request.path,
            "notices": get_flashed_messages(with_categories=True) if "_flashes" in session else [],
        }

    @app.after_request
    def cache_static(response: Any) -> Any:
        if request.endpoint == "static" and request.args.get("v"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            request.environ[FILE_KEY] = Path(app.static_folder or "", (request.view_args or {})["filename"])
        return response


def public_link(config: Config, endpoint: str, locale: str = DEFAULT_LOCALE, **values: Any) -> str:
    """A full address for mails and feeds, always of BASE_URL, never of the request's host."""
    if not has_request_context():
        # A job of the worker: there is no request to take the form of the address from.
        with current_app.test_request_context(base_url=config.public_url):
            return public_link(config, endpoint, locale, **values)
    with_root = url_for(endpoint, **values)
    root = request.script_root if request else ""
    path = with_root[len(root) :] if root and with_root.startswith(root) else with_root
    return config.public_url + prefix_of(locale) + path
