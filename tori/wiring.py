"""The composition root: which function hears which event, what runs when, which pages and which engine there are."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, Flask, current_app, request
from sqlalchemy.orm import Session

from tori.accounts import views as accounts
from tori.accounts.jobs import sweep_accounts
from tori.adoptions import breakthrough, follow_up
from tori.adoptions import letters as author_letters
from tori.adoptions import views as adoptions
from tori.api import v1
from tori.campaigns import views as campaigns
from tori.config import Config
from tori.core import events
from tori.curation import stories, toplists
from tori.database import FINISHERS, db
from tori.deeds import (  # noqa: F401  (the views add their pages to the blueprint of deeds)
    drafts_views,
    growing_views,
    helping_views,
    lifecycle_views,
    reading_views,
    requests,
    search_log,
    search_views,
    tools_views,
    variants,
    writing_views,
)
from tori.deeds import views as deeds
from tori.deeds.drafts import sweep_working_copies
from tori.deeds.lifecycle import ask_freshness, publish_due
from tori.digest import letters, news, subscriptions, telling
from tori.digest import views as digest
from tori.digest.sending import send_due_digests
from tori.edge.sessions import sweep_sessions
from tori.follows import views as follows
from tori.media import views as media
from tori.media.jobs import sweep_uploads
from tori.notifications import audit, inbox, mail
from tori.notifications.changes import bump_content_version, queue_indexing
from tori.organisations import views as organisations
from tori.search import indexing
from tori.search.port import SearchEngine
from tori.web import desk, feeds, front, gallery, health, machines, map, pages, retention, spread, statistics, themes
from tori.web import desk_news as _desk_news  # noqa: F401  (adds its pages to the desk)
from tori.web import map_page as _map_page  # noqa: F401  (adds the page to the map)
from tori.web import review as review_queue  # noqa: F401  (adds its pages to the desk)
from tori.wishes import service as wish_service
from tori.wishes import views as wishes
from tori.worker import Job, Worker, daily, hourly, send_due_mails, sweep_job_runs

_content = [bump_content_version, queue_indexing]

HANDLERS: Mapping[type[events.Event], Sequence[events.Handler]] = {
    events.Event: [audit.write_audit_entry],
    events.DeedPublished: [
        *_content,
        news.note_published,
        wish_service.keep_promises,
        variants.follow_publishing,
        requests.tell_of_filled_parts,
    ],
    events.DeedEdited: [*_content, requests.tell_of_filled_parts],
    events.DeedChecked: [bump_content_version],
    events.DeedsMerged: _content,
    events.DeedOrganisationsChanged: [bump_content_version],
    events.DeedPlaced: [bump_content_version],
    events.DeedUpdateAdded: [bump_content_version],
    events.DeedUpdateRemoved: [bump_content_version],
    events.DeedArchived: _content,
    events.DeedRestored: _content,
    events.DeedWithdrawn: _content,
    events.DeedDeleted: _content,
    events.DeedImported: _content,
    events.DeedAdopted: [*_content, inbox.tell_of_adoption, news.note_adopted],
    events.AdoptionDescribed: [bump_content_version, breakthrough.follow_change],
    events.AdoptionJoined: [bump_content_version],
    events.AdoptionLeft: [bump_content_version],
    events.AdoptionUndone: [*_content, breakthrough.follow_change],
    events.AdoptionsMerged: [*_content, breakthrough.follow_change],
    events.OrganisationsMerged: [bump_content_version],
    events.FollowUpAnswered: [bump_content_version, breakthrough.follow_change],
    events.CommentPosted: [*_content, inbox.tell_of_comment, news.note_commented],
    events.DeedPicked: [news.note_picked],
    events.DeedSaved: [wish_service.note_draft],
    events.WishPosted: [news.note_wish],
    events.WishAnswered: [telling.tell_of_wish_answer, news.note_wish_answered],
    events.PartnersSought: [news.note_partners_sought],
    events.PartnerFound: [telling.tell_of_partner],
    events.CommentRemoved: _content,
    events.PictureAdded: [bump_content_version],
    events.PictureDescribed: [bump_content_version],
    events.PictureMoved: [bump_content_version],
    events.PictureRemoved: [bump_content_version],
    events.FileAdded: [bump_content_version],
    events.FileRemoved: [bump_content_version],
    events.OrganisationChanged: [bump_content_version],
    events.ContentSeeded: [bump_content_version],
}

BLUEPRINTS: list[Blueprint] = [
    front.blueprint, deeds.blueprint, themes.themes, themes.sectors, organisations.blueprint, campaigns.blueprint,
    toplists.blueprint, stories.blueprint, statistics.blueprint, map.blueprint, pages.blueprint, accounts.blueprint,
    desk.blueprint, feeds.blueprint, machines.blueprint, health.blueprint, v1.blueprint,
    adoptions.blueprint, spread.blueprint,
    media.blueprint, digest.blueprint, follows.blueprint, wishes.blueprint,
]  # fmt: skip

JOBS = [
    Job("ask_freshness", daily, ask_freshness),
    Job("sweep_working_copies", daily, sweep_working_copies),
    Job("sweep_sessions", hourly, sweep_sessions),
    Job("sweep_uploads", hourly, sweep_uploads),
    Job("sweep_accounts", daily, sweep_accounts),
    Job("sweep_job_runs", daily, sweep_job_runs),
    Job("enrol_members", daily, subscriptions.enrol_members),
    Job("sweep_digests", daily, subscriptions.sweep),
    Job("tell_authors_of_requests", daily, requests.tell_authors),
    Job("ask_how_it_went", daily, follow_up.send_due),
    Job("write_to_authors", daily, author_letters.write_due),
    Job("mark_breakthroughs", daily, breakthrough.mark_all),
    Job("sweep_old_rows", daily, retention.sweep_old_rows),
    Job("sweep_search_log", daily, search_log.sweep),
    Job("check_index", daily, lambda config: indexing.check(db.session(), engine_of(config))),
]

_engines: dict[str, SearchEngine] = {}


def engine_of(config: Config) -> SearchEngine:
    """The engine that SEARCH_URL names; one for each process and instance."""
    key = f"{config.search_url} {config.instance}"
    if key not in _engines:
        database = (lambda: db.engine) if config.is_postgresql else None
        _engines[key] = indexing.make_engine(config.search_url, config.instance / "index", config.analyser, database)
    return _engines[key]


def index_at_once(session: Session) -> None:
    """An index that lies in the database of the deeds changes with them."""
    config: Config = current_app.extensions["tori"]
    if config.search_url.startswith("postgresql:"):
        session.flush()
        indexing.take_along(session, engine_of(config))


FINISHERS.append(index_at_once)


def drains(config: Config) -> list[Callable[[Config], int]]:
    """The queues of the worker. Each function does a bounded amount and returns how much it did."""

    def index_changed_deeds(config: Config) -> int:
        return indexing.drain(db.session(), engine_of(config))

    def write_due_digests(config: Config) -> int:
        return send_due_digests(config, engine_of(config))

    return [publish_due, index_changed_deeds, write_due_digests, send_due_mails]


def make_worker(app: Flask) -> Worker:
    config: Config = app.extensions["tori"]
    return Worker(app, drains(config), JOBS)


def connect(app: Flask, config: Config) -> None:
    events.connect(HANDLERS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if config.development:
        app.register_blueprint(gallery.blueprint)
    # Mail programs end the digest without a cookie; the address itself is the secret.
    app.extensions["csrf"].exempt(digest.unsubscribe)
    mail.GUARDS[letters.EVENT] = letters.is_wanted
    # The address in the mail is the secret, and it must work where there is no cookie.
    app.extensions["csrf"].exempt(adoptions.answer)
    app.extensions["csrf"].exempt(adoptions.stop)
    app.extensions["tori.search"] = lambda: engine_of(config)
    # A visitor's page has no session, so its form has no token; it can only leave a text.
    app.extensions["csrf"].exempt(drafts_views.keep_visitors_text)
    app.extensions["csrf"].exempt(search_views.clicked)

    @app.before_request
    def note_source() -> None:
        audit.set_source(f"web {request.remote_addr or ''}".strip())
