"""The desk's pages of the newsletter."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateTimeLocalField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.digest import newsletter
from tori.digest.newsletter import MAX_INTRO, MAX_SUBJECT, Draft
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import block, line
from tori.edge.seen import OUTDATED, SeenForm
from tori.i18n import LANGUAGE_NAMES, LOCALES
from tori.models.editorial import Newsletter
from tori.notifications import mail
from tori.policy import Permission
from tori.web.desk import blueprint
from tori.web.studio_forms import PublishForm

Page = str | Response | tuple[str, int]
TOO_LONG = __("The text is too long: at most %(max)d characters.")


class NewsletterForm(SeenForm):
    subject_fi = StringField(
        __("Subject in Finnish"),
        filters=[line],
        validators=[InputRequired(__("Fill in this field.")), Length(max=MAX_SUBJECT, message=TOO_LONG)],
    )
    intro_fi = TextAreaField(
        __("Opening in Finnish"), filters=[block], validators=[Length(max=MAX_INTRO, message=TOO_LONG)]
    )
    subject_sv = StringField(
        __("Subject in Swedish"), filters=[line], validators=[Length(max=MAX_SUBJECT, message=TOO_LONG)]
    )
    intro_sv = TextAreaField(
        __("Opening in Swedish"), filters=[block], validators=[Length(max=MAX_INTRO, message=TOO_LONG)]
    )
    subject_en = StringField(
        __("Subject in English"), filters=[line], validators=[Length(max=MAX_SUBJECT, message=TOO_LONG)]
    )
    intro_en = TextAreaField(
        __("Opening in English"), filters=[block], validators=[Length(max=MAX_INTRO, message=TOO_LONG)]
    )
    lines = TextAreaField(__("Deeds, stories, campaigns and lists"), filters=[block])

    @staticmethod
    def values_of(row: Newsletter) -> dict[str, Any]:
        subjects = {f"subject_{code}": row.subjects.get(code, "") for code in LOCALES}
        intros = {f"intro_{code}": row.intros.get(code, "") for code in LOCALES}
        return {**subjects, **intros, "lines": newsletter.lines_of(db.session(), row)}

    def draft(self) -> Draft:
        return Draft(
            {code: self[f"subject_{code}"].data or "" for code in LOCALES},
            {code: self[f"intro_{code}"].data or "" for code in LOCALES},
            self.lines.data or "",
        )


class SendForm(PublishForm):
    """A sent letter can't be taken back, so one press alone doesn't send it."""

    publish_at = DateTimeLocalField(__("Send by itself at"), format="%Y-%m-%dT%H:%M", validators=[Optional()])
    is_sure = BooleanField(__("Yes, send it to all of them"), [InputRequired(__("Tick here first that it may go."))])


@blueprint.get("/uutiskirjeet")
@access(Permission.CURATE)
def newsletters() -> Page:
    return render_template("desk/newsletters.html", issues=newsletter.all_issues(db.session()), now=clock.now())


@blueprint.route("/uutiskirjeet/uusi", methods=["GET", "POST"])
@access(Permission.CURATE)
def new_newsletter() -> Page:
    """Begins with a suggestion of what has happened in a month."""
    suggested = newsletter.suggested_lines(db.session()) if request.method == "GET" else ""
    form = NewsletterForm(data={"lines": suggested})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = newsletter.compose(session, current_actor(), form.draft())
        except RuleBroken as error:
            form.show(error)
        else:
            return _to(row.id)
    page = render_template("desk/newsletter.html", form=form, issue=None)
    return page, 422 if form.errors else 200


def _to(newsletter_id: int, **typed: Any) -> Response:
    """``typed``: what belongs to no letter, and would otherwise be lost."""
    return redirect(url_for("desk.newsletter", newsletter_id=newsletter_id, **typed), 303)


def _page(
    newsletter_id: int, form: NewsletterForm | None = None, send_form: SendForm | None = None, problem: str = ""
) -> str:
    row = newsletter.get(db.session(), newsletter_id)
    return render_template(
        "desk/newsletter.html",
        form=form or NewsletterForm(formdata=None, data=NewsletterForm.values_of(row)),
        send_form=send_form or SendForm(formdata=None),
        readers=newsletter.reader_count(db.session()),
        issue=row,
        now=clock.now(),
        language_names=[(code, LANGUAGE_NAMES[code]) for code in LOCALES],
        tried=request.values.get("language", ""),
        problem=problem,
    )


def _typed_besides() -> dict[str, str]:
    """The moment of sending and the language of a trial."""
    return {name: value for name in ("publish_at", "language") if (value := request.form.get(name))}


def _typed() -> NewsletterForm | None:
    """The letter as it stands on the page, when it came along with the button."""
    return NewsletterForm() if "subject_fi" in request.form else None


def _save_and(
    newsletter_id: int,
    form: NewsletterForm | None,
    act: Callable[[Session, Newsletter], object],
    done: str,
    send_form: SendForm | None = None,
    *,
    stays: bool = False,
) -> Page:
    """What a button of the page does, after what is typed on the page has been saved: what goes out is what the editor
    sees. Where the letter ``stays`` with the editor, so does what is typed besides."""
    forms, problem = [one for one in (send_form, form) if one is not None], ""
    if not [one for one in forms if not one.validate()]:
        try:
            with transaction() as session:
                row = newsletter.get(session, newsletter_id)
                if form is not None and form.is_touched:
                    form.check(session, row)
                    newsletter.change(session, current_actor(), row, form.draft())
                act(session, row)
        except RuleBroken as error:
            owner = form if error.code == OUTDATED else next((one for one in forms if error.field in one), None)
            if owner is not None:
                owner.show(error)
            else:
                problem = messages.sentence(error)
        else:
            flash(done, "success")
            return _to(newsletter_id, **_typed_besides() if stays else {})
    return _page(newsletter_id, form, send_form or SendForm(), problem), 409 if form and form.saved else 422


@blueprint.route("/uutiskirjeet/<id:newsletter_id>", methods=["GET", "POST"], endpoint="newsletter")
@access(Permission.CURATE)
def change_newsletter(newsletter_id: int) -> Page:
    if request.method == "GET":
        # Never the tick that it may go: an address must not set it.
        typed = MultiDict({"publish_at": request.args.get("publish_at", "")})
        return _page(newsletter_id, send_form=SendForm(typed))
    done = _("The newsletter has been saved.")
    return _save_and(newsletter_id, NewsletterForm(), lambda session, row: None, done, stays=True)


@blueprint.get("/uutiskirjeet/<id:newsletter_id>/esikatselu/<language>")
@access(Permission.CURATE)
def preview_newsletter(newsletter_id: int, language: str) -> Page:
    if language not in LOCALES:
        raise NotFound("language")
    session = db.session()
    row = newsletter.get(session, newsletter_id)
    with force_locale(language):
        context = newsletter.context_of(session, row, language)
        return render_template("newsletters/show.html", **{**context, "locale": language, "is_preview": True})


@blueprint.get("/uutiskirjeet/<id:newsletter_id>/teksti/<language>")
@access(Permission.CURATE)
def newsletter_text(newsletter_id: int, language: str) -> Page:
    """The mail as those see it who read plain text."""
    if language not in LOCALES:
        raise NotFound("language")
    session = db.session()
    row = newsletter.get(session, newsletter_id)
    subject, text, _html = mail.render(newsletter.EVENT, language, **newsletter.context_of(session, row, language))
    return render_template("desk/newsletter_text.html", issue=row, subject=subject, text=text, language=language)


@blueprint.post("/uutiskirjeet/<id:newsletter_id>/koe")
@access(Permission.CURATE)
def try_newsletter(newsletter_id: int) -> Page:
    def send(session: Session, row: Newsletter) -> None:
        newsletter.send_trial(session, current_actor(), row, request.form.get("language", "fi"))

    done = _("A trial is on its way to your own address.")
    return _save_and(newsletter_id, _typed(), send, done, stays=True)


@blueprint.post("/uutiskirjeet/<id:newsletter_id>/laheta")
@access(Permission.CURATE)
def send_newsletter(newsletter_id: int) -> Page:
    form = SendForm()

    def schedule(session: Session, row: Newsletter) -> None:
        newsletter.schedule(session, current_actor(), row, form.moment())

    return _save_and(newsletter_id, _typed(), schedule, _("The newsletter goes out at its moment."), form)


@blueprint.post("/uutiskirjeet/<id:newsletter_id>/seis")
@access(Permission.CURATE)
def stop_newsletter(newsletter_id: int) -> Page:
    def stop(session: Session, row: Newsletter) -> None:
        newsletter.stop(session, current_actor(), row)

    return _save_and(newsletter_id, _typed(), stop, _("The newsletter does not go out by itself any more."))
