"""Signing in with the account of one's organisation (OpenID Connect), for several providers at once.

A person is who issuer, tenant and subject say, never who an address says: another tenant can write any address into its
tokens. The organisation is that of the tenant, and a tenant that is not on the list is turned away.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.accounts import mails, memberships, names
from tori.accounts.signing_in import user_by_email
from tori.config import Config
from tori.core import clock
from tori.core.errors import ConfigurationError, RuleBroken
from tori.core.events import (
    IdentityConnected,
    IdentityDisconnected,
    UserConfirmed,
    UserRegistered,
    UserSignedIn,
    record,
)
from tori.core.text import clean_line
from tori.i18n import LOCALES
from tori.models.accounts import Identity
from tori.models.people import Organisation, Role, User
from tori.policy import Actor, Permission, require

ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384"]
"""Signatures with a public key only: neither ``none`` nor a secret that both sides know."""
LEEWAY_SECONDS = 60
REQUIRED = ("key", "name", "issuer", "client_id", "client_secret")


@dataclass(frozen=True)
class Provider:
    """``tenants`` maps the tenants on the list to slugs of organisations; a provider of one organisation has none and
    names it in ``organisation``. ``{tenant}`` in the issuer stands for the tenant of the token."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    organisation: str = ""
    tenant_claim: str = ""
    subject_claim: str = "sub"
    second_factor: bool = False
    discovery: str = ""
    tenants: Mapping[str, str] = field(default_factory=dict)

    @property
    def discovery_url(self) -> str:
        return self.discovery or f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


@dataclass(frozen=True)
class Person:
    """What a checked token says."""

    provider: Provider
    issuer: str
    tenant: str
    subject: str
    organisation: str
    email: str
    email_is_verified: bool
    name: str
    locale: str


def load_providers(path: str) -> list[Provider]:
    """Reads OIDC_FILE. Raises ConfigurationError with one sentence."""
    if not path:
        return []
    try:
        data = tomllib.loads(Path(path).read_text())
        return [_provider(row) for row in data.get("provider", [])]
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise ConfigurationError(f"OIDC_FILE {path} can't be read: {error}") from error


def _provider(row: dict[str, Any]) -> Provider:
    missing = [name for name in REQUIRED if not row.get(name)]
    if missing:
        raise ConfigurationError(f"OIDC_FILE: a provider lacks {', '.join(missing)}.")
    provider = Provider(**row)
    if bool(provider.tenants) == bool(provider.organisation):
        raise ConfigurationError(f"OIDC_FILE: {provider.key} needs either an organisation or a list of tenants.")
    if provider.tenants and not provider.tenant_claim:
        raise ConfigurationError(f"OIDC_FILE: {provider.key} lists tenants but no tenant_claim.")
    return provider


def init_single_sign_on(app: Flask, config: Config) -> None:
    providers = load_providers(config.oidc_file)
    app.extensions["tori.providers"] = {provider.key: provider for provider in providers}
    if not providers:
        return
    # Twenty megabytes that are not needed where nobody signs in so.
    from tori.accounts.openid import make_clients

    app.extensions["tori.oauth"] = make_clients(app, providers)


def providers() -> list[Provider]:
    return list(current_app.extensions["tori.providers"].values())


def provider_of(key: str) -> Provider | None:
    found: Provider | None = current_app.extensions["tori.providers"].get(key)
    return found


def _client(provider: Provider) -> Any:
    return current_app.extensions["tori.oauth"].create_client(provider.key)


def redirect_to(provider: Provider, callback: str) -> Response:
    """To the provider, with a state and a nonce that this session remembers. Raises RuleBroken("sso_away")."""
    try:
        client = _client(provider)
        _check_metadata(provider, client.load_server_metadata())
        answer: Response = client.authorize_redirect(callback)
    except (OSError, ValueError, RuntimeError) as error:
        raise RuleBroken("sso_away") from error
    return answer


def _check_metadata(provider: Provider, metadata: dict[str, Any]) -> None:
    """The document belongs to the issuer, and can't widen what signatures are believed."""
    if "{tenant" not in provider.issuer and metadata.get("issuer") != provider.issuer:
        raise ValueError("the issuer of the discovery document is another")
    metadata["id_token_signing_alg_values_supported"] = ALGORITHMS


