"""The desk's pages of one person: what is known of the account, and why they may or may not do a thing."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.accounts import memberships, second_factor
from tori.core.errors import NotFound
from tori.core.events import UserViewed, record
from tori.core.text import alphabetical
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.models.campaigns import Campaign, TopList
from tori.models.conversation import PrivateQuestion
from tori.models.deeds import Adoption, Comment, Deed
from tori.models.moderation import Report
from tori.models.people import BrowserSession, Organisation, User
from tori.models.reading import OwnPlan
from tori.models.wishes import PartnerCall, Wish, WishAnswer
from tori.organisations.labels import ADOPTION_STATUSES
from tori.policy import Actor, Decision, Permission, decide
from tori.web.desk import blueprint
from tori.web.desk_labels import DEED_STATES, RIGHTS, ROLES

MAX_NUMBER = 9

THINGS: dict[str, tuple[type[Any], Any]] = {
    "deed": (Deed, __("deed")),
    "organisation": (Organisation, __("organisation")),
    "campaign": (Campaign, __("campaign")),
    "toplist": (TopList, __("TOP list")),
    "private": (PrivateQuestion, __("private question")),
    "own-plan": (OwnPlan, __("own plan")),
    "report": (Report, __("report")),
    "comment": (Comment, __("comment")),
    "adoption": (Adoption, __("adoption")),
    "wish": (Wish, __("wish")),
    "wish-answer": (WishAnswer, __("answer to a wish")),
    "partner-call": (PartnerCall, __("call for partners")),
}
"""Beginning of a permission -> what it is asked about."""
OTHER_THINGS = {
    Permission.COMMENT_WRITE: "deed",
    Permission.PRIVATE_ASK: "deed",
    Permission.QUESTION_MARK: "comment",
    Permission.CAMPAIGN_MANAGE: "",
    Permission.DEED_WRITE: "organisation",
    Permission.WISH_ANSWER_REMOVE: "wish-answer",
    Permission.DEED_IMPORT: "",
    Permission.DEED_REVIEW: "",
    Permission.WISH_WRITE: "",
    Permission.ORGANISATION_MERGE: "",
    Permission.ORGANISATION_REGISTER: "",
}
"""Permissions whose name does not tell what they are asked about."""


@dataclass(frozen=True)
class Explanation:
    """``thing`` names what was asked about, None when there is no such row."""

    permission: Permission
    thing: str | None
    decision: Decision
    words: str
    facts: list[tuple[str, str]]

    @property
    def right(self) -> str:
        """What the permission is called."""
        return str(RIGHTS[self.permission])


def kind_of(permission: Permission) -> str:
    """What the permission is asked about, empty when it is about nothing in particular."""
    if permission in OTHER_THINGS:
        return OTHER_THINGS[permission]
    kind = permission.value.partition(":")[0]
    return kind if kind in THINGS else ""


def thing_of(session: Session, kind: str, text: str) -> Any:
    """The row that a number, a slug or an address names. None when there is none."""
    name = text.strip().rstrip("/").rpartition("/")[2]
    model = THINGS[kind][0]
    if kind == "organisation" and not name.isdigit():
        return session.scalar(select(Organisation).where(Organisation.slug == name))
    number = name.partition("-")[0]
    is_number = number.isascii() and number.isdigit() and len(number) <= MAX_NUMBER
    return session.get(model, int(number)) if is_number else None


def explain(session: Session, user: User, permission: Permission, text: str) -> Explanation | None:
    """Why the person may or may not. The second factor is taken as given. None when the thing does not exist."""
    actor, kind = Actor(user), kind_of(permission)
    thing = thing_of(session, kind, text) if kind else None
    if kind and thing is None:
        return None
    decision = decide(actor, permission, thing)
    if decision.allowed:
        words = _("Yes, this person may.")
    elif decision.hides:
        words = _("No. For this person it does not exist: it is not public, and it is not theirs.")
    else:
        words = _("No: %(reason)s", reason=messages.sentence(decision.reason))
    name = getattr(thing, "title", None) or getattr(thing, "name", None) or text
    return Explanation(permission, str(name) if kind else None, decision, words, _facts(actor, thing))


def _facts(actor: Actor, thing: Any) -> list[tuple[str, str]]:
    """What the rules look at."""
    user = actor.user
    assert user is not None
    yes, no = _("yes"), _("no")
    facts = [
        (_("Account is open"), yes if user.is_active else no),
        (_("Role"), str(ROLES.get(user.role, user.role))),  # type: ignore[call-overload]
        (_("Publishes without asking"), yes if user.trusted_at else no),
    ]
    if thing is None:
        return facts
    if (status := getattr(thing, "status", None)) is not None:
        facts.append((_("State of the thing"), str(DEED_STATES.get(status) or ADOPTION_STATUSES[status])))
    organisation_id = thing.id if isinstance(thing, Organisation) else getattr(thing, "organisation_id", None)
    if organisation_id is not None:
        facts.append((_("Speaks for its organisation"), yes if organisation_id in actor.organisation_ids else no))
        facts.append((_("Is its contact person"), yes if organisation_id in actor.stewarded_ids else no))
    if hasattr(thing, "author_id"):
        facts.append((_("Made it"), yes if thing.author_id == user.id else no))
    return facts


@blueprint.get("/kayttajat/<id:user_id>", endpoint="user")
@access(Permission.USER_MANAGE)
def show_user(user_id: int) -> str | tuple[str, int]:
    session = db.session()
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("user")
    with transaction() as rows:
        record(rows, UserViewed(actor_id=current_actor().id, user_id=user.id))
    chosen, about = request.args.get("oikeus", ""), request.args.get("kohde", "")[:300]
    explanation, problem = None, ""
    if chosen in set(Permission):
        explanation = explain(session, user, Permission(chosen), about)
        problem = "" if explanation else _("There is nothing by that number or address.")
    page = render_template(
        "desk/user.html",
        user=user,
        role=ROLES.get(user.role, user.role),  # type: ignore[call-overload]
        has_second_factor=second_factor.is_on(session, user),
        sessions=session.scalar(select(func.count()).where(BrowserSession.user_id == user.id)),
        rights=sorted(RIGHTS.items(), key=lambda right: alphabetical(str(right[1]))),
        chosen=chosen,
        about=about,
        explanation=explanation,
        problem=problem,
        own_id=current_actor().id,
    )
    return page, 422 if problem else 200


@blueprint.get("/jasenyydet", endpoint="memberships")
@access(Permission.USER_MANAGE)
def list_memberships() -> str:
    return render_template("desk/memberships.html", rows=memberships.waiting_everywhere(db.session(), current_actor()))
