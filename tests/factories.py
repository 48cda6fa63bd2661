"""Rows for tests. Names and texts are plain and real-looking, people are roles."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.accounts.passwords import hash_password
from tori.core import clock
from tori.core.text import render_markdown, slugify
from tori.models.deeds import MARKDOWN_FIELDS, Deed, DeedStatus, Sector, Theme
from tori.models.people import Membership, Municipality, Organisation, OrganisationDomain, Region, Role, User
from tori.models.tags import Tag, TagKind


@lru_cache
def _hashed(password: str) -> str:
    """Hashing is slow on purpose; the same password need not be hashed for every test."""
    return hash_password(password)


class Factory:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.number = 0

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.commit()
        return row

    def region(self, name: str = "Pirkanmaa", code: str = "06") -> Region:
        found = self.session.scalar(select(Region).where(Region.slug == slugify(name)))
        return found or self._add(Region(name=name, slug=slugify(name), code=code))

    def municipality(self, name: str = "Nokia", code: str | None = None, population: int = 30_000) -> Municipality:
        found = self.session.scalar(select(Municipality).where(Municipality.name == name))
        return found or self._add(
            Municipality(
                name=name, code=code or f"{self._next():03}", region_id=self.region().id, language_status="fi",
                urban_rural="urban", population=population, latitude=61.5, longitude=23.5,
            )
        )  # fmt: skip

    def organisation(self, name: str | None = None, domain: str | None = None, **values: Any) -> Organisation:
        name = name or f"Kunta {self._next()}"
        row = Organisation(
            **{"name": name, "slug": slugify(name), "kind": "kunta", "municipality_id": self.municipality().id,
               "region_id": self.region().id, **values}
        )  # fmt: skip
        if domain:
            row.domains.append(OrganisationDomain(domain=domain))
        return self._add(row)

    def tag(self, kind: TagKind = TagKind.PROFESSION, name: str = "opettajat", **values: Any) -> Tag:
        row = Tag(**{"kind": kind, "name": name, "slug": slugify(name), "synonyms": [], **values})
        return self._add(row)

    def sector(self, slug: str = "koko-kunta", name: str = "koko kunta") -> Sector:
        found = self.session.scalar(select(Sector).where(Sector.slug == slug))
        return found or self._add(
            Sector(
                slug=slug,
                name=name,
                icon="building-community",
                colour="taivas",
                position=self._next(),
                meanings={"fi": name},
            )
        )

    def theme(self, name: str = "kokeilukulttuuri") -> Theme:
        found = self.session.scalar(select(Theme).where(Theme.slug == slugify(name)))
        return found or self._add(Theme(slug=slugify(name), name=name, meanings={}, synonyms=[]))

    def user(
        self,
        email: str | None = None,
        organisation: Organisation | None = None,
        role: Role = Role.MEMBER,
        steward: bool = False,
        **values: Any,
    ) -> User:
        """A confirmed account whose password is ``conftest.PASSWORD``."""
        from tests.conftest import PASSWORD

        user = User(
            **{"email": email or f"jasen{self._next()}@example.org", "display_name": "Kehittäjä", "role": role,
               "confirmed_at": clock.now(), "trusted_at": clock.now(), "password_hash": _hashed(PASSWORD), **values}
        )  # fmt: skip
        if organisation is not None:
            user.memberships.append(Membership(organisation_id=organisation.id, is_steward=steward))
        return self._add(user)

    def deed(self, title: str = "Aamupalaveri kävellen", themes: list[Theme] | None = None, **values: Any) -> Deed:
        """A published deed unless ``status`` says otherwise."""
        moment = datetime(2026, 5, 4, 9, tzinfo=UTC)
        values = {
            "title": title,
            "slug": slugify(title),
            "summary": "Palaveri pidetään kävellen, ja asiat sovitaan matkalla.",
            "status": DeedStatus.PUBLISHED,
            "published_at": moment,
            "updated_at": moment,
            **values,
        }
        if "organisation_id" not in values:
            values["organisation_id"] = self.organisation().id
        if "sector_id" not in values:
            values["sector_id"] = self.sector().id
        if values["status"] == DeedStatus.DRAFT:
            values["published_at"] = None
        deed = Deed(**values)
        deed.rendered = {
            name: str(render_markdown(getattr(deed, name))) for name in MARKDOWN_FIELDS if getattr(deed, name)
        }
        deed.themes = themes or []
        return self._add(deed)
