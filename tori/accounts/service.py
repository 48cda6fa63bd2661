"""What may be done to accounts: registering, confirming, resetting, changing. Signing in stands in ``signing_in.py``.

No answer tells whether an address has an account: the owner of a known address gets a mail instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.accounts import api_tokens, memberships, names, tokens
from tori.accounts.passwords import check_password_rules, hash_password, verify_password
from tori.accounts.signing_in import user_by_email
from tori.accounts.tokens import Purpose
from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken, TooMany
from tori.core.events import (
    EmailChangeRequested,
    MembershipStarted,
    PasswordChanged,
    PasswordResetRequested,
    SessionsEnded,
    SignInLinkRequested,
    UserChanged,
    UserConfirmed,
    UserRegistered,
    UserSignedIn,
    UserSignedOut,
    record,
)
from tori.database import db, transaction
from tori.deeds import drafts
from tori.edge import limits
from tori.edge.sessions import end_sessions, hash_token
from tori.edge.templating import public_link
from tori.i18n import LOCALES
from tori.models.people import BrowserSession, Membership, Organisation, OrganisationDomain, Role, User
from tori.notifications import mail
from tori.policy import Actor, Permission, require

HANDLE_LENGTH = 16
SIGN_IN_LINK_MINUTES = 15
THEMES = ("", "light", "dark")
SITE_WORDS = ("tekojentori", "tekojen tori", "framstegsarenan")


def _config() -> Config:
    return current_app.extensions["tori"]  # type: ignore[no-any-return]


def _minutes(config: Config) -> timedelta:
    return timedelta(minutes=config.token_minutes)


def _hours(config: Config) -> timedelta:
    return timedelta(hours=config.confirmation_hours)


# Organisations


def organisation_of_email(session: Session, email: str) -> Organisation | None:
    """The organisation that the domain of the address belongs to."""
    row = session.get(OrganisationDomain, names.domain_of(email.lower()))
    return row.organisation if row else None


def _chosen_organisation(session: Session, slug: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.slug == slug, Organisation.ended_on.is_(None)))
    if found is None:
        raise RuleBroken("unknown_organisation", field="organisation")
    return found


def _join(session: Session, user: User, organisation_id: int, by_domain: bool, actor_id: int | None) -> None:
    """Makes the organisation the person's only one. Nothing happens when it is already.

    An address of the organisation vouches for the person; an organisation chosen by hand has to be believed first.
    """
    if by_domain:
        user.trusted_at = user.trusted_at or clock.now()
        for membership in user.memberships:
            if membership.organisation_id == organisation_id:
                membership.waits_since = None
    if [membership.organisation_id for membership in user.memberships] == [organisation_id]:
        return
    kept = [membership for membership in user.memberships if membership.organisation_id == organisation_id]
    waits_since = None if by_domain else clock.now()
    user.memberships[:] = kept or [Membership(organisation_id=organisation_id, waits_since=waits_since)]
    session.flush()
    record(
        session,
        MembershipStarted(actor_id=actor_id, user_id=user.id, organisation_id=organisation_id, by_domain=by_domain),
    )
    if not by_domain:
        memberships.tell_stewards(session, user, session.get_one(Organisation, organisation_id))


# Registering


@dataclass(frozen=True)
class Registration:
    """A checked form of registration. ``organisation`` is a slug, or empty for somebody whose own is not listed."""

    email: str
    display_name: str
    job_title: str
    organisation: str
    password_hash: str

    @classmethod
    def check(cls, email: str, name: str, job_title: str, organisation: str, password: str) -> "Registration":
        """Checks and hashes, outside any transaction, as hashing takes its time. Raises RuleBroken with the field."""
        address = names.normal_email(email)
        shown = names.display_name(name)
        title = names.one_line(job_title, "job_title", names.MAX_TITLE)
        check_password_rules(password, [shown, address, organisation, *SITE_WORDS])
        return cls(address, shown, title, organisation, hash_password(password))


def register(
    session: Session,
    registration: Registration,
    locale: str,
    next_page: str | None = None,
    visitors_text: str | None = None,
) -> None:
    """Sends the link that makes the account and then leads to ``next_page``.

    What was filled in travels with the link and counts when it is pressed, so that nobody can fix another person's
    password in advance by registering their address first. ``visitors_text`` is the hash of what they wrote before.
    """
    by_domain = organisation_of_email(session, registration.email)
    chosen = by_domain or (
        _chosen_organisation(session, registration.organisation) if registration.organisation else None
    )
    if by_domain is not None and limits.note(session, "register_organisation", by_domain.id):
        return
    user = user_by_email(session, registration.email)
    if user is not None and user.disabled_at is not None:
        return
    if limits.note(session, "register_account", hash_token(registration.email)[:32]):
        return
    if user is not None and user.confirmed_at is not None:
        _mail(session, user, "address_taken", sign_in=_link(user, "sign_in"), forgot=_link(user, "forgot_password"))
        return
    if user is None:
        user = User(email=registration.email, display_name=registration.display_name, role=Role.MEMBER)
        session.add(user)
        session.flush()
        record(session, UserRegistered(actor_id=None, user_id=user.id))
    user.locale = locale
    data: dict[str, Any] = {
        "display_name": registration.display_name,
        "job_title": registration.job_title,
        "password_hash": registration.password_hash,
        "organisation_id": chosen.id if chosen else None,
        "locale": locale,
        "next": next_page,
        "visitors_text": visitors_text,
    }
    token = tokens.issue(session, user, Purpose.CONFIRM, _hours(_config()), data)
    _mail(
        session, user, "confirm_address", link=_link(user, "confirm", token=token),
        hours=_config().confirmation_hours, name=registration.display_name,
    )  # fmt: skip


@dataclass(frozen=True)
class PendingAccount:
    """What a link of confirmation would make."""

    display_name: str
    email: str
    organisation: Organisation | None
    next: str | None


def pending_account(session: Session, token: str) -> PendingAccount:
    row, user = tokens.find(session, token, Purpose.CONFIRM)
    number = row.data.get("organisation_id")
    return PendingAccount(
        str(row.data["display_name"]),
        user.email,
        session.get(Organisation, number) if number else None,
        row.data.get("next"),
    )


def check_pending_password(token: str, password: str) -> None:
    """Raises RuleBroken when it is not the one that was chosen at registering, and TooMany. Commits by itself."""
    row, user = tokens.find(db.session(), token, Purpose.CONFIRM)
    number, chosen = user.id, str(row.data["password_hash"])
    with transaction() as session:
        wait = limits.note(session, "password_account", number)
    if wait:
        raise TooMany("password_account", wait)
    if not verify_password(chosen, password):
        raise RuleBroken("password_not_chosen", field="password")


def confirm(session: Session, token: str) -> User:
    """Makes the account of the link. Raises RuleBroken("bad_link")."""
    row, user = tokens.use(session, token, Purpose.CONFIRM)
    if user.confirmed_at is not None:
        raise RuleBroken("bad_link")
    user.display_name = row.data["display_name"]
    user.job_title = row.data["job_title"]
    user.password_hash = row.data["password_hash"]
    user.locale = row.data["locale"]
    user.confirmed_at = clock.now()
    organisation_id = row.data["organisation_id"]
    drafts.claim(session, user, row.data.get("visitors_text"))
    row.data = {}
    session.flush()
    record(session, UserConfirmed(actor_id=user.id, user_id=user.id))
    by_domain = organisation_of_email(session, user.email)
    if by_domain is not None:
        _join(session, user, by_domain.id, by_domain=True, actor_id=user.id)
    elif organisation_id is not None and session.get(Organisation, organisation_id) is not None:
        _join(session, user, organisation_id, by_domain=False, actor_id=user.id)
    return user


# Passwords


def request_reset(session: Session, email: str) -> None:
    """Sends a link when there is such an account; says nothing in any case. At most three mails an hour a person."""
    user = user_by_email(session, email)
    if user is None or not user.is_active or limits.note(session, "reset_account", user.id):
        return
    if limits.note_house(session, "reset", user.email):
        return
    tokens.revoke(session, user, Purpose.RESET)
    token = tokens.issue(session, user, Purpose.RESET, _minutes(_config()))
    record(session, PasswordResetRequested(actor_id=None, user_id=user.id))
    _mail(
        session, user, "reset_password", link=_link(user, "reset_password", token=token),
        minutes=_config().token_minutes,
    )  # fmt: skip


def reset_password(token: str, password: str) -> User:
    """A new password by the link of a mail. Commits by itself: the hashing must not hold the database.

    Ends every session of the person and signs nobody in. Raises RuleBroken("bad_link") or a rule of passwords.
    """
    _, user = tokens.find(db.session(), token, Purpose.RESET)
    check_password_rules(password, _words_about(user))
    password_hash = hash_password(password)
    with transaction() as session:
        _, user = tokens.use(session, token, Purpose.RESET)
        _set_password(session, user, password_hash, actor_id=user.id)
        end_sessions(user.id)
        api_tokens.revoke_all(session, user)
    return user


def change_password(actor: Actor, current: str, password: str, keep_token: str | None) -> None:
    """Needs the current password; ends the person's other sessions. Commits by itself."""
    user = require_password(actor, current)
    check_password_rules(password, _words_about(user))
    password_hash = hash_password(password)
    with transaction() as session:
        user = session.get_one(User, user.id)
        _set_password(session, user, password_hash, actor_id=user.id)
        end_sessions(user.id, except_token=keep_token)


