"""Writing the index of PostgreSQL: deeds one by one inside a transaction, or a whole build beside the live one."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from tori.search.catalogue import Row
from tori.search.fields import Indexed
from tori.search.port import DeedDocument
from tori.search.postgresql_index import (
    FORM,
    LAST_PLACE,
    SHORT_WORD,
    Entry,
    entries_of,
    entry_of,
    forms_vector,
    near_key,
    packed,
    place_of,
    slips,
    strengths_by_term,
    text_array,
    unpacked,
)  # fmt: skip

Prepared = tuple[DeedDocument, Indexed]
PostingKey = tuple[str, str, int]
"""Word, mark and block."""

TAKE_OUT = """
    DELETE FROM tori_search.document WHERE build = %s AND deed_id = ANY(%s)
    RETURNING deed_id, terms, tsvector_to_array(forms)
"""
ADD_DOCUMENT = """
    INSERT INTO tori_search.document (build, deed_id, serial, columns, terms, forms, key_terms)
    VALUES (%s, %s, %s, %s, %s, %s::tsvector, %s)
"""
ADD_WORDS = """
    INSERT INTO tori_search.word AS known (build, word, mark, deeds, serial, bare, slips)
    SELECT %(build)s, word, mark, change, %(serial)s, bare, CASE WHEN length(bare) <= %(short)s THEN ARRAY(
        SELECT bare UNION SELECT overlay(bare PLACING '' FROM at FOR 1) FROM generate_series(1, length(bare)) AS at
    ) END
    FROM unnest(%(words)s::text[], %(marks)s::text[], %(changes)s::integer[], %(bare)s::text[])
        AS added (word, mark, change, bare)
    ON CONFLICT (build, word, mark) DO UPDATE SET deeds = known.deeds + excluded.deeds, serial = excluded.serial
"""
READ_POSTINGS = """
    SELECT word, mark, block, entries FROM tori_search.posting
    JOIN unnest(%s::text[], %s::text[], %s::integer[]) AS wanted (word, mark, block) USING (word, mark, block)
    WHERE build = %s
"""
KEEP_POSTINGS = """
    INSERT INTO tori_search.posting (build, word, mark, block, entries)
    SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::integer[], %s::bytea[])
    ON CONFLICT (build, word, mark, block) DO UPDATE SET entries = excluded.entries
"""
DROP_POSTINGS = """
    DELETE FROM tori_search.posting AS old
    USING unnest(%s::text[], %s::text[], %s::integer[]) AS gone (word, mark, block)
    WHERE old.build = %s AND (old.word, old.mark, old.block) = (gone.word, gone.mark, gone.block)
