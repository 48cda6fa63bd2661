"""Forms as a browser would send them."""

from html.parser import HTMLParser

from tests.conftest import Browser

Fields = dict[str, list[str]]


class Forms(HTMLParser):
    """What a browser would send of each form of a page, without its buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Fields] = []
        self._name = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        name, value = values.get("name") or "", values.get("value") or ""
        if tag == "form":
            self.found.append({})
        elif tag == "select":
            self._select = name
        elif tag == "textarea" and self.found:
            self._name = name
            self._add(name, "")
        elif tag == "option" and self._select and "selected" in values:
            self._add(self._select, value)
        elif tag == "input" and name and self.found and _is_sent(values):
            self._add(name, value)

    def handle_data(self, data: str) -> None:
        if self._name:
            self.found[-1][self._name][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._name:
            # The first line break after the tag is no part of the text.
            texts = self.found[-1][self._name]
            texts[-1] = texts[-1].removeprefix("\r\n").removeprefix("\n")
            self._name = ""
        elif tag == "select":
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        self.found[-1].setdefault(name, []).append(value)


def _is_sent(values: dict[str, str | None]) -> bool:
    kind = values.get("type")
    return "checked" in values if kind in ("checkbox", "radio") else kind != "file"


def filled(page: str) -> Fields:
    """The form of a page that carries a mark of what it was filled from."""
    return next(form for form in Forms(page).found if any(name.endswith("seen") for name in form))


def on(browser: Browser, path: str) -> Fields:
    return filled(browser.get(path).text)


def told(page: str) -> str:
    """What a page says to be saved meanwhile."""
    return page.partition('id="saved-meanwhile"')[2].partition("</section>")[0]
