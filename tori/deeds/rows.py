"""Form fields that hold several things: rows of a table and lines of a list. Rows are added without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import Field, TextAreaField

from tori.core.text import clean_line

MAX_ROWS = 30
EMPTY_ROWS = 1


@dataclass(frozen=True)
class Column:
    """A cell of every row. ``choices`` (value, label) make it a list to choose from."""

    name: str
    label: Any
    choices: Sequence[tuple[str, Any]] = ()
    type: str = "text"


class RowsField(Field):  # type: ignore[misc]
    """Rows of small texts, sent as ``<name>-<number>-<column>``. ``data`` is a list of dicts without empty rows."""

    def __init__(self, label: Any = None, columns: Sequence[Column] = (), **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.columns = list(columns)
        self.data: list[dict[str, str]] = []
        self.shown_rows = EMPTY_ROWS

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.raw_data = None
        rows = data if isinstance(data, list) else []
        if formdata is not None and any(key.startswith(f"{self.name}-") for key in formdata):
            rows = self._sent_rows(formdata)
        self.data = [row for row in rows if any(row.values())]

    def _sent_rows(self, formdata: Any) -> list[dict[str, str]]:
        numbers = set()
        for key in formdata:
            number = key.removeprefix(f"{self.name}-").partition("-")[0]
            if key.startswith(f"{self.name}-") and number.isascii() and number.isdigit() and len(number) < 4:
                numbers.add(int(number))
        # One more than allowed is read, so that too many are told and not cut in silence.
        return [
            {column.name: clean_line(formdata.get(f"{self.name}-{number}-{column.name}")) for column in self.columns}
            for number in sorted(numbers)[: MAX_ROWS + 1]
        ]

    @property
    def rows(self) -> list[dict[str, str]]:
        """What the page shows: the rows and empty ones to write into."""
        empty: dict[str, str] = {column.name: "" for column in self.columns}
        return [*self.data, *(dict(empty) for _ in range(self.shown_rows))]


class LinesField(TextAreaField):  # type: ignore[misc]
    """A list, one line each. ``data`` is a list of texts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            lines = (clean_line(line) for line in valuelist[0].replace("\r", "\n").split("\n"))
            self.data = [line for line in lines if line]

    def _value(self) -> str:
        return "\n".join(self.data or [])
