"""What a new campaign is begun with: a template for each kind, so that one person can start in minutes."""

from datetime import date, timedelta

from flask_babel import gettext as _

from tori.campaigns.service import CampaignContent
from tori.models.campaigns import CampaignKind

WEEKS = {
    CampaignKind.OPEN: 12,
    CampaignKind.CHALLENGE: 12,
    CampaignKind.WEEKLY: 8,
    CampaignKind.THEME_MONTH: 4,
    CampaignKind.GALA: 1,
}


def template(kind: CampaignKind, today: date) -> CampaignContent:
    """Words to change, in the language of the page. A theme month begins today, the others on the next Monday."""
    texts = {
        CampaignKind.OPEN: (
            _("Tell your deed"),
            _("Tell what you made better. A few sentences are enough, and somebody else gets a working model."),
        ),
        CampaignKind.CHALLENGE: (
            _("Challenge a colleague"),
            _("Who has done something that others should hear of? Challenge them to tell it. Nobody needs an account."),
        ),
        CampaignKind.WEEKLY: (
            _("Change makers of the week"),
            _("Each week one deed and those who made it."),
        ),
        CampaignKind.THEME_MONTH: (
            _("Theme month"),
            _("Something happened, and many solve the same thing just now. Tell how you do it: nobody is alone."),
        ),
        CampaignKind.GALA: (_("Gala"), _("The best deeds of the year are thanked together.")),
    }
    name, description = texts[kind]
    start = today if kind == CampaignKind.THEME_MONTH else today + timedelta(days=7 - today.weekday())
    return CampaignContent(
        kind=kind, name=f"{name} {start.year}", starts_on=start,
        ends_on=start + timedelta(weeks=WEEKS[kind], days=-1), description=description,
        rules=_("A deed counts when it is published and joined to the campaign while the campaign runs."),
    )  # fmt: skip
