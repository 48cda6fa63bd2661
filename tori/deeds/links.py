"""Links that open an unpublished deed to chosen readers: signed, for thirty days, until they are revoked."""

from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import DeedLinkMade, DeedLinkRevoked, record
from tori.models.deeds import Deed
from tori.models.writing import DeedLink, LinkKind
from tori.policy import Actor, Permission, require

LIFETIME = timedelta(days=30)
MAX_LINKS = 20


def _signer(kind: str) -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeSerializer(keys, salt=f"deed-link-{kind}")


def token_of(link: DeedLink) -> str:
    token = _signer(link.kind).dumps(link.id)
    return token if isinstance(token, str) else token.decode()


def make(session: Session, actor: Actor, deed: Deed, kind: LinkKind) -> DeedLink:
    require(actor, Permission.DEED_EDIT, deed)
    if len(links_of(session, deed)) >= MAX_LINKS:
        raise RuleBroken("too_many_items", limit=MAX_LINKS)
    link = DeedLink(deed_id=deed.id, kind=kind, created_by_id=actor.id, expires_at=clock.now() + LIFETIME)
    session.add(link)
    session.flush()
    record(session, DeedLinkMade(actor_id=actor.id, deed_id=deed.id, kind=str(kind)))
    return link


def revoke(session: Session, actor: Actor, deed: Deed, link_id: int) -> None:
    require(actor, Permission.DEED_EDIT, deed)
    link = session.get(DeedLink, link_id)
    if link is None or link.deed_id != deed.id:
        raise NotFound("link")
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        record(session, DeedLinkRevoked(actor_id=actor.id, deed_id=deed.id, kind=link.kind))


def use_up(session: Session, link: DeedLink) -> None:
    """An invitation that was accepted opens nothing to anybody else, also when two press at the same moment."""
    changed = session.execute(
        update(DeedLink).where(DeedLink.id == link.id, DeedLink.revoked_at.is_(None)).values(revoked_at=clock.now()),
        execution_options={"synchronize_session": "fetch"},
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise RuleBroken("bad_link")


def links_of(session: Session, deed: Deed) -> list[DeedLink]:
    """Those that still work, the newest first."""
    return list(
        session.scalars(
            select(DeedLink)
            .where(DeedLink.deed_id == deed.id, DeedLink.revoked_at.is_(None), DeedLink.expires_at > clock.now())
            .order_by(DeedLink.id.desc())
        )
    )


def open_link(session: Session, token: str, kind: LinkKind) -> DeedLink:
    """The link of a token. Raises RuleBroken("bad_link") for a false, old or revoked one."""
    try:
        link_id = _signer(kind).loads(token)
    except BadSignature as error:
        raise RuleBroken("bad_link") from error
    link = session.get(DeedLink, link_id) if isinstance(link_id, int) else None
    if link is None or link.kind != kind or link.revoked_at is not None or link.expires_at <= clock.now():
        raise RuleBroken("bad_link")
    return link
