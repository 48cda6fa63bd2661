"""The second factor: a program that shows six digits (TOTP, RFC 6238), and codes on paper for when it is lost.

Whoever has a role that reaches beyond their own things needs one; others may take one. A code works once, also when it
is written with spaces, and a new password does not switch the second factor off.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyotp
from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tori.accounts import mails
from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken, TooMany
from tori.core.events import RecoveryCodesMade, SecondFactorEnded, SecondFactorStarted, record
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.sealing import box
from tori.edge.sessions import end_sessions, hash_token
from tori.models.accounts import RecoveryCode, SecondFactor
from tori.models.people import User
from tori.policy import Actor, Permission, require

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

STEPS_AROUND = 1
"""Clocks of telephones go a little wrong: one step of 30 seconds earlier and later is accepted."""
CODES = 10
CODE_BYTES = 5
"""40 bits, written as eight letters and digits."""
MAX_CODE = 40


def _config() -> Config:
    return current_app.extensions["tori"]  # type: ignore[no-any-return]


def _box() -> MultiFernet:
    """Seals secrets with the key of the service; what an earlier key has sealed can still be opened."""
    return box("second-factor")


def is_on(session: Session, user: User) -> bool:
    row = session.get(SecondFactor, user.id)
    return row is not None and row.confirmed_at is not None


def is_demanded(user: User) -> bool:
    """Whether the role of the person asks for one. The accounts of a demonstration go without, and a banner says so."""
    config = _config()
    return config.staff_second_factor and user.has_special_role and not config.demo


def codes_left(session: Session, user: User) -> int:
    statement = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return session.scalar(statement) or 0


def begin(session: Session, actor: Actor) -> str:
    """The secret that the program is to learn; the same again until it is confirmed."""
    user = _own_user(session, actor)
    row = session.get(SecondFactor, user.id)
    if row is not None and row.confirmed_at is not None:
        raise RuleBroken("second_factor_is_on")
    if row is None:
        row = SecondFactor(user_id=user.id, secret=_box().encrypt(pyotp.random_base32().encode()).decode())
        session.add(row)
    return _secret_of(row)


def picture_of(user: User, secret: str) -> str:
    """A QR code for the program, as an address that holds the picture itself."""
    import segno

    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=_config().site_name)
    return str(segno.make(uri, error="m").svg_data_uri(scale=4, border=3, dark="#000", light="#fff"))


def confirm(session: Session, actor: Actor, code: str) -> list[str]:
    """The program shows the right digits, so from now on they are asked for. Returns the codes for paper.

    All other sessions end: they were begun with a password alone.
    """
    user = _own_user(session, actor)
    row = session.get(SecondFactor, user.id)
    if row is None or row.confirmed_at is not None:
        raise RuleBroken("second_factor_is_on")
    if not _use_digits(session, row, _normal(code)):
        raise RuleBroken("code_wrong", field="code")
    row.confirmed_at = clock.now()
    codes = _new_codes(session, user)
    record(session, SecondFactorStarted(actor_id=user.id, user_id=user.id))
    mails.send(session, user, "second_factor_on")
    return codes


def renew_codes(session: Session, actor: Actor, code: str) -> list[str]:
    """New codes for paper; the old ones stop working. Needs a code: who finds an open browser has none."""
    user = _own_user(session, actor)
    if not is_on(session, user):
        raise RuleBroken("second_factor_is_off")
    if not _use(session, user, code):
        raise RuleBroken("code_wrong", field="code")
    codes = _new_codes(session, user)
    record(session, RecoveryCodesMade(actor_id=user.id, user_id=user.id))
    return codes


def turn_off(session: Session, actor: Actor, code: str) -> None:
    """Needs a code. Raises RuleBroken where the role of the person demands the second factor."""
    user = _own_user(session, actor)
    if is_demanded(user):
        raise RuleBroken("second_factor_demanded")
    if not _use(session, user, code):
        raise RuleBroken("code_wrong", field="code")
    _remove(session, user)
    record(session, SecondFactorEnded(actor_id=user.id, user_id=user.id))
    mails.send(session, user, "second_factor_off")


def take_away(session: Session, actor: Actor, user: User) -> None:
    """For somebody who has lost both the telephone and the paper: an administrator who knows them helps."""
    require(actor, Permission.USER_MANAGE)
    if user.id == actor.id:
        raise RuleBroken("own_account")
    _remove(session, user)
    end_sessions(user.id)
    record(session, SecondFactorEnded(actor_id=actor.id, user_id=user.id))
    mails.send(session, user, "second_factor_off")


def count_try(user_id: int) -> None:
    """Counts a try of a code. Commits by itself: a wrong code stays counted. Raises TooMany."""
    with transaction() as session:
        wait = limits.note(session, "code_account", user_id)
    if wait:
        raise TooMany("code_account", wait)


def forget_tries(session: Session, user_id: int) -> None:
    limits.forget(session, "code_account", user_id)


def check(user_id: int, code: str) -> User:
    """The person whose password was right and whose code this is. Commits by itself: a wrong code stays counted.

    Raises RuleBroken("code_wrong") and TooMany.
    """
    count_try(user_id)
    with transaction() as session:
        user = session.get_one(User, user_id)
        is_right = user.is_active and _use(session, user, code)
        if is_right:
            forget_tries(session, user_id)
    if not is_right:
        raise RuleBroken("code_wrong", field="code")
    return db.session.get_one(User, user_id)


def _own_user(session: Session, actor: Actor) -> User:
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    return session.get_one(User, actor.user.id)


def _secret_of(row: SecondFactor) -> str:
    return _box().decrypt(row.secret.encode()).decode()


def _normal(code: str) -> str:
    """A code as it is compared: without the spaces and hyphens that people and programs write into it."""
    return "".join(letter for letter in code[:MAX_CODE] if letter.isascii() and letter.isalnum()).lower()


def _use(session: Session, user: User, code: str) -> bool:
    row = session.get(SecondFactor, user.id)
    if row is None or row.confirmed_at is None:
        return False
    normal = _normal(code)
    return _use_digits(session, row, normal) or _use_paper(session, user, normal)


def _use_digits(session: Session, row: SecondFactor, digits: str) -> bool:
    """Digits of a step later than the last one used. No two requests use the same ones."""
    from cryptography.fernet import InvalidToken

    try:
        totp = pyotp.TOTP(_secret_of(row))
    except InvalidToken:
        return False
    now = totp.timecode(clock.now())
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            session.flush()
            changed = session.execute(
                update(SecondFactor)
                .where(SecondFactor.user_id == row.user_id, SecondFactor.last_step < step)
                .values(last_step=step)
            )
            return bool(changed.rowcount)  # type: ignore[attr-defined]
    return False


def _use_paper(session: Session, user: User, code: str) -> bool:
    changed = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.hash == _hash_of(user, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _hash_of(user: User, code: str) -> str:
    return hash_token(f"recovery:{user.id}:{code}")


def _new_codes(session: Session, user: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user.id, hash=_hash_of(user, code)) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def _remove(session: Session, user: User) -> None:
    tables: Sequence[type[RecoveryCode] | type[SecondFactor]] = (RecoveryCode, SecondFactor)
    for table in tables:
        session.execute(delete(table).where(table.user_id == user.id))
    session.expire_all()