"""


def values_of(prepared: Prepared) -> tuple[Any, ...]:
    """The columns of a row after build, id and serial."""
    deed, words = prepared
    return (
        json.dumps(Row.of(deed, 0).values(), ensure_ascii=False),
        text_array(term for term, weight in words.weights.items() if weight > 0),
        forms_vector(words.forms),
        text_array(words.key_terms),
    )


def _entries(prepared: Prepared) -> set[Entry]:
    words = prepared[1]
    terms = (term for term, weight in words.weights.items() if weight > 0)
    return set(entries_of(terms, (form for at, form in words.forms if at < LAST_PLACE)))


@dataclass
class Change:
    """What replacing some deeds changes in words and postings. ``postings``: strength by place, None to take out."""

    words: Counter[Entry] = field(default_factory=Counter)
    postings: dict[PostingKey, dict[int, int | None]] = field(default_factory=dict)

    def without(self, deed_id: int, terms: Iterable[str], forms: Iterable[str]) -> None:
        terms = list(terms)
        self.words.subtract(set(entries_of(terms, forms)))
        self._put(deed_id, dict.fromkeys(terms))

    def with_(self, prepared: Prepared) -> None:
        self.words.update(_entries(prepared))
        self._put(prepared[0].id, strengths_by_term(prepared[1]))

    def _put(self, deed_id: int, strengths: Mapping[str, int | None]) -> None:
        block, place = place_of(deed_id)
        for term, strength in strengths.items():
            self.postings.setdefault((*entry_of(term), block), {})[place] = strength


def write(connection: Connection, build: int, serial: int, deeds: Iterable[Prepared], gone: set[int]) -> None:
    """Puts deeds in the place of what the build has of them, and takes out those that are gone."""
    deeds = list(deeds)
    touched = sorted(gone.union(deed.id for deed, _ in deeds))
    change = Change()
    for deed_id, terms, forms in connection.exec_driver_sql(TAKE_OUT, (build, touched)):
        change.without(deed_id, terms or (), forms or ())
    rows: list[tuple[Any, ...]] = [(build, deed_id, serial, None, None, None, None) for deed_id in sorted(gone)]
    for prepared in deeds:
        change.with_(prepared)
        rows.append((build, prepared[0].id, serial, *values_of(prepared)))
    if rows:
        connection.exec_driver_sql(ADD_DOCUMENT, rows)
    _write_words(connection, build, serial, change.words)
    _write_postings(connection, build, change.postings)


def _write_words(connection: Connection, build: int, serial: int, words: Mapping[Entry, int]) -> None:
    changed = [(word, mark, change) for (word, mark), change in sorted(words.items()) if change]
    if not changed:
        return
    values = {
        "build": build,
        "serial": serial,
        "short": SHORT_WORD,
        "words": [word for word, _, _ in changed],
        "marks": [mark for _, mark, _ in changed],
        "changes": [change for _, _, change in changed],
        "bare": [near_key(word, mark) for word, mark, _ in changed],
    }
    connection.exec_driver_sql(ADD_WORDS, values)


def _columns(keys: Iterable[PostingKey]) -> tuple[list[str], list[str], list[int]]:
    keys = list(keys)
    return [word for word, _, _ in keys], [mark for _, mark, _ in keys], [block for _, _, block in keys]


def _write_postings(connection: Connection, build: int, changes: Mapping[PostingKey, Mapping[int, int | None]]) -> None:
    keys = sorted(changes)
    known = {
        (word, mark, block): dict(zip(*(column.tolist() for column in unpacked(entries)), strict=True))
        for word, mark, block, entries in connection.exec_driver_sql(READ_POSTINGS, (*_columns(keys), build))
    }
    kept: dict[PostingKey, bytes] = {}
    dropped: list[PostingKey] = []
    for key in keys:
        before = known.get(key, {})
        after = {**before, **changes[key]}
        left = {place: strength for place, strength in sorted(after.items()) if strength is not None}
        if left and left != before:
            kept[key] = packed(left, left.values())
        elif before and not left:
            dropped.append(key)
    if kept:
        connection.exec_driver_sql(KEEP_POSTINGS, (build, *_columns(kept), list(kept.values())))
    if dropped:
        connection.exec_driver_sql(DROP_POSTINGS, (*_columns(dropped), build))


def write_build(connection: Connection, build: int, serial: int, deeds: Iterable[Prepared]) -> int:
    """Fills an empty build; quickest when the deeds come in the order of their ids."""
    words: Counter[Entry] = Counter()
    seen: set[int] = set()
    blocks: set[int] = set()
    late: dict[int, Prepared] = {}
    for block, several in groupby(deeds, key=lambda prepared: place_of(prepared[0].id)[0]):
        if block in blocks:
            late.update((prepared[0].id, prepared) for prepared in several)
            continue
        blocks.add(block)
        found = list({prepared[0].id: prepared for prepared in several}.values())
        seen.update(prepared[0].id for prepared in found)
        _copy_block(connection, build, serial, found, words)
    _copy_words(connection, build, serial, words)
    if late:
        write(connection, build, serial, late.values(), set())
    return len(seen | late.keys())


def _copy_block(connection: Connection, build: int, serial: int, deeds: list[Prepared], words: Counter[Entry]) -> None:
    """A block is new, so its postings are gathered in the order of places and written once."""
    block = place_of(deeds[0][0].id)[0]
    gathered: dict[str, tuple[array[int], bytearray]] = {}
    forms: Counter[str] = Counter()
    cursor: Any = connection.connection.cursor()
    statement = "COPY tori_search.document (build, deed_id, serial, columns, terms, forms, key_terms) FROM STDIN"
    with cursor.copy(statement) as copy:
        for prepared in sorted(deeds, key=lambda one: one[0].id):
            deed, found = prepared
            place = place_of(deed.id)[1]
            for term, strength in strengths_by_term(found).items():
                known = gathered.get(term)
                if known is None:
                    known = gathered[term] = array("H"), bytearray()
                known[0].append(place)
                known[1].append(strength)
            forms.update({form for at, form in found.forms if at < LAST_PLACE})
            copy.write_row((build, deed.id, serial, *values_of(prepared)))
    with cursor.copy("COPY tori_search.posting (build, word, mark, block, entries) FROM STDIN") as copy:
        for term, (places, strengths) in gathered.items():
            entry = entry_of(term)
            words[entry] += len(places)
            copy.write_row((build, *entry, block, packed(places, strengths)))
    words.update({(form, FORM): count for form, count in forms.items()})


def _copy_words(connection: Connection, build: int, serial: int, words: Mapping[Entry, int]) -> None:
    cursor: Any = connection.connection.cursor()
    statement = "COPY tori_search.word (build, word, mark, deeds, serial, bare, slips) FROM STDIN"
    with cursor.copy(statement) as copy:
        for (word, mark), deeds in words.items():
            bare = near_key(word, mark)
            gaps = slips(bare) if bare is not None and len(bare) <= SHORT_WORD else None
            copy.write_row((build, word, mark, deeds, serial, bare, gaps))