def person_behind(provider: Provider) -> Person:
    """Who comes back with this request. Raises RuleBroken("sso_refused") or ("sso_away")."""
    from tori.accounts import openid

    try:
        client = _client(provider)
        _check_metadata(provider, client.load_server_metadata())
        token = client.authorize_access_token(
            claims_options={"aud": {"essential": True, "value": provider.client_id}, "iss": {"essential": True}},
            leeway=LEEWAY_SECONDS,
        )
    except openid.REFUSED as error:
        raise RuleBroken("sso_refused") from error
    except openid.AWAY as error:
        raise RuleBroken("sso_away") from error
    except openid.WRONG as error:
        raise RuleBroken("sso_refused") from error
    claims = token.get("userinfo")
    if not claims:
        raise RuleBroken("sso_refused")
    return _person(provider, claims)


def _person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    tenant = str(claims.get(provider.tenant_claim, "")) if provider.tenant_claim else ""
    subject = claims.get(provider.subject_claim)
    organisation = provider.tenants.get(tenant, "") if provider.tenants else provider.organisation
    if not organisation or not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise RuleBroken("sso_tenant" if subject else "sso_refused")
    if claims.get("iss") != provider.issuer.replace("{tenantid}", tenant).replace("{tenant}", tenant):
        raise RuleBroken("sso_refused")
    email = str(claims.get("email") or claims.get("preferred_username") or "").strip().lower()
    locale = str(claims.get("locale") or "fi")[:2]
    return Person(
        provider, str(claims["iss"]), tenant, subject, organisation, email, claims.get("email_verified") is True,
        clean_line(str(claims.get("name") or "")), locale if locale in LOCALES else "fi",
    )  # fmt: skip


def _identity(session: Session, person: Person) -> Identity | None:
    return session.scalar(
        select(Identity).where(
            Identity.issuer == person.issuer, Identity.tenant == person.tenant, Identity.subject == person.subject
        )
    )


def sign_in(session: Session, person: Person) -> User:
    """The account of the person; a new one at the first time. Raises RuleBroken: ("sso_known_address") when another
    account has the address, ("sso_address") when nobody vouches for the address, ("sso_closed") where it was closed."""
    row = _identity(session, person)
    user = session.get_one(User, row.user_id) if row else _new_user(session, person)
    if not user.is_active:
        raise RuleBroken("sso_closed")
    if row is not None:
        row.used_at = clock.now()
    user.seen_on, user.asked_idle_on = clock.today(), None
    memberships.join(session, user, _organisation(session, person).id)
    record(session, UserSignedIn(actor_id=user.id, user_id=user.id))
    return user


def _organisation(session: Session, person: Person) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.slug == person.organisation))
    if found is None:
        raise RuleBroken("sso_tenant")
    return found


def _new_user(session: Session, person: Person) -> User:
    try:
        address = names.normal_email(person.email)
    except RuleBroken as error:
        raise RuleBroken("sso_address") from error
    domains = {row.domain for row in _organisation(session, person).domains}
    if not person.email_is_verified and names.domain_of(address) not in domains:
        raise RuleBroken("sso_address")
    owner = user_by_email(session, address)
    if owner is not None and owner.confirmed_at is not None:
        raise RuleBroken("sso_known_address")
    if owner is not None:
        session.delete(owner)
        session.flush()
    try:
        shown = names.display_name(person.name)
    except RuleBroken:
        shown = address.partition("@")[0].replace(".", " ").title()
    user = User(email=address, display_name=shown, role=Role.MEMBER, locale=person.locale, confirmed_at=clock.now())
    session.add(user)
    session.flush()
    _connect(session, user, person)
    record(session, UserRegistered(actor_id=None, user_id=user.id))
    record(session, UserConfirmed(actor_id=user.id, user_id=user.id))
    return user


def _connect(session: Session, user: User, person: Person) -> None:
    session.add(
        Identity(
            user_id=user.id, provider=person.provider.key, issuer=person.issuer, tenant=person.tenant,
            subject=person.subject, used_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def connect(session: Session, actor: Actor, person: Person) -> None:
    """Connects the account of the organisation to one's own. Raises RuleBroken("sso_of_another")."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    user = session.get_one(User, actor.user.id)
    row = _identity(session, person)
    if row is not None and row.user_id != user.id:
        raise RuleBroken("sso_of_another")
    if row is None:
        _connect(session, user, person)
        record(session, IdentityConnected(actor_id=user.id, user_id=user.id, provider=person.provider.key))
        mails.send(session, user, "identity_connected", provider=person.provider.name)
    memberships.join(session, user, _organisation(session, person).id)


def disconnect(session: Session, actor: Actor, identity_id: int) -> None:
    """Signing in with the organisation's account then makes or finds another account. One's own only."""
    require(actor, Permission.ACCOUNT_OWN)
    row = session.scalar(select(Identity).where(Identity.id == identity_id, Identity.user_id == actor.id))
    if row is not None:
        session.delete(row)
        record(session, IdentityDisconnected(actor_id=actor.id, user_id=row.user_id, provider=row.provider))