def _set_password(session: Session, user: User, password_hash: str, actor_id: int | None) -> None:
    user.password_hash = password_hash
    tokens.revoke(session, user, Purpose.RESET, Purpose.EMAIL, Purpose.SIGN_IN)
    record(session, PasswordChanged(actor_id=actor_id, user_id=user.id))
    _mail(session, user, "password_changed", forgot=_link(user, "forgot_password"))


def require_password(actor: Actor, password: str) -> User:
    """The person again, after the password that only they know. Wrong ones are counted and committed."""
    require(actor, Permission.ACCOUNT_OWN)
    user = actor.user
    assert user is not None
    with transaction() as session:
        wait = limits.note(session, "password_account", user.id)
    if wait:
        raise TooMany("password_account", wait)
    if not verify_password(user.password_hash, password):
        raise RuleBroken("password_wrong", field="current")
    with transaction() as session:
        limits.forget(session, "password_account", user.id)
    return user


def _words_about(user: User) -> list[str]:
    return [user.display_name, user.email, *(member.organisation.name for member in user.memberships), *SITE_WORDS]


def request_sign_in_link(session: Session, email: str, next_page: str | None) -> None:
    """Sends a link that signs in once, when there is such an account; says nothing in any case."""
    user = user_by_email(session, email)
    if user is None or not user.is_active or limits.note(session, "reset_account", f"link:{user.id}"):
        return
    if limits.note_house(session, "link", user.email):
        return
    tokens.revoke(session, user, Purpose.SIGN_IN)
    token = tokens.issue(session, user, Purpose.SIGN_IN, timedelta(minutes=SIGN_IN_LINK_MINUTES), {"next": next_page})
    record(session, SignInLinkRequested(actor_id=None, user_id=user.id))
    _mail(session, user, "sign_in_link", link=_link(user, "sign_in_by_link", token=token), minutes=SIGN_IN_LINK_MINUTES)


