"""Signing in by a link in a mail, for those who rather have no password in their head."""

from flask import redirect, render_template, request, url_for
from wtforms import HiddenField

from tori.accounts import names, service, tokens
from tori.accounts.forms import ButtonForm, ForgotForm
from tori.accounts.views import Page, bad_link, blueprint, let_in, private
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.access import PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.redirects import safe_next


class LinkForm(ForgotForm):
    next = HiddenField()


@blueprint.route("/kirjaudu/linkki", methods=["GET", "POST"])
@access(PUBLIC)
def ask_for_link() -> Page:
    target = safe_next(request.values.get("next"))
    if current_actor().is_member:
        return redirect(target or url_for("accounts.own"), 303)
    form = LinkForm(data={"next": target or ""})
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/ask_for_link.html", form=form, next=target), status
    with transaction() as rows:
        limits.count(rows, "reset_address", limits.asker())
        service.request_sign_in_link(rows, names.normal_email(form.email.data), target)
    return redirect(url_for("accounts.link_sent"), 303)


@blueprint.route("/kirjaudu/linkki/lahetetty")
@access(PUBLIC)
def link_sent() -> Page:
    return render_template("accounts/forgot_sent.html", minutes=service.SIGN_IN_LINK_MINUTES)


@blueprint.route("/kirjaudu/linkki/<token>", methods=["GET", "POST"])
@access(PUBLIC)
def sign_in_by_link(token: str) -> Page:
    """Opening the link signs nobody in, as mail scanners open it too; the button does."""
    form = ButtonForm()
    try:
        row, user = tokens.find(db.session(), token, tokens.Purpose.SIGN_IN)
        target = safe_next(row.data.get("next"))
        if not form.validate_on_submit():
            return private(render_template("accounts/sign_in_by_link.html", form=form, token=token, email=user.email))
        with transaction() as rows:
            user = service.use_sign_in_link(rows, token)
    except RuleBroken:
        return bad_link("sign_in")
    return let_in(user, target)
