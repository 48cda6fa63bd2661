"""The desk's answers to comments that wait, and to mails that were given up."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tori.conversation import service
from tori.core.errors import NotFound
from tori.database import transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.models.deeds import Comment
from tori.notifications import mail
from tori.policy import Permission
from tori.web import desk_queries as queries
from tori.web.desk import blueprint


@blueprint.post("/moderointi/kommentti/<id:comment_id>/nayta")
@access(Permission.MODERATE)
def approve_comment(comment_id: int) -> Response:
    with transaction() as session:
        found = session.get(Comment, comment_id)
        if found is None:
            raise NotFound("comment")
        service.approve(session, current_actor(), found)
    flash(_("The comment is shown now."), "success")
    return redirect(url_for("desk.moderation"), 303)


@blueprint.post("/postit/<id:mail_id>/laheta")
@access(Permission.MAIL_RESEND)
def resend_mail(mail_id: int) -> Response:
    with transaction() as session:
        mail.resend(session, current_actor(), queries.mail_of(session, mail_id))
    flash(_("The mail is in the queue again."), "success")
    return redirect(url_for("desk.mail", mail_id=mail_id), 303)
