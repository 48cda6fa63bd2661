"""Every kind of notice has words of its own, the same on both pages that show notices."""

import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.config import ROOT
from tori.models.operations import Notification

KIND = re.compile(
    r"""Notification\(\s*user_id=[^,]+,\s*kind="(\w+)"|(?:notify|_notice)\([^()]*?"([a-z_]+)"|OLD_DRAFT = "(\w+)\""""
)
PAGES = ("/en/oma", "/en/oma/ilmoitukset")


def kinds() -> list[str]:
    found = set()
    for file in Path(ROOT, "tori").rglob("*.py"):
        for match in KIND.finditer(file.read_text(encoding="utf-8")):
            found |= {name for name in match.groups() if name}
    return sorted(found)


def test_the_kinds_are_found() -> None:
    assert {"adopted", "adoption_status", "variant", "thanks", "partner", "draft_old"} <= set(kinds())


@pytest.mark.parametrize("page", PAGES)
def test_each_kind_is_told_in_its_own_words_with_spaces_between(
    session: Session, make: Factory, browser: Browser, page: str
) -> None:
    user = make.user(organisation=make.organisation())
    deed = make.deed("Kirjaston aamu", author_id=user.id)
    session.add_all(Notification(user_id=user.id, kind=kind, deed_id=deed.id) for kind in kinds())
    session.commit()
    text = browser.sign_in(user).get(page).text
    assert text.count('class="notice-line"') == len(kinds())
    assert "News about your deed" not in text
    assert ":<a" not in text
    assert "</a><" not in text[text.index("notice-line") :].partition("</ul>")[0]