def use_sign_in_link(session: Session, token: str) -> User:
    """Raises RuleBroken("bad_link")."""
    row, user = tokens.use(session, token, Purpose.SIGN_IN)
    if not user.is_active:
        raise RuleBroken("bad_link")
    row.data = {}
    user.seen_on, user.asked_idle_on = clock.today(), None
    record(session, UserSignedIn(actor_id=user.id, user_id=user.id))
    return user


# Own details


@dataclass(frozen=True)
class Details:
    display_name: str
    job_title: str
    organisation: str | None
    """A slug, empty for none, None to leave it as it is."""
    unit: str
    locale: str
    theme: str


def change_details(session: Session, actor: Actor, details: Details) -> None:
    """Changes what the person tells of themselves. The organisation can be chosen only if the address tells none."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    user = session.get_one(User, actor.user.id)
    if details.locale not in LOCALES or details.theme not in THEMES:
        raise RuleBroken("value_missing")
    wanted: dict[str, str] = {
        "display_name": names.display_name(details.display_name),
        "job_title": names.one_line(details.job_title, "job_title", names.MAX_TITLE),
        "locale": details.locale,
        "theme": details.theme,
    }
    changed = [name for name, value in wanted.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, wanted[name])
    if details.organisation is not None:
        _choose_organisation(session, user, details.organisation)
    if user.memberships:
        unit = names.one_line(details.unit, "unit", names.MAX_TITLE)
        if user.memberships[0].unit != unit:
            user.memberships[0].unit = unit
            changed.append("unit")
    if changed:
        record(session, UserChanged(actor_id=user.id, user_id=user.id, fields=tuple(changed)))


def may_choose_organisation(session: Session, user: User) -> bool:
    return organisation_of_email(session, user.email) is None


def _choose_organisation(session: Session, user: User, slug: str) -> None:
    current = user.claimed_organisation.slug if user.claimed_organisation else ""
    if slug == current:
        return
    if not may_choose_organisation(session, user):
        raise RuleBroken("domain_decides", field="organisation")
    chosen = _chosen_organisation(session, slug) if slug else None
    limits.count(session, "organisation_account", user.id)
    user.trusted_at = None
    if chosen is None:
        user.memberships.clear()
        record(session, UserChanged(actor_id=user.id, user_id=user.id, fields=("organisation",)))
    else:
        _join(session, user, chosen.id, by_domain=False, actor_id=user.id)


def request_email_change(actor: Actor, email: str, current: str) -> None:
    """Sends a link to the new address, which counts only after it. Commits by itself. A taken address gets a mail
    of another kind, and the answer is the same."""
    address = names.normal_email(email)
    user = require_password(actor, current)
    if address == user.email:
        raise RuleBroken("same_email", field="email")
    with transaction() as session:
        user = session.get_one(User, user.id)
        limits.count(session, "reset_account", f"email:{user.id}")
        record(session, EmailChangeRequested(actor_id=user.id, user_id=user.id))
        owner = user_by_email(session, address)
        if owner is not None and owner.confirmed_at is not None:
            _mail(
                session, owner, "address_taken", sign_in=_link(owner, "sign_in"), forgot=_link(owner, "forgot_password")
            )
            return
        tokens.revoke(session, user, Purpose.EMAIL)
        token = tokens.issue(session, user, Purpose.EMAIL, _minutes(_config()), {"email": address})
        mail.enqueue(
            session, "confirm_new_address", address, user.locale, user=user, minutes=_config().token_minutes,
            link=_link(user, "confirm_email", token=token),
        )  # fmt: skip


def pending_email(session: Session, token: str) -> str:
    row, _ = tokens.find(session, token, Purpose.EMAIL)
    return str(row.data["email"])


def confirm_email(session: Session, token: str) -> User:
    """The new address begins to count, and the old one is told. Raises RuleBroken("bad_link")."""
    row, user = tokens.use(session, token, Purpose.EMAIL)
    address = str(row.data["email"])
    owner = user_by_email(session, address)
    if owner is not None and owner.confirmed_at is not None:
        raise RuleBroken("bad_link")
    if owner is not None:
        session.delete(owner)
        session.flush()
    tokens.revoke(session, user, Purpose.RESET, Purpose.SIGN_IN)
    old, user.email = user.email, address
    row.data = {}
    session.flush()
    record(session, UserChanged(actor_id=user.id, user_id=user.id, fields=("email",)))
    memberships.follow_address(session, user, old)
    by_domain = organisation_of_email(session, address)
    if by_domain is not None:
        _join(session, user, by_domain.id, by_domain=True, actor_id=user.id)
    mail.enqueue(session, "address_changed", old, user.locale, user=user, contact=_config().contact_email)
    return user


# Sessions


def sign_out(session: Session, actor: Actor) -> None:
    if actor.id is not None:
        record(session, UserSignedOut(actor_id=actor.id, user_id=actor.id))


def end_other_sessions(session: Session, actor: Actor, keep_token: str | None) -> None:
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.id is not None
    end_sessions(actor.id, except_token=keep_token)
    record(session, SessionsEnded(actor_id=actor.id, user_id=actor.id))


def handle_of(row: BrowserSession) -> str:
    """Names a session in a form. The hash of the hash, so that no page holds a key of the table."""
    return hash_token(row.hash)[:HANDLE_LENGTH]


def end_one_session(session: Session, actor: Actor, handle: str) -> None:
    """Signs the person out of one browser. An unknown handle, also another person's, does nothing."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.id is not None
    for row in session.scalars(select(BrowserSession).where(BrowserSession.user_id == actor.id)):
        if handle_of(row) == handle:
            session.delete(row)
            record(session, SessionsEnded(actor_id=actor.id, user_id=actor.id))


