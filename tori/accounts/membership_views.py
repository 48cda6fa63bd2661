"""Pages of belonging: the people of an organisation for its contact person, invitations, leaving."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_babel import ngettext
from wtforms import TextAreaField

from tori.accounts import ambassadors, memberships
from tori.accounts.forms import ButtonForm, obeys
from tori.accounts.views import Page, bad_link, blueprint, me, private
from tori.core.errors import NotFound, RuleBroken, TooMany
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.edge.templating import request_locale
from tori.models.people import Organisation
from tori.policy import Permission, can, is_steward_today

ACTIONS = {
    "hyvaksy": (memberships.approve, __("The person now belongs to the organisation.")),
    "poista": (memberships.end, __("The person no longer belongs to the organisation.")),
    "yhteyshenkilo": (memberships.name_steward, __("The person is now a contact person.")),
    "ei-yhteyshenkilo": (memberships.end_stewardship, __("The person is no longer a contact person.")),
    "lahettilaaksi": (ambassadors.ask, __("The person has been asked to be an ambassador.")),
    "ei-lahettilas": (ambassadors.end, __("The person is not an ambassador.")),
}


class InvitationForm(ToriForm):
    email = TextAreaField(__("E-mail addresses"), [obeys(memberships.addresses_in)])


def _organisation(slug: str) -> Organisation:
    found = db.session().query(Organisation).filter(Organisation.slug == slug).one_or_none()
    if found is None:
        raise NotFound(slug)
    return found


def _people_page(organisation: Organisation, form: InvitationForm, problem: str = "") -> str:
    people = memberships.people_of(db.session(), current_actor(), organisation)
    return render_template(
        "accounts/people.html", organisation=organisation, people=people, form=form, problem=problem,
        is_steward=is_steward_today, own_id=current_actor().id, days=memberships.INVITATION_DAYS,
        most=memberships.MOST_INVITED,
    )  # fmt: skip


@blueprint.route("/organisaatiot/<slug>/vaki")
@access(OBJECT)
def people(slug: str) -> Page:
    return _people_page(_organisation(slug), InvitationForm())


@blueprint.route("/organisaatiot/<slug>/vaki/<id:membership_id>/<action>", methods=["POST"])
@access(OBJECT)
def change_membership(slug: str, membership_id: int, action: str) -> Page:
    if action not in ACTIONS:
        raise NotFound(action)
    change, words = ACTIONS[action]
    try:
        with transaction() as session:
            change(session, current_actor(), _organisation(slug), membership_id)
    except RuleBroken as error:
        return _people_page(_organisation(slug), InvitationForm(formdata=None), messages.sentence(error)), 422
    flash(str(words), "success")
    # Who has ended their own task no longer sees the page of people.
    still = can(current_actor(), Permission.ORGANISATION_PEOPLE, _organisation(slug))
    return redirect(url_for("accounts.people" if still else "organisations.show", slug=slug), 303)


@blueprint.route("/organisaatiot/<slug>/lahettilas/<action>", methods=["POST"])
@access(OBJECT)
def answer_ambassador(slug: str, action: str) -> Page:
    """Somebody who has been asked agrees or declines; an ambassador stops."""
    if action not in ("suostu", "lopeta"):
        raise NotFound(action)
    with transaction() as session:
        change = ambassadors.agree if action == "suostu" else ambassadors.stop
        change(session, current_actor(), _organisation(slug))
    if action == "suostu":
        flash(_("Thank you! Your name is now on the page of your organisation."), "success")
        return redirect(url_for("organisations.ambassador", slug=slug), 303)
    flash(_("You are not an ambassador."), "success")
    return redirect(url_for("organisations.show", slug=slug), 303)


@blueprint.route("/organisaatiot/<slug>/vaki/kutsu", methods=["POST"])
@access(OBJECT)
def invite(slug: str) -> Page:
    form = InvitationForm()
    organisation = _organisation(slug)
    if not form.validate():
        return _people_page(organisation, form), 422
    addresses = memberships.addresses_in(form.email.data or "")
    try:
        with transaction() as session:
            for address in addresses:
                memberships.invite(session, current_actor(), _organisation(slug), address)
    except TooMany as error:
        time = messages.waiting_time(error.retry_after)
        form.email.errors = (
            _(
                "These are more invitations than one may send in a day, so none was sent. Send fewer, or try again in "
                "%(time)s.", time=time,
            ),
        )  # fmt: skip
        return _people_page(_organisation(slug), form), 429
    except RuleBroken as error:
        form.show(error)
        return _people_page(organisation, form), 422
    flash(ngettext("The invitation is on its way.", "%(num)d invitations are on their way.", len(addresses)), "success")
    return redirect(url_for("accounts.people", slug=slug), 303)


@blueprint.route("/organisaatiot/<slug>/vaki/kutsut/<id:invitation_id>/peru", methods=["POST"])
@access(OBJECT)
def take_invitation_back(slug: str, invitation_id: int) -> Page:
    with transaction() as session:
        memberships.take_back(session, current_actor(), _organisation(slug), invitation_id)
    flash(_("The invitation no longer works."), "success")
    return redirect(url_for("accounts.people", slug=slug), 303)


@blueprint.route("/kutsu/<token>", methods=["GET", "POST"])
@access(PUBLIC)
def invitation(token: str) -> Page:
    """Somebody signed out goes through signing in or registering, and comes back."""
    form = ButtonForm()
    actor = current_actor()
    try:
        row = memberships.find_invitation(db.session(), token)
        if form.validate_on_submit() and actor.is_member:
            with transaction() as session:
                organisation = memberships.accept(session, actor, token)
            flash(_("Welcome: you now belong to %(name)s.", name=organisation.name_in(request_locale())), "success")
            return redirect(url_for("accounts.own"), 303)
    except RuleBroken as error:
        if error.code == "bad_link":
            return bad_link("invitation")
        form.show(error)
    is_for_me = actor.user is not None and actor.user.email == row.email
    page = render_template(
        "accounts/invitation.html", form=form, row=row, token=token, is_for_me=is_for_me, is_member=actor.is_member,
        here=url_for("accounts.invitation", token=token).removeprefix(request.script_root),
    )  # fmt: skip
    return private(page, 422 if form.form_errors else 200)


@blueprint.route("/oma/organisaatiot/<id:organisation_id>/jata", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def leave(organisation_id: int) -> Page:
    found = next((row for row in me().memberships if row.organisation_id == organisation_id), None)
    if found is None:
        raise NotFound("membership")
    if not ButtonForm().validate_on_submit():
        return render_template("accounts/leave.html", organisation=found.organisation)
    with transaction() as session:
        memberships.leave(session, current_actor(), organisation_id)
    flash(_("You have left the organisation."), "success")
    return redirect(url_for("accounts.details"), 303)
