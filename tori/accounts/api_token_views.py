"""Keys of the interface on the own pages: making one, seeing it once, revoking."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from tori.accounts import api_tokens
from tori.accounts.api_tokens import DAYS, Scope
from tori.accounts.views import Page, blueprint, private
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.policy import Permission

SCOPE_NAMES = {
    Scope.DRAFT: __("Write drafts of deeds"),
    Scope.IMPORT: __("Bring in deeds of the organisation whose contact person I am"),
}


class TokenForm(ToriForm):
    name = StringField(__("What is the key for?"))
    scopes = SelectMultipleField(
        __("The key may"),
        choices=[SelectChoice(str(scope), name) for scope, name in SCOPE_NAMES.items()],
        validate_choice=False,
    )
    days = RadioField(
        __("It works for"),
        choices=[
            SelectChoice("30", __("a month")),
            SelectChoice("90", __("three months")),
            SelectChoice("365", __("a year")),
        ],
        default="90",
        validate_choice=False,
    )


def _page(form: TokenForm, key: str = "") -> str:
    return render_template(
        "accounts/api_tokens.html",
        form=form,
        key=key,
        tokens=api_tokens.tokens_of(db.session(), current_actor()),
        scope_names=SCOPE_NAMES,
        today=clock.today(),
    )


@blueprint.route("/oma/avaimet", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def keys() -> Page:
    form = TokenForm()
    if not form.is_submitted():
        return private(_page(form))
    if form.validate():
        days = int(form.days.data) if form.days.data in map(str, DAYS) else 0
        try:
            with transaction() as session:
                key = api_tokens.make(session, current_actor(), form.name.data or "", form.scopes.data or [], days)
        except RuleBroken as error:
            form.show(error)
        else:
            # Shown in the answer itself, once: a redirect would have to keep it somewhere.
            return private(_page(TokenForm(formdata=None), key))
    return private(_page(form), 422)


@blueprint.route("/oma/avaimet/<id:token_id>/mitatoi", methods=["POST"])
@access(Permission.ACCOUNT_OWN)
def revoke_key(token_id: int) -> Page:
    with transaction() as session:
        api_tokens.revoke(session, current_actor(), token_id)
    flash(_("The key no longer works."), "success")
    return redirect(url_for("accounts.keys"), 303)
