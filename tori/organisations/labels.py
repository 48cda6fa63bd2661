"""Words for the kinds of organisations and for what an adoption is at."""

from flask_babel import lazy_gettext as __

from tori.deeds.labels import ORGANISATION_KINDS_PLURAL
from tori.models.deeds import AdoptionStatus, Closeness
from tori.models.people import OrganisationKind
from tori.organisations.queries import Mark

KINDS = {
    OrganisationKind.MUNICIPALITY: __("Municipality"),
    OrganisationKind.JOINT_AUTHORITY: __("Joint municipal authority"),
    OrganisationKind.WELLBEING_COUNTY: __("Wellbeing services county"),
    OrganisationKind.COMPANY: __("Municipal company"),
    OrganisationKind.OTHER: __("Other organisation"),
}

KINDS_PLURAL = ORGANISATION_KINDS_PLURAL

ADOPTION_STATUSES = {
    AdoptionStatus.INTENDS: __("Intends to use it"),
    AdoptionStatus.TRIES: __("Is trying it out"),
    AdoptionStatus.IN_USE: __("In use"),
    AdoptionStatus.EXTENDED: __("In wider use"),
    AdoptionStatus.ABANDONED: __("Gave it up"),
}

CLOSENESS = {
    Closeness.COPIED: __("Copied as it is"),
    Closeness.ADAPTED: __("Changed to fit"),
    Closeness.INSPIRED: __("Got the idea"),
}

MARKS = {
    Mark.TELLS: __("Teller of deeds"),
    Mark.USES: __("User of models"),
    Mark.SPREADS: __("Model for others"),
}
