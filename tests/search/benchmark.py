"""Times the engine over made-up deeds: `python -m tests.search.benchmark 10000 [FOLDER]`. Not a test.

Deeds are mixed from sentences of the seed deeds and compounds made of their words, so that frequent words are frequent
and new words keep coming. CPU milliseconds, so that a busy machine matters less.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.search.seed import documents
from tori.search.port import DeedDocument, Filters, SearchQuery
from tori.search.whoosh_engine import WhooshEngine
from tori.search.words import words

SENTENCES, NEW_WORDS = 4, 60
FILTERS = Filters(languages=("fi",))


def _texts(deed: DeedDocument) -> tuple[str, ...]:
    return (deed.summary, deed.need, deed.goals, deed.implementation, deed.results)


def compounds(chance: random.Random, count: int) -> list[str]:
    pieces = sorted(
        {w for _, d in documents() for t in _texts(d) for w in words(t) if 4 <= len(w) <= 9 and w.isalpha()}
    )
    return [chance.choice(pieces) + chance.choice(pieces) for _ in range(count)]


def made_up(count: int, new_words: list[str]) -> Iterator[DeedDocument]:
    chance = random.Random(3)
    base = [deed for _, deed in documents()]
    sentences = [s for deed in base for text in _texts(deed) for s in text.split(". ") if s]
    cumulative, total = [], 0.0
    for rank in range(len(new_words)):
        total += 1 / (rank + 10)
        cumulative.append(total)
    for number in range(1, count + 1):
        own = " ".join(chance.choices(sentences, k=SENTENCES)).split()
        for word in chance.choices(new_words, cum_weights=cumulative, k=NEW_WORDS):
            own.insert(chance.randrange(len(own)), word)
        third = len(own) // 3
        yield replace(
            chance.choice(base),
            id=number,
            summary=" ".join(own[: third // 2]),
            need=" ".join(own[third // 2 : third]),
            goals="",
            implementation=" ".join(own[third : 2 * third]),
            results=" ".join(own[2 * third :]),
            published_at=datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=number),
            adoptions=chance.randrange(20),
        )


def timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def row(name: str, times: list[float]) -> None:
    times.sort()
    print(f"| {name} | {times[len(times) // 2]:.1f} | {times[int(len(times) * 0.95)]:.1f} |", flush=True)


def memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 2**20


def main(count: int, folder: Path) -> None:
    chance = random.Random(5)
    new_words = compounds(chance, 60_000)
    engine = WhooshEngine(folder)
    if not engine.status().documents:
        seconds = timed(lambda: engine.rebuild(made_up(count, new_words))) / 1000
        print(f"build: {seconds:.0f} CPU s", flush=True)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    engine = WhooshEngine(folder)
    print(f"{count} deeds, {size / 2**20:.0f} MB on disk\n\n| CPU ms | p50 | p95 |\n|---|---:|---:|")
    row("first page of everything, new process", [timed(lambda: engine.search(SearchQuery()))])
    row("getting ready for words, once", [timed(engine.warm)])
    row(
        "browsing with a filter",
        [timed(lambda: engine.search(SearchQuery(filters=FILTERS, page=3))) for _ in range(20)],
    )
    frequent = words(
        "työhyvinvointi henkilöstö palvelut koulu viestintä johtaminen osaaminen korona tiimi kokeilu digitalisaatio "
        "turvallisuus asiakas kotihoito strategia muutos"
    )
    kinds = {
        "one rare word": [chance.choice(new_words) for _ in range(40)],
        "one common word": frequent,
        "three words, one rare": [
            " ".join((*chance.sample(frequent, 2), chance.choice(new_words[:3000]))) for _ in range(60)
        ],
        "three common words": [" ".join(chance.sample(frequent, 3)) for _ in range(60)],
        "a misspelt word": [word[:3] + word[4:] for word in chance.sample(new_words, 40)],
    }
    for name, texts in kinds.items():
        row(f"{name}, facets", [timed(lambda text=text: engine.search(SearchQuery(text, FILTERS))) for text in texts])
    row("completion", [timed(lambda w=w: engine.suggest(w[:4])) for w in (*frequent, *new_words[:40])])
    row("related deeds", [timed(lambda: engine.related(chance.randrange(1, count))) for _ in range(20)])
    changed = [replace(deed, title="Muutettu teko") for deed in made_up(5, new_words)]
    row("commit of one deed (worker)", [timed(lambda deed=deed: engine.replace([deed], ())) for deed in changed])
    row("first search after a commit", [timed(lambda: engine.search(SearchQuery("koulu")))])
    print(f"\nmemory {memory()} MB, of which files mapped")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(int(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else scratch))
