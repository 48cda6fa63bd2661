"""Diplomas: the page that becomes a PDF, and all of a campaign in one file, made by the worker."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tori.campaigns import awards
from tori.campaigns.awards import AwardRow
from tori.config import Config
from tori.core import clock
from tori.core.errors import PrinterMissing, RuleBroken
from tori.core.events import DiplomasOrdered, record
from tori.core.text import slugify
from tori.database import Due, db, transaction
from tori.deeds import printing, sharing
from tori.i18n import prefix_of
from tori.models.campaigning import DiplomaBatch
from tori.models.campaigns import Campaign
from tori.policy import Actor, Permission, require

LANGUAGES = ("fi", "sv")
FORMS = ("pdf", "zip")
CLAIMED_FOR = timedelta(minutes=10)
"""A batch whose worker has died is taken up again after this."""
TELL_EVERY = 5
KEPT = timedelta(days=30)


def styles() -> Path:
    return Path(current_app.static_folder or "") / "css" / "diploma-pdf.css"


def page(row: AwardRow, locale: str) -> str:
    """A diploma as HTML, in Finnish or Swedish whatever the language of the page is."""
    config: Config = current_app.extensions["tori"]
    link = f"{config.public_url}{prefix_of(locale)}/palkinnot/{row.key}"
    with force_locale(locale):
        return render_template(
            "campaigns/_diploma_pdf.html", row=row, link=link, code=sharing.qr_code(link), ink=sharing.QR_INK,
            locale=locale, place=config.site_names[locale],
        )  # fmt: skip


def file_of(config: Config, batch: DiplomaBatch) -> Path:
    return config.instance / "diplomas" / f"{batch.id}.{batch.form}"


def order(session: Session, actor: Actor, campaign: Campaign, locale: str, form: str = "pdf") -> DiplomaBatch:
    """Asks the worker for all diplomas of a campaign as one PDF, or as a ZIP with a PDF of each.

    One at a time for a campaign, a language and a form.
    """
    require(actor, Permission.CAMPAIGN_MANAGE)
    if locale not in LANGUAGES or form not in FORMS:
        raise RuleBroken("unknown_choice")
    rows = [row for row in awards.award_rows(session, campaign, locale) if not row.is_withdrawn]
    if not rows:
        raise RuleBroken("no_awards")
    waiting = session.scalar(
        select(DiplomaBatch).where(
            DiplomaBatch.campaign_id == campaign.id, DiplomaBatch.locale == locale, DiplomaBatch.form == form,
            DiplomaBatch.finished_at.is_(None),
        )
    )  # fmt: skip
    if waiting is not None:
        return waiting
    batch = DiplomaBatch(campaign_id=campaign.id, locale=locale, form=form, total=len(rows))
    session.add(batch)
    session.flush()
    record(session, DiplomasOrdered(actor_id=actor.id, campaign_id=campaign.id))
    return batch


def batches_of(session: Session, campaign: Campaign) -> list[DiplomaBatch]:
    return list(
        session.scalars(
            select(DiplomaBatch)
            .where(DiplomaBatch.campaign_id == campaign.id)
            .order_by(DiplomaBatch.id.desc())
            .limit(6)
        )
    )


_UNFINISHED = select(DiplomaBatch.id).where(DiplomaBatch.finished_at.is_(None))
is_due = Due(_UNFINISHED)
"""Also while another worker makes one: then it looks and finds nothing to do."""


def print_due(config: Config) -> int:
    """Makes one batch. A killed run is done again from the beginning; the file appears when it is whole."""
    batch_id = _claim()
    if batch_id is None:
        return 0
    session: Session = db.session()
    batch = session.get_one(DiplomaBatch, batch_id)
    campaign, locale, form = session.get_one(Campaign, batch.campaign_id), batch.locale, batch.form
    rows = [row for row in awards.award_rows(session, campaign, locale) if not row.is_withdrawn]
    target = file_of(config, batch)
    session.rollback()
    error = ""
    try:
        pages = (page(row, locale) for row in rows)

        def tell(number: int) -> None:
            _tell(batch_id, number, len(rows))

        content = (
            printing.many_sheets(pages, styles(), tell)
            if form == "pdf"
            else _packed(rows, printing.each_document(pages, styles(), tell))
        )
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_suffix(".half")
        half.write_bytes(content)
        half.replace(target)
    except (PrinterMissing, OSError) as problem:
        error = type(problem).__name__
    with transaction() as writing:
        values = {"finished_at": clock.now(), "error": error, "done": 0 if error else len(rows), "total": len(rows)}
        writing.execute(update(DiplomaBatch).where(DiplomaBatch.id == batch_id).values(**values))
    return 1


def _packed(rows: Sequence[AwardRow], documents: Iterable[bytes]) -> bytes:
    """A ZIP; names tell the order of the list, who is awarded and the key of the award."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for number, (row, document) in enumerate(zip(rows, documents, strict=True), 1):
            archive.writestr(
                f"{number:03}-{slugify(row.title or row.organisation, 'kunniakirja')}-{row.key}.pdf", document
            )
    return out.getvalue()


def _claim() -> int | None:
    now = clock.now()
    with transaction() as session:
        free = or_(DiplomaBatch.claimed_at.is_(None), DiplomaBatch.claimed_at < now - CLAIMED_FOR)
        batch_id = session.scalar(_UNFINISHED.where(free).order_by(DiplomaBatch.id).limit(1))
        if batch_id is None:
            return None
        claimed = session.execute(
            update(DiplomaBatch).where(DiplomaBatch.id == batch_id, free).values(claimed_at=now, done=0)
        )
        return batch_id if claimed.rowcount else None  # type: ignore[attr-defined]


def _tell(batch_id: int, number: int, total: int) -> None:
    """How far it is, for the page; also keeps the claim."""
    if number % TELL_EVERY == 0 or number == total:
        with transaction() as session:
            values = {"done": number, "claimed_at": clock.now()}
            session.execute(update(DiplomaBatch).where(DiplomaBatch.id == batch_id).values(**values))


def sweep(config: Config) -> None:
    """Removes files that nobody needs any more; they can be made again."""
    with transaction() as session:
        for batch in session.scalars(select(DiplomaBatch).where(DiplomaBatch.created_at < clock.now() - KEPT)):
            file_of(config, batch).unlink(missing_ok=True)
            session.delete(batch)
