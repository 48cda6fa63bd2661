"""Z16: every address, every method, every role. What the permission table says is what happens, and no more."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.conftest import Browser
from tests.factories import Factory
from tori.edge import limits
from tori.edge.access import OBJECT, PUBLIC, SAFE_METHODS
from tori.models.base import Base
from tori.models.deeds import Comment, DeedStatus
from tori.models.people import Role
from tori.models.wishes import PartnerCall, Wish
from tori.policy import Permission

VISITOR, MEMBER, STEWARD, MANAGER, EDITOR, ADMIN = "visitor", "member", "steward", "manager", "editor", "admin"
ROLES = (VISITOR, MEMBER, STEWARD, MANAGER, EDITOR, ADMIN)
SIGNED_IN = {MEMBER, STEWARD, MANAGER, EDITOR, ADMIN}

WHO: dict[Permission, set[str]] = {
    Permission.ACCOUNT_OWN: SIGNED_IN,
    Permission.FOLLOW: SIGNED_IN,
    Permission.WISH_WRITE: SIGNED_IN,
    Permission.DESK_OPEN: {MANAGER, EDITOR, ADMIN},
    Permission.CAMPAIGN_MANAGE: {MANAGER, ADMIN},
    Permission.CURATE: {EDITOR, ADMIN},
    Permission.MODERATE: {EDITOR, ADMIN},
    Permission.DEED_IMPORT: {EDITOR, ADMIN},
    Permission.DEED_REVIEW: {EDITOR, ADMIN},
    Permission.ORGANISATION_REGISTER: {EDITOR, ADMIN},
    Permission.ORGANISATION_MERGE: {ADMIN},
    Permission.LEAD_MANAGE: {MANAGER, EDITOR, ADMIN},
    Permission.PLAN_MANAGE: {MANAGER, EDITOR, ADMIN},
    Permission.MAIL_RESEND: {ADMIN},
    Permission.USER_MANAGE: {ADMIN},
    Permission.MAIL_READ: {ADMIN},
    Permission.AUDIT_READ: {ADMIN},
}
"""Permission that a route asks for before it loads anything -> who has it. By hand, not read from the policy."""

FORMS_OF_VISITORS = {
    "accounts.sign_in", "accounts.sign_out", "accounts.register", "accounts.confirm", "accounts.forgot_password",
    "accounts.reset_password", "accounts.confirm_email", "accounts.invitation", "accounts.ask_for_link",
    "accounts.enter_code", "accounts.sign_in_by_link", "pages.contact", "digest.subscribe", "digest.confirm",
    "digest.preferences", "digest.unsubscribe", "adoptions.answer", "adoptions.stop", "deeds.clicked", "trials.used",
    "deeds.keep_visitors_text", "deeds.freshness", "deeds.new", "deeds.autosave_new",
    "survey.survey_page", "survey.poll", "survey.letter_opinion", "accounts.sign_in_by_passkey",
}  # fmt: skip
"""Reviewed: what somebody without an account may send. The link or the limits of the form are what guards it."""

LEAVES_ONLY_A_LINE = {"desk.export_log"}
"""Reviewed: sent as a form so that no link sets it off, and it changes nothing but the log that tells of it."""
ENDS_THE_SESSION = {"accounts.sign_out"}
DRAFT_TITLE = "Salamyhkäinen luonnos"


class World:
    """A draft, a comment, a wish and a call of one municipality, and people of others."""

    def __init__(self, app: Flask, session: Session, make: Factory) -> None:
        self.session = session
        owner = make.organisation("Omistajan kunta")
        author = make.user(organisation=owner)
        self.draft = make.deed(DRAFT_TITLE, status=DeedStatus.DRAFT, organisation_id=owner.id, author_id=author.id)
        self.public = make.deed("Julkinen teko", organisation_id=owner.id, author_id=author.id)
        self.comment = Comment(deed_id=self.draft.id, author_id=author.id, body="Salaista", html="<p>Salaista</p>")
        wish = Wish(title="Toive", slug="toive", body="", html="", language="fi", author_id=author.id,
                    organisation_id=owner.id)  # fmt: skip
        session.add_all([self.comment, wish])
        session.flush()
        call = PartnerCall(deed_id=self.draft.id, author_id=author.id, organisation_id=owner.id, purpose="x",
                           offer="", until=limits.clock.today() + timedelta(days=30))  # fmt: skip
        session.add(call)
        session.commit()
        self.values: dict[str, Any] = {
            "deed_id": self.draft.id, "comment_id": self.comment.id, "wish_id": wish.id, "call_id": call.id,
            "slug": "omistajan-kunta", "kind": "organisation", "target_id": owner.id, "user_id": author.id,
            "part": "results", "width": "480", "filename": "logo.svg", "token": "x" * 43, "key": "x" * 43,
            "answer": "kylla", "name": "teot", "series_slug": "x", "organisation_id": owner.id, "provider": "x",
        }  # fmt: skip
        other = make.organisation("Vieras kunta")
        people = {
            MEMBER: make.user(organisation=other),
            STEWARD: make.user(organisation=other, steward=True),
            MANAGER: make.user(role=Role.CAMPAIGN_MANAGER, organisation=other),
            EDITOR: make.user(role=Role.EDITOR),
            ADMIN: make.user(role=Role.ADMIN),
        }
        self.browsers = {VISITOR: Browser(app)} | {
            role: Browser(app).sign_in(person) for role, person in people.items()
        }
        self.tokens = {role: browser.token() for role, browser in self.browsers.items()}

    def address(self, rule: Rule) -> str:
        def part(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            return str(self.values.get(name, 99_999 if ":" in found[1] else "x"))

        return re.sub(r"<([^>]+)>", part, rule.rule)

    def send(self, role: str, method: str, path: str) -> Any:
        data = {"csrf_token": self.tokens[role]} if method not in SAFE_METHODS else None
        answer = self.browsers[role].client.open(path, method=method, data=data)
        answer.get_data()
        answer.close()
        return answer


@pytest.fixture
def world(app: Flask, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(limits, "LIMITS", {name: (10**6, length) for name, (_, length) in limits.LIMITS.items()})
    return World(app, session, make)


def rules(app: Flask) -> Iterator[tuple[Rule, Any]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static" and rule.endpoint not in ENDS_THE_SESSION and rule.endpoint[:7] != "gallery":
            yield rule, getattr(app.view_functions[rule.endpoint], "access", None)


def writing_methods(rule: Rule) -> set[str]:
    return set(rule.methods or ()) - set(SAFE_METHODS)


def test_z16_every_view_says_who_may_open_it(app: Flask) -> None:
    known = {PUBLIC, OBJECT, *WHO}
    assert [rule.endpoint for rule, access in rules(app) if access not in known] == [], (
        "say with @access who may open it, and add a new permission to WHO"
    )


def test_z16_no_view_changes_anything_on_a_permission_to_read(app: Flask) -> None:
    reading = {permission for permission in Permission if permission.value.endswith(":read")}
    for rule, access in rules(app):
        if writing_methods(rule):
            assert access not in reading or rule.endpoint in LEAVES_ONLY_A_LINE, rule.endpoint
            assert access != PUBLIC or rule.endpoint in FORMS_OF_VISITORS, f"{rule.endpoint}: a form open to all"


def test_z16_a_view_without_a_word_is_closed_to_all(app: Flask, make: Factory) -> None:
    app.add_url_rule("/unohtunut", "forgotten", lambda: "auki", methods=["GET", "POST"])
    admin = Browser(app).sign_in(make.user(role=Role.ADMIN))
    assert admin.get("/unohtunut").status_code == 403
    assert admin.post("/unohtunut").status_code == 403
    assert app.test_client().get("/unohtunut").status_code == 403


def _is_refused(answer: Any, role: str) -> bool:
    if answer.status_code == 302 and role == VISITOR:
        return "/kirjaudu" in answer.location
    return answer.status_code in (401, 403, 404)


@pytest.mark.parametrize("role", ROLES)
def test_z16_a_route_with_a_permission_opens_to_its_roles_only(app: Flask, world: World, role: str) -> None:
    for rule, access in rules(app):
        if not isinstance(access, Permission):
            continue
        for method in sorted(set(rule.methods or ()) - {"OPTIONS", "HEAD"}):
            answer = world.send(role, method, world.address(rule))
            if role in WHO[access]:
                # 403 and 404: it can't be done to the row of the walk. 400 and 422: the form was not filled in.
                fine = (200, 302, 303, 400, 422) + ((403, 404) if rule.arguments or method == "POST" else ())
                assert answer.status_code in fine, (role, method, rule.rule, answer.status_code)
                assert "/kirjaudu" not in (answer.location or ""), (role, method, rule.rule)
            else:
                assert _is_refused(answer, role), (role, method, rule.rule, answer.status_code)


def everything(session: Session, tables: list[Table]) -> dict[str, list[Any]]:
    session.rollback()
    return {table.name: [tuple(row) for row in session.execute(select(table))] for table in tables}


@pytest.mark.parametrize("role", [VISITOR, MEMBER, STEWARD, MANAGER])
def test_z16_nobody_gets_at_the_draft_of_others_by_any_address(
    app: Flask, session: Session, world: World, role: str
) -> None:
    names = ("deed", "deed_revision", "deed_update", "comment", "adoption", "picture", "attachment", "deed_link",
             "membership", "organisation", "wish", "partner_call")  # fmt: skip
    tables = [table for table in Base.metadata.sorted_tables if table.name in names]
    before = everything(session, tables)
    for rule, _access in rules(app):
        if "deed_id" not in rule.arguments:
            continue
        for method in sorted(set(rule.methods or ()) - {"OPTIONS"}):
            answer = world.send(role, method, world.address(rule))
            assert _is_refused(answer, role), (role, method, rule.rule, answer.status_code)
            assert DRAFT_TITLE not in answer.text, rule.rule
            assert "salamyhkainen" not in str(answer.headers), rule.rule
    assert everything(session, tables) == before


@pytest.mark.parametrize("role", [VISITOR, MEMBER, STEWARD])
def test_z16_what_belongs_to_others_is_changed_by_no_form(
    app: Flask, session: Session, world: World, role: str
) -> None:
    """Z03, Z13: the rows of the owner stay as they were after every form of the site has been sent for them."""
    world.values["deed_id"] = world.public.id
    names = ("deed", "deed_revision", "organisation", "partner_call", "comment")
    tables = [table for table in Base.metadata.sorted_tables if table.name in names]
    counters = {"save_count", "adoption_count", "reader_count", "view_count", "page_version"}
    before = everything(session, tables)
    for rule, access in rules(app):
        if access == OBJECT and writing_methods(rule) and rule.endpoint != "deeds.adopt":
            world.send(role, "POST", world.address(rule))
    after = everything(session, tables)
    columns = {table.name: [column.name for column in table.columns] for table in tables}
    for table, rows in before.items():
        keep = [number for number, name in enumerate(columns[table]) if name not in counters]
        same = [[row[number] for number in keep] for row in rows]
        assert [[row[number] for number in keep] for row in after[table][: len(rows)]] == same, table


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_z16_no_other_method_does_anything(app: Flask, world: World, method: str) -> None:
    for rule, _access in rules(app):
        if method not in (rule.methods or ()):
            status = world.send(ADMIN, method, world.address(rule)).status_code
            assert status in (401, 403, 404, 405), (rule.rule, status)
