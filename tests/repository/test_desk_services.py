"""Every verb of the desk asks the policy and leaves a row in the audit log."""

import ast
from collections.abc import Iterator

import pytest

from tests.repository.test_architecture import ROOT

MODULES = (
    "tori/curation/lists.py", "tori/curation/vocabulary.py", "tori/curation/tags.py", "tori/curation/arrangement.py",
    "tori/curation/pages.py", "tori/curation/writing_stories.py", "tori/curation/story_pictures.py",
    "tori/curation/meetings.py",
    "tori/moderation/reports.py", "tori/moderation/accounts.py", "tori/moderation/claims.py",
    "tori/organisations/register.py", "tori/organisations/service.py", "tori/adoptions/merging.py",
    "tori/adoptions/dissolving.py", "tori/digest/newsletter.py", "tori/moderation/answers.py",
)  # fmt: skip
READING = {
    ("tori/moderation/accounts.py", "account"),
    ("tori/curation/meetings.py", "meeting_of"),
    ("tori/curation/meetings.py", "drafts"),
}
"""Functions that ask for the right and only read."""


def functions(name: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def verbs() -> Iterator[tuple[str, str]]:
    """Public functions that take a session and an actor."""
    for module in MODULES:
        for name, node in functions(module).items():
            taken = [argument.arg for argument in node.args.args[:2]]
            if not name.startswith("_") and taken == ["session", "actor"] and (module, name) not in READING:
                yield module, name


def called(module: str, name: str) -> set[str]:
    """Names called by a function, and by those functions of its own module that it calls."""
    known = functions(module)
    found: set[str] = set()
    waiting = [name]
    while waiting:
        node = known[waiting.pop()]
        for call in ast.walk(node):
            if isinstance(call, ast.Call):
                target = call.func
                word = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
                if word not in found:
                    found.add(word)
                    if isinstance(target, ast.Name) and word in known:
                        waiting.append(word)
    return found


VERBS = sorted(verbs())


def test_the_verbs_are_found() -> None:
    assert len(VERBS) > 50


@pytest.mark.parametrize(("module", "name"), VERBS, ids=lambda value: value.rpartition("/")[2])
def test_a_verb_of_the_desk_asks_and_records(module: str, name: str) -> None:
    words = called(module, name)
    assert "require" in words, "nobody asks whether the actor may"
    assert "record" in words, "nothing is left in the log"
