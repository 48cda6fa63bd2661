"""Passkeys (WebAuthn): a key that never leaves the person's device signs a question of ours.

The device asks for a finger, a face or its own code each time, so a passkey alone shows two things: what one has and
who one is. It stands beside the password and the second factor, and takes nothing of them away.
"""

import hashlib
import logging
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.accounts import mails
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import PasskeyAdded, PasskeyRemoved, UserSignedIn, record
from tori.core.text import clean_line
from tori.edge.sessions import hash_token
from tori.models.accounts import Passkey
from tori.models.people import User
from tori.policy import Actor, Permission, require

log = logging.getLogger(__name__)

MAX_PASSKEYS = 10
MAX_NAME = 60
MAX_ANSWER = 20_000
LOOPBACK = ("127.0.0.1", "::1")


def _library() -> Any:
    """Loaded by the first who uses a passkey: eight megabytes that most processes never need."""
    import webauthn

    return webauthn


def _wrong_answers() -> tuple[type[Exception], ...]:
    """What reading a made-up answer may raise; none of it is an error of ours."""
    from webauthn.helpers.exceptions import WebAuthnException

    return (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)


def _config() -> Config:
    return current_app.extensions["tori"]  # type: ignore[no-any-return]


def place() -> str:
    """The name that keys are bound to. Browsers bind none to a bare number, so a trial on 127.0.0.1 is "localhost"."""
    host = urlsplit(_config().public_url).hostname or ""
    return "localhost" if host in LOOPBACK else host


def _origins() -> list[str]:
    parts = urlsplit(_config().public_url)
    if parts.hostname in LOOPBACK:
        return [f"{parts.scheme}://localhost:{parts.port or 80}"]
    return [f"{parts.scheme}://{parts.netloc}"]


def of(session: Session, user: User) -> list[Passkey]:
    return list(session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)))


def _descriptors(keys: list[Passkey]) -> list[Any]:
    library = _library()
    described = library.helpers.structs.PublicKeyCredentialDescriptor
    return [described(id=library.base64url_to_bytes(key.credential_id)) for key in keys]


def _handle_of(user: User) -> bytes:
    """Names the account to the device without telling anything of it."""
    return hashlib.sha256(f"passkey:{user.id}:{user.created_at.isoformat()}".encode()).digest()


# The questions


def question_for_new(session: Session, user: User, challenge: str) -> dict[str, Any]:
    """What the browser needs for making a key."""
    library = _library()
    structs = library.helpers.structs
    options = library.generate_registration_options(
        rp_id=place(), rp_name=_config().site_name, user_name=user.email, user_display_name=user.display_name,
        user_id=_handle_of(user), challenge=library.base64url_to_bytes(challenge),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(of(session, user)),
    )  # fmt: skip
    return library.helpers.options_to_json_dict(options)  # type: ignore[no-any-return]


def question_for_signing_in(challenge: str) -> dict[str, Any]:
    """Names no account: the device tells which keys it has for this place."""
    library = _library()
    options = library.generate_authentication_options(
        rp_id=place(),
        challenge=library.base64url_to_bytes(challenge),
        user_verification=library.helpers.structs.UserVerificationRequirement.REQUIRED,
    )
    return library.helpers.options_to_json_dict(options)  # type: ignore[no-any-return]


# The answers


def add(session: Session, actor: Actor, answer: str, challenge: str, name: str) -> Passkey:
    """Keeps the public half of a new key. Raises RuleBroken."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    user = session.get_one(User, actor.user.id)
    label = clean_line(name)
    if not label:
        raise RuleBroken("value_missing", field="name")
    if len(label) > MAX_NAME:
        raise RuleBroken("text_too_long", field="name", limit=MAX_NAME)
    if (session.scalar(select(func.count()).where(Passkey.user_id == user.id)) or 0) >= MAX_PASSKEYS:
        raise RuleBroken("too_many_items", limit=MAX_PASSKEYS)
    library = _library()
    try:
        made = library.verify_registration_response(
            credential=answer[:MAX_ANSWER], expected_rp_id=place(),
            expected_challenge=library.base64url_to_bytes(challenge),
            expected_origin=_origins(), require_user_verification=True,
        )  # fmt: skip
    except _wrong_answers() as error:
        log.info("passkey: refused for %s: %s", user.id, type(error).__name__)
        raise RuleBroken("passkey_refused") from error
    key = library.helpers.bytes_to_base64url(made.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_hash == hash_token(key))) is not None:
        raise RuleBroken("passkey_refused")
    row = Passkey(
        user_id=user.id, credential_hash=hash_token(key), credential_id=key, sign_count=made.sign_count, name=label,
        public_key=library.helpers.bytes_to_base64url(made.credential_public_key),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, PasskeyAdded(actor_id=user.id, user_id=user.id, passkey_id=row.id))
    mails.send(session, user, "passkey_added", passkey=label)
    return row


def remove(session: Session, actor: Actor, passkey_id: int) -> None:
    """One's own only. Raises NotFound."""
    require(actor, Permission.ACCOUNT_OWN)
    row = session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == actor.id))
    if row is None or actor.user is None:
        raise NotFound("passkey")
    name = row.name
    session.delete(row)
    record(session, PasskeyRemoved(actor_id=actor.id, user_id=actor.user.id, passkey_id=passkey_id))
    mails.send(session, actor.user, "passkey_removed", passkey=name)


def sign_in(session: Session, answer: str, challenge: str) -> User:
    """The person whose key has answered. Raises RuleBroken("passkey_refused") for every kind of wrong."""
    library = _library()
    try:
        found = _row(session, answer)
        checked = library.verify_authentication_response(
            credential=answer[:MAX_ANSWER], expected_rp_id=place(), expected_origin=_origins(),
            expected_challenge=library.base64url_to_bytes(challenge),
            credential_public_key=library.base64url_to_bytes(found.public_key),
            credential_current_sign_count=found.sign_count, require_user_verification=True,
        )  # fmt: skip
    except _wrong_answers() as error:
        log.info("passkey: signing in refused: %s", type(error).__name__)
        raise RuleBroken("passkey_refused") from error
    user = session.get_one(User, found.user_id)
    if not user.is_active:
        raise RuleBroken("passkey_refused")
    found.sign_count, found.used_at = checked.new_sign_count, clock.now()
    user.seen_on, user.asked_idle_on = clock.today(), None
    record(session, UserSignedIn(actor_id=user.id, user_id=user.id))
    return user


def _row(session: Session, answer: str) -> Passkey:
    """The key that the answer names, locked, so that no two answers are counted as one. Raises ValueError."""
    helpers = _library().helpers
    name = helpers.bytes_to_base64url(helpers.parse_authentication_credential_json(answer[:MAX_ANSWER]).raw_id)
    row = session.scalar(select(Passkey).where(Passkey.credential_hash == hash_token(name)).with_for_update())
    if row is None:
        raise ValueError("no such key")
    return row
