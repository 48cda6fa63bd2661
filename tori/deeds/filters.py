"""The address of a list of deeds: parsed once, for the page, the feed, the table and the interface."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from tori.core.paging import parse_page
from tori.core.text import clean_line
from tori.search.port import Filters, SearchQuery, Sort

MAX_QUERY = 200
MAX_VALUES = 30
FACET_PARAMETERS = {
    "toimiala": "sectors",
    "teema": "themes",
    "asiakasryhma": "customers",
    "ammatti": "professions",
    "hyoty": "benefits",
    "tilanne": "situations",
    "menetelma": "methods",
    "organisaatio": "organisations",
    "maakunta": "regions",
    "vuosi": "years",
    "kieli": "languages",
    "vaihe": "maturities",
    "laajuus": "efforts",
    "koko": "sizes",
}
"""Parameter of the address -> field of ``Filters``."""
FACET_OF = {
    "toimiala": "sector",
    "teema": "theme",
    "asiakasryhma": "customers",
    "ammatti": "profession",
    "hyoty": "benefit",
    "tilanne": "situation",
    "menetelma": "method",
    "organisaatio": "organisation",
    "maakunta": "region",
    "vuosi": "year",
    "kieli": "language",
    "vaihe": "maturity",
    "laajuus": "effort",
    "koko": "size",
}
"""Parameter of the address -> facet of the search port."""
PER_PAGE = 20
SORTS = frozenset(Sort)


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters as an address has them."""
    return "&".join([_encoded(name, value) for name, value in pairs])


@lru_cache(1000)
def _encoded(name: str, value: str) -> str:
    # A page writes the same ones several times, and lists share them.
    return urlencode(((name, value),))


@dataclass(frozen=True)
class DeedFilter:
    """What a reader chose. Odd values of an address are left out, never an error."""

    text: str = ""
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort | None = None
    page: int = 1
    verbatim: bool = False

    @classmethod
    def parse(cls, args: MultiDict[str, str]) -> "DeedFilter":
        values = {}
        # Asking a MultiDict for what it has not raises and catches an error.
        first = args.to_dict()
        for name in FACET_PARAMETERS:
            if name not in first:
                continue
            chosen = tuple(dict.fromkeys(clean_line(value)[:100] for value in args.getlist(name)[:MAX_VALUES] if value))
            if name == "vuosi":
                chosen = tuple(value for value in chosen if value.isascii() and value.isdigit() and len(value) == 4)
            if chosen:
                values[name] = chosen
        sort = first.get("jarjestys", "")
        return cls(
            text=clean_line(first.get("q", ""))[:MAX_QUERY],
            values=values,
            sort=Sort(sort) if sort in SORTS else None,
            page=parse_page(first.get("sivu")),
            verbatim=first.get("sanatarkka") == "1",
        )

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.values

    def as_query(self, locale: str, per_page: int = PER_PAGE) -> SearchQuery:
        chosen: dict[str, Any] = {FACET_PARAMETERS[name]: values for name, values in self.values.items()}
        if "years" in chosen:
            chosen["years"] = tuple(int(year) for year in chosen["years"])
        return SearchQuery(
            text=self.text, filters=Filters(**chosen), sort=self.sort, page=self.page, per_page=per_page,
            locale=locale, verbatim=self.verbatim,
        )  # fmt: skip

    def parameters(self, **changes: Any) -> list[tuple[str, str]]:
        """The address's parameters, in one fixed order, after changes to ``page``, ``sort`` or ``text``."""
        is_other = any(getattr(self, name) != value for name, value in changes.items())
        chosen = replace(self, **changes) if is_other else self
        pairs = [("q", chosen.text)] if chosen.text else []
        if chosen.values:
            pairs += [(name, value) for name in FACET_PARAMETERS for value in chosen.values.get(name, ())]
        if chosen.sort:
            pairs.append(("jarjestys", chosen.sort.value))
        if chosen.verbatim:
            pairs.append(("sanatarkka", "1"))
        if chosen.page > 1:
            pairs.append(("sivu", str(chosen.page)))
        return pairs

    @cached_property
    def query(self) -> str:
        """The list from its first page, as every address of it begins and as a search is saved."""
        return encoded(self.parameters(page=1))

    def url(self, base: str, **changes: Any) -> str:
        return _joined(base, self.parameters(**changes))

    def first_url(self, base: str) -> str:
        """Of the first page."""
        return f"{base}?{self.query}" if self.query else base

    def feed_url(self, base: str) -> str:
        """A feed has its own order."""
        return self.url(base, page=1, sort=None) if self.sort else self.first_url(base)

    def url_without(self, base: str, name: str, value: str) -> str:
        """The first page of the list without one of the values."""
        return _joined(base, [pair for pair in self.parameters(page=1) if pair != (name, value)])

    def page_url(self, base: str) -> Callable[[int], str]:
        first = self.first_url(base)
        # The number of the page stands last.
        start = f"{first}{'&' if self.query else '?'}sivu="
        return lambda number: f"{start}{number}" if number > 1 else first


def _joined(base: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = encoded(pairs)
    return f"{base}?{query}" if query else base
