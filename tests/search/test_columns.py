"""Texts in one piece of memory against a plain dictionary."""

from hypothesis import given
from hypothesis import strategies as st

from tori.search import columns
from tori.search.columns import TextColumn

changes = st.lists(st.dictionaries(st.integers(0, 9), st.text(max_size=12), max_size=4), max_size=12)


@given(changes)
def test_a_column_of_texts_holds_what_was_put_in_last(changed: list[dict[int, str]]) -> None:
    column, expected = TextColumn(), list[str]()
    for texts in changed:
        # Positions that are new follow on the last one.
        known = {at: text for at, text in texts.items() if at < len(expected)}
        new = dict(enumerate((text for at, text in texts.items() if at >= len(expected)), len(expected)))
        before = [column[at] for at in range(len(column))]
        updated = column.updated({**known, **new})
        assert [column[at] for at in range(len(column))] == before
        column = updated
        for at, text in known.items():
            expected[at] = text
        expected.extend(new.values())
    assert [column[at].decode("utf-8", "surrogatepass") for at in range(len(column))] == expected


def test_texts_that_are_no_longer_there_do_not_stay_for_ever() -> None:
    column = TextColumn()
    for turn in range(200):
        column = column.updated({0: f"{turn} " + "a" * 1000})
    assert column[0].startswith(b"199 a")
    assert len(column._packed) < 2 * 1004 + columns.WASTE + 1004