# Accounts from the command line


def create_user(
    session: Session,
    email: str,
    password: str,
    role: Role = Role.MEMBER,
    display_name: str = "",
    organisation: Organisation | None = None,
    is_steward: bool = False,
    locale: str = "fi",
) -> User:
    """A confirmed account, for the command line. Raises RuleBroken: a bad or taken address, a weak password."""
    address = names.normal_email(email)
    if user_by_email(session, address) is not None:
        raise RuleBroken("address_taken", field="email")
    shown = display_name or address.partition("@")[0].replace(".", " ").capitalize()
    shown = names.one_line(shown, "display_name", names.MAX_NAME)
    check_password_rules(password, [shown, address, *SITE_WORDS])
    return _add_user(session, address, hash_password(password), role, shown, organisation, is_steward, locale)


def _add_user(
    session: Session,
    email: str,
    password_hash: str,
    role: Role,
    display_name: str,
    organisation: Organisation | None,
    is_steward: bool,
    locale: str = "fi",
) -> User:
    user = User(
        email=email, display_name=display_name, role=role, locale=locale, password_hash=password_hash,
        confirmed_at=clock.now(), trusted_at=clock.now(),
    )  # fmt: skip
    session.add(user)
    organisation = organisation or organisation_of_email(session, email)
    if organisation is not None:
        user.memberships.append(Membership(organisation_id=organisation.id, is_steward=is_steward))
    session.flush()
    record(session, UserRegistered(actor_id=None, user_id=user.id))
    record(session, UserConfirmed(actor_id=None, user_id=user.id))
    return user


