"""The page of an organisation's ambassadors: what the task is, and what to pass on."""

from flask import current_app, render_template
from sqlalchemy.orm import Session

from tori.config import Config
from tori.database import db
from tori.deeds import sharing
from tori.deeds.queries import cards_in_themes, interests_of, latest_cards
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.templating import public_link, request_locale
from tori.models.people import Membership, Organisation
from tori.organisations import queries, workspace
from tori.organisations.views import blueprint
from tori.organisations.workspace_views import invitations
from tori.policy import Permission, can, require

PASSED_ON = 5


@blueprint.get("/organisaatiot/<slug>/lahettilas")
@access(OBJECT)
def ambassador(slug: str) -> str:
    """Whoever has been asked reads what it is and answers; ambassadors and contact persons find their tools."""
    session = db.session()
    require(current_actor(), Permission.ACCOUNT_OWN)
    organisation = queries.organisation_of(session, slug)
    own = _own_membership(organisation)
    if own is not None and own.ambassador_since is None and own.ambassador_asked_at is not None:
        return render_template("organisations/ambassador_asked.html", organisation=organisation)
    require(current_actor(), Permission.ORGANISATION_AMBASSADOR, organisation)
    return render_template(
        "organisations/ambassador.html",
        organisation=organisation,
        is_ambassador=own is not None and own.ambassador_since is not None,
        may_keep_people=can(current_actor(), Permission.ORGANISATION_PEOPLE, organisation),
        **_tools(session, organisation),
    )


def _own_membership(organisation: Organisation) -> Membership | None:
    user = current_actor().user
    assert user is not None
    return next((row for row in user.memberships if row.organisation_id == organisation.id), None)


def _tools(session: Session, organisation: Organisation) -> dict[str, object]:
    config: Config = current_app.extensions["tori"]
    locale = request_locale()
    interests = interests_of(session, organisation.id)
    cards = cards_in_themes(session, [theme.id for theme in interests], organisation.id, locale, PASSED_ON)
    link = public_link(config, "deeds.new", locale)
    return {
        "has_interests": bool(interests),
        "on_interests": bool(cards),
        "cards": cards or latest_cards(session, locale, PASSED_ON),
        "waiting": workspace.waiting(session, organisation),
        "link": link,
        "code": sharing.qr_code(link),
        "ink": sharing.QR_INK,
        "texts": invitations(organisation.name_in(locale), link),
    }
