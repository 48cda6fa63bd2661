"""How well a search answers a list of judged queries: nDCG, recall, first answers, honest noes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tori.search.port import SearchEngine, SearchQuery

DEPTH = 10
NO_ANSWER = "none"


@dataclass(frozen=True)
class Judged:
    """A query and the worth (1 to 3) of each deed that answers it, by external id; none when nothing does."""

    kind: str
    locale: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """Figures of one query. For a query without an answer only `honest` tells something."""

    judged: Judged
    found: tuple[str, ...]
    ndcg: float
    recall: float
    reciprocal_rank: float
    honest: bool


@dataclass(frozen=True)
class KindReport:
    """Means over the queries of one kind."""

    kind: str
    queries: int
    ndcg: float
    recall: float
    mrr: float
    zero_rate: float
    honest: float


def read_judgements(path: Path) -> list[Judged]:
    """Lines of kind, locale, query and judgements divided by tabs; `external_id=grade` pairs divided by spaces."""
    judged = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, locale, text, pairs = [*line.split("\t"), ""][:4]
        grades = {key: int(grade) for key, _, grade in (pair.partition("=") for pair in pairs.split())}
        judged.append(Judged(kind, locale, text, grades))
    return judged


def evaluate(engine: SearchEngine, judged: Iterable[Judged], external_id: Callable[[int], str]) -> list[Outcome]:
    """Runs every query as a reader would, without filters, first page."""
    outcomes = []
    for item in judged:
        result = engine.search(SearchQuery(text=item.text, locale=item.locale, per_page=DEPTH))
        found = tuple(external_id(hit.id) for hit in result.hits)
        outcomes.append(_outcome(item, found, honest=all(hit.weak for hit in result.hits)))
    return outcomes


def _outcome(item: Judged, found: tuple[str, ...], *, honest: bool) -> Outcome:
    gains = [item.grades.get(key, 0) for key in found]
    best = sorted(item.grades.values(), reverse=True)
    ideal = _discounted(best[:DEPTH])
    first = next((rank for rank, gain in enumerate(gains, 1) if gain), 0)
    wanted = min(len(best), DEPTH)
    return Outcome(
        judged=item,
        found=found,
        ndcg=_discounted(gains) / ideal if ideal else float(honest),
        recall=sum(1 for gain in gains if gain) / wanted if wanted else 1.0,
        reciprocal_rank=1 / first if first else 0.0,
        honest=honest,
    )


def _discounted(gains: Sequence[int]) -> float:
    return sum((float(2**gain) - 1) / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def by_kind(outcomes: Sequence[Outcome]) -> list[KindReport]:
    """One row for each kind in order of appearance, and `all` for every query that has an answer."""
    kinds = list(dict.fromkeys(outcome.judged.kind for outcome in outcomes))
    rows = [_report(kind, [o for o in outcomes if o.judged.kind == kind]) for kind in kinds]
    answered = [o for o in outcomes if o.judged.kind != NO_ANSWER]
    return [*rows, _report("all", answered)] if answered else rows


def _report(kind: str, outcomes: Sequence[Outcome]) -> KindReport:
    count = len(outcomes)
    return KindReport(
        kind=kind,
        queries=count,
        ndcg=sum(o.ndcg for o in outcomes) / count,
        recall=sum(o.recall for o in outcomes) / count,
        mrr=sum(o.reciprocal_rank for o in outcomes) / count,
        zero_rate=sum(1 for o in outcomes if not o.found) / count,
        honest=sum(1 for o in outcomes if o.honest) / count,
    )


def floor_of(queries: Path, chain: str) -> dict[str, float]:
    """The recorded floor by kind for a file of queries and a chain of analysis; none for a file of one's own."""
    recorded = queries.with_name("floor.json")
    if not recorded.is_file():
        return {}
    floors: dict[str, dict[str, dict[str, float]]] = json.loads(recorded.read_text(encoding="utf-8"))
    return floors.get(queries.stem, {}).get(chain, {})


def below_floor(rows: Iterable[KindReport], floor: Mapping[str, float]) -> dict[str, float]:
    """nDCG@10 of the kinds (or `all`) that fell under their recorded floor."""
    return {row.kind: row.ndcg for row in rows if row.ndcg < floor.get(row.kind, 0.0)}


def table(rows: Iterable[KindReport]) -> str:
    """The rows as a Markdown table; for kind `none` the share of honest answers stands under nDCG."""
    lines = [
        "| kind | queries | nDCG@10 | recall@10 | MRR | no hits | only weak |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines.extend(
        f"| {r.kind} | {r.queries} | {r.ndcg:.3f} | {r.recall:.3f} | {r.mrr:.3f} | {r.zero_rate:.2f} | {r.honest:.2f} |"
        for r in rows
    )
    return "\n".join(lines)