DEMO_PASSWORD = "tekojentori-demo"  # noqa: S105
DEMO_ACCOUNTS: Sequence[tuple[str, str, Role, str, bool]] = (
    ("jasen@example.org", "Demojäsen, Nokia", Role.MEMBER, "Nokian kaupunki", False),
    ("jasen2@example.org", "Demojäsen, Kangasala", Role.MEMBER, "Kangasalan kaupunki", False),
    ("yhteyshenkilo@example.org", "Demoyhteyshenkilö, Nokia", Role.MEMBER, "Nokian kaupunki", True),
    ("kampanja@example.org", "Demokampanjavastaava", Role.CAMPAIGN_MANAGER, "KT Kuntatyönantajat", False),
    ("toimittaja@example.org", "Demotoimittaja", Role.EDITOR, "KT Kuntatyönantajat", False),
    ("admin@example.org", "Demopääkäyttäjä", Role.ADMIN, "", False),
)
"""E-mail, shown name, role, name of the organisation, whether its contact person."""


def create_demo_accounts(session: Session) -> int:
    """Adds what is missing of the demo accounts, for TORI_DEMO=1. Returns how many accounts changed."""
    changed = 0
    password_hash = ""
    for email, name, role, organisation_name, is_steward in DEMO_ACCOUNTS:
        organisation = session.scalar(select(Organisation).where(Organisation.name == organisation_name))
        user = user_by_email(session, email)
        if user is None:
            password_hash = password_hash or hash_password(DEMO_PASSWORD)
            _add_user(session, email, password_hash, role, name, organisation, is_steward)
        elif organisation is not None and not user.memberships:
            user.memberships.append(Membership(organisation_id=organisation.id, is_steward=is_steward))
        else:
            continue
        changed += 1
    return changed


# Mails


def _link(user: User, view: str, **values: str) -> str:
    return public_link(_config(), f"accounts.{view}", user.locale, **values)


def _mail(session: Session, user: User, event: str, **context: Any) -> None:
    mail.enqueue(session, event, user.email, user.locale, **{"name": user.display_name, "user": user, **context})
