"""Reads the tables of a page: caption -> rows of the body as texts."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.caption = ""
        self.inside = ""
        self.in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.caption = ""
        elif tag == "caption":
            self.inside = "caption"
        elif tag == "tbody":
            self.in_body = True
            self.tables.setdefault(self.caption.strip(), [])
        elif tag == "tr" and self.in_body:
            self.tables[self.caption.strip()].append([])
        elif tag in ("td", "th") and self.in_body:
            self.tables[self.caption.strip()][-1].append("")
            self.inside = "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self.in_body = False
        if tag in ("caption", "td", "th"):
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "caption":
            self.caption += data
        elif self.inside == "cell":
            self.tables[self.caption.strip()][-1][-1] += data


def tables_of(page: str) -> dict[str, list[list[str]]]:
    reader = _Reader()
    reader.feed(page)
    return {
        caption: [[" ".join(cell.split()) for cell in row] for row in rows] for caption, rows in reader.tables.items()
    }
