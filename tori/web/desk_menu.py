"""The menu of the desk: few groups, each page under the name that stands on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as __

from tori.policy import Actor, Permission, can

HOME = "desk.index"

MENU: Sequence[tuple[Any, Sequence[tuple[Any, str, Permission]]]] = (
    (__("To do"), (
        (__("What waits"), HOME, Permission.DESK_OPEN),
        (__("Deeds to review"), "desk.review_queue", Permission.DEED_REVIEW),
        (__("Reported content"), "desk.reports", Permission.MODERATE),
        (__("Newest comments and deeds"), "desk.moderation", Permission.MODERATE),
        (__("Feedback"), "desk.feedback", Permission.DESK_OPEN),
        (__("Ready answers"), "desk.ready_answers", Permission.MODERATE),
        (__("Leads"), "desk.leads", Permission.LEAD_MANAGE),
    )),
    (__("Content"), (
        (__("Front page"), "desk.front_page", Permission.CURATE),
        (__("TOP lists"), "desk.top_lists", Permission.CURATE),
        (__("Stories"), "desk.stories", Permission.CURATE),
        (__("Events"), "desk.meetings", Permission.CURATE),
        (__("Newsletters"), "desk.newsletters", Permission.CURATE),
        (__("Picks for the digest"), "desk.picks", Permission.CURATE),
        (__("Pages of advice"), "desk.guide_pages", Permission.CURATE),
        (__("Vision and goals"), "desk.goals", Permission.CURATE),
    )),
    (__("Vocabulary and search"), (
        (__("Themes"), "desk.themes", Permission.CURATE),
        (__("Choices of a deed"), "desk.tags_page", Permission.CURATE),
        (__("Synonyms"), "desk.synonyms", Permission.CURATE),
        (__("What is searched for"), "desk.searches", Permission.CURATE),
        (__("What is looked for in vain"), "desk.gaps", Permission.CURATE),
    )),
    (__("Campaigns"), (
        (__("All campaigns"), "desk.campaigns", Permission.CAMPAIGN_MANAGE),
        (__("Queue of the weekly makers"), "desk.weekly_queue", Permission.CAMPAIGN_MANAGE),
        (__("Year clock"), "desk.year_clock", Permission.DESK_OPEN),
    )),
    (__("Organisations and people"), (
        (__("Register of organisations"), "desk.organisations", Permission.ORGANISATION_REGISTER),
        (__("Coverage"), "desk.coverage", Permission.CURATE),
        (__("Memberships"), "desk.memberships", Permission.USER_MANAGE),
        (__("Accounts"), "desk.users", Permission.USER_MANAGE),
    )),
    (__("Upkeep"), (
        (__("Mails"), "desk.mails", Permission.MAIL_READ),
        (__("Import deeds"), "desk.importing", Permission.DEED_IMPORT),
        (__("Accessibility"), "desk.statement", Permission.USER_MANAGE),
        (__("Features on trial"), "desk.trials", Permission.AUDIT_READ),
        (__("State of the service"), "desk.state", Permission.AUDIT_READ),
        (__("Log"), "desk.log", Permission.AUDIT_READ),
        (__("Settings"), "desk.settings", Permission.AUDIT_READ),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    label: Any
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    label: Any
    entries: tuple[Entry, ...]

    @property
    def current(self) -> Entry | None:
        """The page of the group that is open, or the one that the open page stands under."""
        return next((entry for entry in self.entries if entry.is_current), None)


def menu_for(actor: Actor) -> list[Group]:
    """Only what the actor may open; a group without pages is left out."""
    groups = []
    for label, pages in MENU:
        entries = tuple(
            Entry(name, url_for(endpoint), _is_current(endpoint))
            for name, endpoint, permission in pages
            if can(actor, permission)
        )
        if entries:
            groups.append(Group(label, entries))
    return groups


def _is_current(endpoint: str) -> bool:
    if endpoint == HOME or request.endpoint == endpoint:
        return request.endpoint == endpoint
    return request.path.startswith(f"{url_for(endpoint)}/".removeprefix(request.script_root))
