"""The composition root: which function hears which event, what runs when, which pages and which engine there are."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Flask, current_app, request
from sqlalchemy.orm import Session

from tori import backup, upkeep
from tori.accounts import (  # noqa: F401  (the views add their pages to the blueprint of accounts)
    administration,
    api_token_views,
    erasure,
    erasure_views,
    jobs,
    link_views,
    mark_views,
    membership_views,
    memberships,
    passkey_views,
    second_factor_views,
    single_sign_on,
    single_sign_on_views,
)
from tori.accounts import views as accounts
from tori.adoptions import breakthrough, follow_up
from tori.adoptions import letters as author_letters
from tori.adoptions import views as adoptions
from tori.api import dump, v1, writing
from tori.api import more as _more  # noqa: F401  (adds its addresses to the interface)
from tori.api import open_data as _open_data  # noqa: F401  (adds its pages to the interface)
from tori.campaigns import award_views as _award_views  # noqa: F401  (adds its pages to the campaigns)
from tori.campaigns import (
    challenge_views,
    clockwork,
    diplomas,
    event_views,
    leads,
    nominations,
    voting,
    weekly,
    weekly_views,
)
from tori.campaigns import views as campaigns
from tori.campaigns import vote_views as _vote_views  # noqa: F401  (adds its pages to the campaigns)
from tori.config import Config
from tori.conversation import private, private_views  # noqa: F401  (the views add their pages to the blueprint)
from tori.conversation import views as conversation
from tori.core import events
from tori.curation import guides, meeting_views, meetings, stories, toplists
from tori.database import FINISHERS, db, transaction
from tori.deeds import (  # noqa: F401  (the views add their pages to the blueprint of deeds)
    alike,
    drafts_views,
    growing_views,
    helping_views,
    lifecycle,
    lifecycle_views,
    moved,
    peer_help_views,
    plan_views,
    reading_views,
    requests,
    search_log,
    search_views,
    team_look_views,
    team_looks,
    together_views,
    tools_views,
    variants,
    writing_views,
)
from tori.deeds import views as deeds
from tori.deeds.drafts import sweep_working_copies
from tori.digest import (
    letters,
    news,
    newsletter,
    newsletter_views,
    plan_reminders,
    sending,
    subscriptions,
    survey,
    survey_views,
    talk,
    telling,
)
from tori.digest import views as digest
from tori.edge.sessions import sweep_sessions
from tori.exchange.seeding import begin_new_kinds
from tori.follows import views as follows
from tori.media import views as media
from tori.media.jobs import make_sizes, sweep_uploads
from tori.moderation import guard, reports
from tori.moderation import views as moderation
from tori.notifications import audit, inbox, mail
from tori.notifications.changes import note_change, note_indexed, queue_indexing
from tori.organisations import ambassador_views as _ambassador_views  # noqa: F401  (adds its page to organisations)
from tori.organisations import views as organisations
from tori.organisations import webhook_views as _webhook_views  # noqa: F401  (adds its pages to organisations)
from tori.organisations import webhooks
from tori.organisations import workspace_views as _workspace_views  # noqa: F401  (adds its pages to organisations)
from tori.search import indexing
from tori.search.port import SearchEngine, SearchError
from tori.statistics.stored import keep_ready
from tori.web import award_desk as _award_desk  # noqa: F401  (adds its pages to the desk)
from tori.web import campaign_desk as _campaign_desk  # noqa: F401  (adds its pages to the desk)
from tori.web import campaign_picture_desk as _campaign_picture_desk  # noqa: F401  (adds its pages to the desk)
from tori.web import campaign_video_desk as _campaign_video_desk  # noqa: F401  (adds its page to the desk)
from tori.web import candidate_desk as _candidate_desk  # noqa: F401  (adds its page to the desk)
from tori.web import coverage as _coverage  # noqa: F401  (adds its page to the desk)
from tori.web import (
    desk,
    feeds,
    front,
    gallery,
    health,
    machines,
    map,
    pages,
    press,
    previews,
    retention,
    small,
    spread,
    state,
    statistics,
    themes,
    trials,
)
from tori.web import desk_news as _desk_news  # noqa: F401  (adds its pages to the desk)
from tori.web import desk_pages as _desk_pages  # noqa: F401  (add their pages to the desk)
from tori.web import desk_people as _desk_people  # noqa: F401  (adds its pages to the desk)
from tori.web import desk_talk as _desk_talk  # noqa: F401  (adds its answers to the desk)
from tori.web import goal_desk as _goal_desk  # noqa: F401  (adds its page to the desk)
from tori.web import jury_desk as _jury_desk  # noqa: F401  (adds its pages to the desk)
from tori.web import lead_desk as _lead_desk  # noqa: F401  (adds its pages to the desk)
from tori.web import list_feeds as _list_feeds  # noqa: F401  (adds its feeds to the others)
from tori.web import map_page as _map_page  # noqa: F401  (adds the page to the map)
from tori.web import moderation_desk as _moderation_desk  # noqa: F401  (adds its pages to the desk)
from tori.web import review as review_queue  # noqa: F401  (adds its pages to the desk)
from tori.web import state_desk as _state_desk  # noqa: F401  (adds its page to the desk)
from tori.web import statement as accessibility_statement
from tori.web import statement_desk as _statement_desk  # noqa: F401  (adds its page to the desk)
from tori.web import statistics_year as _statistics_year  # noqa: F401  (adds its pages to the statistics)
from tori.web import trial_desk as _trial_desk  # noqa: F401  (adds its page to the desk)
from tori.web import year_desk as _year_desk  # noqa: F401  (adds its pages to the desk)
from tori.web.ready_pages import make_ready
from tori.wishes import service as wish_service
from tori.wishes import views as wishes
from tori.worker import Job, Queue, Worker, daily, hourly, send_due_mails, sweep_job_runs


def tell_webhooks(session: Session, event: events.Event) -> None:
    webhooks.note(session, event, current_app.extensions["tori"].public_url)


HANDLERS: Mapping[type[events.Event], Sequence[events.Handler]] = {
    events.Event: [audit.write_audit_entry, note_change],
    events.DeedPublished: [
        queue_indexing,
        news.note_published,
        wish_service.keep_promises,
        variants.follow_publishing,
        requests.tell_of_filled_parts,
        nominations.note_published,
        tell_webhooks,
    ],
    events.DeedEdited: [queue_indexing, requests.tell_of_filled_parts, telling.tell_of_edit, tell_webhooks],
    events.DeedsMerged: [queue_indexing],
    events.DeedArchived: [queue_indexing, tell_webhooks],
    events.DeedRestored: [queue_indexing, tell_webhooks],
    events.DeedWithdrawn: [queue_indexing, tell_webhooks],
    events.DeedDeleted: [queue_indexing],
    events.DeedImported: [queue_indexing],
    events.DeedAdopted: [queue_indexing, inbox.tell_of_adoption, news.note_adopted, tell_webhooks],
    events.AdoptionDescribed: [breakthrough.follow_change],
    events.AdoptionUndone: [queue_indexing, breakthrough.follow_change],
    events.AdoptionsMerged: [queue_indexing, breakthrough.follow_change],
    events.FollowUpAnswered: [breakthrough.follow_change],
    events.CommentPosted: [queue_indexing, news.note_commented, talk.tell_of_comment],
    events.DeedPicked: [news.note_picked],
    events.DeedSaved: [wish_service.note_draft, nominations.note_draft],
    events.WishPosted: [news.note_wish, guard.look_at_wish],
    events.WishAnswered: [telling.tell_of_wish_answer, news.note_wish_answered],
    events.PartnersSought: [news.note_partners_sought],
    events.PartnerFound: [telling.tell_of_partner],
    events.CommentRemoved: [queue_indexing, talk.tell_of_removal, reports.end_reports_of_removed],
    events.CommentPutBack: [queue_indexing],
    events.CommentEdited: [queue_indexing],
    events.CommentHeld: [queue_indexing],
    events.CommentApproved: [talk.tell_of_approval],
    events.DeedThanked: [talk.tell_of_thanks],
    events.PrivateMessageSent: [talk.tell_of_private_message],
    events.PrivateQuestionPassed: [talk.tell_of_passed_question],
    events.DeedOrganisationsChanged: [queue_indexing],
    events.TopListChanged: [telling.tell_of_list],
    events.JuryChanged: [telling.tell_of_jury],
    events.CampaignMoved: [telling.tell_jury],
}

BLUEPRINTS: list[Blueprint] = [
    front.blueprint, deeds.blueprint, themes.themes, themes.sectors, organisations.blueprint, campaigns.blueprint,
    toplists.blueprint, stories.blueprint, statistics.blueprint, map.blueprint, pages.blueprint, accounts.blueprint,
    desk.blueprint, feeds.blueprint, machines.blueprint, health.blueprint, v1.blueprint, adoptions.blueprint,
    previews.blueprint, spread.blueprint, press.blueprint, conversation.blueprint, media.blueprint, digest.blueprint,
    follows.blueprint, wishes.blueprint, moderation.blueprint, moved.blueprint, guides.blueprint,
    meeting_views.blueprint, newsletter_views.blueprint, survey_views.blueprint, small.blueprint,
    trials.blueprint,
]  # fmt: skip

JOBS = [
    Job("write_open_data", daily, dump.write_files),
    Job("write_open_data_again", hourly, dump.write_again),
    Job("ask_freshness", daily, lifecycle.ask_freshness),
    Job("sweep_working_copies", daily, sweep_working_copies),
    Job("sweep_sessions", hourly, sweep_sessions),
    Job("sweep_uploads", hourly, sweep_uploads),
    Job("sweep_accounts", daily, jobs.sweep_accounts),
    Job("ask_idle", daily, jobs.ask_idle),
    Job("end_roles", daily, administration.end_roles),
    Job("erase_idle", daily, jobs.erase_idle),
    Job("erase_due", daily, erasure.erase_due),
    Job("erase_again", hourly, erasure.erase_again),
    Job("sweep_old_drafts", daily, retention.sweep_old_drafts),
    Job("remind_of_statement", daily, accessibility_statement.remind),
    Job("tell_audit_head", daily, audit.tell_head),
    Job("end_due_stewardships", daily, memberships.end_due_stewardships),
    Job("sweep_webhooks", daily, webhooks.sweep),
    Job("sweep_job_runs", daily, sweep_job_runs),
    Job("enrol_members", daily, subscriptions.enrol_members),
    Job("sweep_digests", daily, subscriptions.sweep),
    Job("tell_authors_of_requests", daily, requests.tell_authors),
    Job("sweep_team_looks", daily, team_looks.sweep),
    Job("remind_of_plans", hourly, plan_reminders.remind),
    Job("ask_how_it_went", daily, follow_up.send_due),
    Job("write_to_authors", daily, author_letters.write_due),
    Job("pass_private_questions_on", daily, private.pass_on),
    Job("mark_breakthroughs", daily, breakthrough.mark_all),
    Job("remind_challenged", daily, nominations.send_reminders),
    Job("warn_of_gap", daily, weekly.warn_of_gap),
    Job("ask_outcomes", daily, meetings.ask_outcomes),
    Job("remind_of_leads", daily, leads.remind),
    Job("sweep_diplomas", daily, diplomas.sweep),
    Job("sweep_nominations", daily, nominations.sweep),
    Job("sweep_votes", daily, voting.sweep),
    Job("sweep_old_rows", daily, retention.sweep_old_rows),
    Job("ask_survey", daily, survey.ask_members),
    Job("remind_survey", daily, survey.remind_members),
    Job("sweep_search_log", daily, search_log.sweep),
    Job("begin_new_kinds", daily, begin_new_kinds),
    Job("make_backup", daily, backup.make_nightly),
    Job("check_database", daily, state.check_database),
    Job("tell_administrators", hourly, lambda config: state.tell_administrators(config, engine_of(config))),
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


def queues(config: Config) -> list[Queue]:
    """What the worker works off, in this order."""

    def index_changed_deeds(config: Config) -> int:
        taken = indexing.drain(db.session(), engine_of(config))
        if taken:
            # A search that was made between the change and its turn in the index is old, too.
            with transaction() as session:
                note_indexed(session)
        return taken

    def find_deeds_alike(config: Config) -> int:
        return alike.find_due(db.session(), engine_of(config))

    def write_due_digests(config: Config) -> int:
        return sending.send_due_digests(config, engine_of(config))

    return [
        Queue(clockwork.move_due, clockwork.is_due),
        Queue(lifecycle.publish_due, lifecycle.is_due),
        Queue(index_changed_deeds, lambda config: indexing.is_due(config, engine_of(config))),
        Queue(find_deeds_alike, alike.is_due),
        Queue(write_due_digests, sending.is_due),
        Queue(newsletter.send_due, newsletter.is_due),
        Queue(send_due_mails, mail.is_due),
        Queue(webhooks.deliver_due, webhooks.is_due),
        Queue(diplomas.print_due, diplomas.is_due),
        Queue(audit.seal_new, audit.is_due),
    ]


def keep_words(config: Config) -> int:
    """For the worker; see ``SearchEngine.keep_words``."""
    try:
        return engine_of(config).keep_words()
    except SearchError:
        # It is told where the index is looked after.
        return 0


def figures(app: Flask, config: Config) -> list[tuple[str, str, float]]:
    """What METRICS_PORT tells beside the counts of the web processes."""
    with app.app_context():
        try:
            return state.figures(db.session(), config, engine_of(config))
        finally:
            db.session.remove()


def make_worker(app: Flask) -> Worker:
    config: Config = app.extensions["tori"]
    if app.extensions["tori.shelf"] is not None:
        # No reader asks this process.
        app.extensions["tori.shelf"].memory_bytes = 0
    return Worker(app, queues(config), JOBS, [upkeep.look_after], [make_sizes, keep_ready, keep_words, make_ready])


def connect(app: Flask, config: Config) -> None:
    events.connect(HANDLERS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if config.development:
        app.register_blueprint(gallery.blueprint)
    # Mail programs end the digest without a cookie; the address itself is the secret.
    app.extensions["csrf"].exempt(digest.unsubscribe)
    mail.GUARDS[letters.EVENT] = letters.is_wanted
    mail.GUARDS["challenge_invitation"] = nominations.is_wanted
    app.extensions["csrf"].exempt(weekly_views.withdraw_feature)
    mail.GUARDS["lead_invitation"] = nominations.is_wanted
    mail.GUARDS["campaign_letter"] = nominations.is_wanted
    app.extensions["csrf"].exempt(challenge_views.decline)
    app.extensions["csrf"].exempt(challenge_views.stop_letters)
    # The address in the mail is the secret, and it must work where there is no cookie.
    app.extensions["csrf"].exempt(adoptions.answer)
    app.extensions["csrf"].exempt(adoptions.stop)
    single_sign_on.init_single_sign_on(app, config)
    app.extensions["tori.search"] = lambda: engine_of(config)
    # The key of the interface is in a header, which no page of another site can make a browser send.
    app.extensions["csrf"].exempt(writing.write_draft)
    app.extensions["csrf"].exempt(writing.bring_in)
    # A visitor's page has no session, so its form has no token; it can only leave a text.
    app.extensions["csrf"].exempt(drafts_views.keep_visitors_text)
    # The link is the right to answer, and whoever has it may have no session.
    app.extensions["csrf"].exempt(team_look_views.look)
    app.extensions["csrf"].exempt(event_views.stand)
    app.extensions["csrf"].exempt(search_views.clicked)
    app.extensions["csrf"].exempt(trials.used)
    # A press under the results and an anonymous survey: they only add a count, and a visitor's page has no session.
    app.extensions["csrf"].exempt(survey_views.poll)
    app.extensions["csrf"].exempt(survey_views.survey_page)
    app.extensions["csrf"].exempt(survey_views.letter_opinion)

    @app.before_request
    def note_source() -> None:
        audit.set_source(f"web {request.remote_addr or ''}".strip())
