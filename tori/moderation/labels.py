"""Words of moderation."""

from flask_babel import lazy_gettext as __

from tori.models.moderation import Fault, Reportable, Verdict

FAULTS = {
    Fault.PERSONAL: __("It tells of a person without leave"),
    Fault.FALSE: __("It is not true"),
    Fault.ADVERT: __("It is an advert or spam"),
    Fault.OFFENDING: __("It offends or harasses"),
    Fault.RIGHTS: __("It uses somebody’s text or picture without leave"),
    Fault.OTHER: __("Something else is wrong"),
}

VERDICTS = {
    Verdict.REMOVED: __("Taken off the square"),
    Verdict.CHANGED: __("Changed, or a change was asked for"),
    Verdict.KEPT: __("Stays as it is"),
}

KINDS = {
    Reportable.DEED: __("Deed"),
    Reportable.WISH: __("Wish"),
    Reportable.ORGANISATION: __("Organisation"),
    Reportable.COMMENT: __("Comment"),
    "user": __("Account"),
}

ACTIONS = {
    "report_removed": __("Taken off after a report"),
    "report_changed": __("Changed after a report"),
    "report_kept": __("Kept after a report"),
    "escalated": __("Passed to the administrators"),
    "restored": __("Put back on the square"),
    "held": __("Held by the guard against spam"),
    "removed": __("Taken off the square"),
    "blocked": __("Account blocked"),
    "unblocked": __("Block ended"),
}

SIGNS = {"links": __("many links"), "rate": __("many in an hour"), "language": __("strange language")}
