"""Passing a deed on: sharing, embedding, citing, printing for a meeting, comparing."""

import hashlib
from pathlib import Path

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from tori.database import db
from tori.deeds import comparing, printing, queries, readings, sharing
from tori.deeds.forms import MATURITIES
from tori.deeds.panels import config, short_link, site_name
from tori.deeds.views import blueprint
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import public_link, request_locale
from tori.models.deeds import Deed, DeedStatus
from tori.policy import ANONYMOUS, Actor, Permission, can

EMBED_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)


def readable_deed(deed_id: int, actor: Actor | None = None) -> Deed:
    """The deed if the actor may read it; 410 when it was taken back, 404 for everything else."""
    actor = actor or current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id, also_gone=True)
    if deed.status == DeedStatus.WITHDRAWN and not can(actor, Permission.DEED_EDIT, deed):
        abort(410)
    return deed


def public_deed(deed_id: int) -> Deed:
    """A deed that is on the square, for whoever asks."""
    deed = readable_deed(deed_id)
    if not deed.is_public:
        abort(404)
    return deed


def page_link(deed: Deed) -> str:
    return public_link(config(), "deeds.show", request_locale(), deed_id=deed.id, slug=deed.slug)


@blueprint.get("/t/<id:deed_id>")
@access(OBJECT)
def short(deed_id: int) -> BaseResponse:
    deed = readable_deed(deed_id)
    return redirect(url_for("deeds.show", deed_id=deed.id, slug=deed.slug, lahde=readings.tag_of_request()), 302)


@blueprint.get("/teot/<id:deed_id>/jaa")
@access(OBJECT)
def share(deed_id: int) -> str:
    deed = public_deed(deed_id)
    link, name = short_link(deed), deed.organisation.name_in(request_locale())
    embedded = public_link(config(), "deeds.embed", request_locale(), deed_id=deed.id)
    return render_template(
        "deeds/tools/share.html",
        deed=deed,
        link=link,
        texts=sharing.ready_texts(deed, name, site_name(), link),
        code=sharing.qr_code(link),
        ink=sharing.QR_INK,
        teams=sharing.teams_link(link),
        linkedin=sharing.linkedin_link(sharing.tagged(link, "some")),
        embed_code=sharing.embed_code(embedded, deed.title),
    )


@blueprint.get("/teot/<id:deed_id>/qr.png")
@access(OBJECT)
def qr_png(deed_id: int) -> Response:
    deed = public_deed(deed_id)
    response = Response(sharing.qr_png(short_link(deed)), mimetype="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="teko-{deed.id}-qr.png"'
    return response


@blueprint.get("/teot/<id:deed_id>/upote")
@access(PUBLIC)
def embed(deed_id: int) -> Response:
    """The deed as a card for pages of others: no scripts, no cookies, the same for everybody."""
    deed = readable_deed(deed_id, ANONYMOUS)
    response = Response(render_template("deeds/tools/embed.html", deed=deed, link=page_link(deed)))
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    return response


@blueprint.get("/teot/<id:deed_id>/viite.bib")
@access(OBJECT)
def cite_bibtex(deed_id: int) -> Response:
    return _citation(public_deed(deed_id), "bib")


@blueprint.get("/teot/<id:deed_id>/viite.ris")
@access(OBJECT)
def cite_ris(deed_id: int) -> Response:
    return _citation(public_deed(deed_id), "ris")


def _citation(deed: Deed, ending: str) -> Response:
    write, kind = {
        "bib": (sharing.bibtex, "application/x-bibtex"),
        "ris": (sharing.ris, "application/x-research-info-systems"),
    }[ending]
    text = write(deed, deed.organisation.name_in(request_locale()), site_name(), short_link(deed))
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="teko-{deed.id}.{ending}"'
    return response


@blueprint.get("/teot/<id:deed_id>/kokous")
@access(OBJECT)
def meeting(deed_id: int) -> str:
    deed = readable_deed(deed_id)
    return render_template("deeds/tools/meeting.html", **_sheet(deed, printing.LENGTHS[0]))


def _sheet(deed: Deed, length: int) -> dict[str, object]:
    link = short_link(deed)
    return {
        "deed": deed,
        "sheet": printing.sheet_of(deed, length),
        "link": link,
        "code": sharing.qr_code(link),
        "ink": sharing.QR_INK,
    }


@blueprint.get("/teot/<id:deed_id>.pdf")
@access(OBJECT)
def pdf(deed_id: int) -> Response:
    """The same sheet as a PDF. Its tag comes from what is printed, so an unchanged one is not made again."""
    actor = current_actor()
    deed = readable_deed(deed_id)
    pages = tuple(
        render_template("deeds/tools/_meeting_pdf.html", **_sheet(deed, length)) for length in printing.LENGTHS
    )
    styles = Path(current_app.static_folder or "") / "css" / "meeting-pdf.css"
    tag = hashlib.sha256("".join((*pages, styles.read_text(encoding="utf-8"))).encode()).hexdigest()[:32]
    is_common = deed.is_public and not actor.is_member
    if is_common and request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        response = Response(printing.one_sheet(pages, styles), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{deed.slug}.pdf"'
    response.headers["Cache-Control"] = "public, no-cache" if is_common else "private, no-store"
    if is_common:
        response.set_etag(tag)
    return response


@blueprint.get("/vertaa")
@access(PUBLIC)
def compare() -> str:
    ids = comparing.chosen_ids(request.args.getlist("teko"))
    deeds = comparing.compared_deeds(db.session(), current_actor(), ids)
    links = {
        deed.id: url_for("deeds.compare", teko=[other.id for other in deeds if other.id != deed.id]) for deed in deeds
    }
    return render_template(
        "deeds/tools/compare.html",
        deeds=deeds,
        rows=comparing.told_rows(deeds),
        links_without=links,
        are_too_many=len(ids) > comparing.MOST,
        least=comparing.LEAST,
        maturities=MATURITIES,
    )
