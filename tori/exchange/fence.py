"""What the contact person of an organisation may bring in: its own deeds, as far as they may write them."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from tori.exchange.format import DeedLine, Problem
from tori.exchange.names import Names
from tori.models.deeds import PUBLIC_STATUSES, Deed, DeedStatus
from tori.models.people import Organisation
from tori.policy import Actor, is_trusted

OPEN_STATUSES = (DeedStatus.DRAFT, *PUBLIC_STATUSES)
GIVEN_STATUSES = (DeedStatus.DRAFT, DeedStatus.PUBLISHED)


class Fence:
    """Judges the lines of one file. ``coming`` are the external_ids that the file itself brings."""

    def __init__(self, session: Session, actor: Actor, organisation: Organisation, names: Names) -> None:
        self.may_publish = is_trusted(actor)
        self.organisation = organisation
        self.names = names
        self.stored: dict[str, Deed] = {}
        self.coming: set[str | None] = set()

    def learn(self, deeds: Iterable[Deed]) -> None:
        self.stored.update({str(deed.external_id): deed for deed in deeds})

    def problems(self, line: DeedLine) -> list[Problem]:
        found = []
        known = self.names.known_organisation(line.organisation)
        if known is None or known.id != self.organisation.id:
            found.append(Problem("other_organisation", "organisation"))
        found += [
            Problem("unknown_theme", "themes", {"given": theme})
            for theme in line.themes
            if not self.names.knows_theme(theme)
        ]
        found += [
            Problem("editors_only", name)
            for name in ("editor_note", "author", "co_authors")
            if getattr(line, name) not in (None, "")
        ]
        if line.status and line.status not in GIVEN_STATUSES:
            found.append(Problem("bad_choice", "status", {"given": line.status, "allowed": ", ".join(GIVEN_STATUSES)}))
        return found + self._problems_of_deeds(line)

    def _problems_of_deeds(self, line: DeedLine) -> list[Problem]:
        """The deed itself, and those that it would be tied to."""
        found = []
        deed = self.stored.get(line.external_id or "")
        if deed is not None and not self._is_own(deed):
            # Whose it is, or that there is a draft of this name elsewhere, is not told.
            found.append(Problem("other_organisation", "external_id"))
        elif deed is not None and deed.status not in OPEN_STATUSES:
            found.append(Problem("deed_closed", "external_id"))
        whole = self.stored.get(line.part_of or "")
        if whole is not None and not self._is_own(whole):
            found.append(Problem("other_organisation", "part_of"))
        model = self.stored.get(line.variant_of or "")
        if model is not None and not (self._is_own(model) or model.is_public):
            found.append(Problem("unknown_deed", "variant_of", {"given": line.variant_of}))
        together = {row.name for row in deed.co_organisations} if deed is not None else set()
        if {self.names.organisation_name(name) for name in line.co_organisations or ()} - together:
            found.append(Problem("other_organisation", "co_organisations"))
        return found

    def _is_own(self, deed: Deed) -> bool:
        return deed.organisation_id == self.organisation.id

    def tamed(self, line: DeedLine) -> DeedLine:
        """The line with a status that the person may give: what is public stays so, and trust publishes."""
        deed = self.stored.get(line.external_id or "")
        if deed is not None and deed.is_public:
            return replace(line, status=None)
        if not self.may_publish:
            return replace(line, status=DeedStatus.DRAFT)
        if deed is None:
            return replace(line, status=line.status or DeedStatus.PUBLISHED)
        return line
