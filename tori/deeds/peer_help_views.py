"""The page on which makers say what they would like advice on and that they are glad to help, and the list of such."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds import peer_help, queries
from tori.deeds.peer_help import MAX_ADVICE, SUITS, Offer
from tori.deeds.views import Answer, blueprint
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, line
from tori.edge.templating import request_locale
from tori.policy import Permission, require

MAX_WORD = 100


class PeerHelpForm(ToriForm):
    helps_others = BooleanField(__("We are glad to help others with this"))
    advice_on = StringField(
        __("What would you like advice on?"),
        filters=[line],
        validators=[Length(max=MAX_ADVICE, message=__("The text is too long: at most %(max)d characters."))],
    )
    suits = SelectMultipleField(
        __("Who else than municipalities could use this?"),
        choices=[SelectChoice(key, label) for key, label in SUITS.items()],
        validate_choice=False,
    )


@blueprint.app_context_processor
def peer_help_words() -> dict[str, object]:
    return {"peer_help_of": peer_help.of_deed, "suits_names": SUITS}


@blueprint.route("/teot/<id:deed_id>/vertaisapu", methods=["GET", "POST"])
@access(OBJECT)
def change_peer_help(deed_id: int) -> Answer | Response:
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    require(actor, Permission.DEED_EDIT, deed)
    now = peer_help.of_deed(deed)
    form = PeerHelpForm(data={"helps_others": now.helps_others, "advice_on": now.advice_on, "suits": list(now.suits)})
    if form.validate_on_submit():
        offer = Offer(form.advice_on.data or "", bool(form.helps_others.data), tuple(form.suits.data or ()))
        try:
            with transaction() as session:
                peer_help.change(session, actor, deed, offer)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("Saved. Readers see it on the page of the deed."), "success")
            return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug, _anchor="vertaisapu"), 303)
    page = render_template("deeds/tools/peer_help.html", deed=deed, form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/toiveet/vertaisapu")
@access(PUBLIC)
def peers() -> str:
    session, locale = db.session(), request_locale()
    theme = request.args.get("teema", "")[:MAX_WORD]
    return render_template(
        "wishes/peers.html",
        asking=peer_help.asking(session, locale, theme),
        helping=peer_help.helping(session, locale, theme),
        theme=theme,
        themes=sorted((row.name_in(locale), row.slug) for row in queries.all_themes(session)),
    )
