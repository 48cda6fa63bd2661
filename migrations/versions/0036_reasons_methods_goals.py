"""reasons, methods and goals to choose from"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

TAG = sa.table(
    'tag', sa.column('id', sa.Integer), sa.column('kind', sa.String), sa.column('slug', sa.String),
    sa.column('name', sa.String), sa.column('name_sv', sa.String), sa.column('name_en', sa.String),
    sa.column('synonyms', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')),
)
DEED_TAG = sa.table('deed_tag', sa.column('deed_id', sa.Integer), sa.column('tag_id', sa.Integer))
MOVED = sa.table('moved_address', sa.column('kind', sa.String), sa.column('slug', sa.String))
KINDS = ('tilanne', 'menetelma')

FRESH = (
    ('hyoty', 'tuottavuus-ja-tuloksellisuus', 'tuottavuus ja tuloksellisuus', 'produktivitet och resultat', 'productivity and results', ['tehokkuus', 'effektivitet', 'efficiency']),
    ('hyoty', 'asukkaiden-hyvinvointi', 'asukkaiden hyvinvointi', 'invånarnas välbefinnande', 'well-being of residents', ['kuntalaisten hyvinvointi', 'välfärd', 'wellbeing']),
    ('hyoty', 'tyovoiman-saatavuus', 'työvoiman saatavuus', 'tillgång till arbetskraft', 'labour supply', ['työvoimapula', 'henkilöstön saatavuus', 'arbetskraftsbrist', 'labour shortage']),
)
"""Kind, slug, names in Finnish, Swedish and English, words that find it; a site that begins gets them as seeds. Those
of the new kinds come when the code that knows them runs (``begin_new_kinds``)."""


def upgrade() -> None:
    connection = op.get_bind()
    known = {tuple(row) for row in connection.execute(sa.select(TAG.c.kind, TAG.c.slug))}
    if not known:
        return
    known |= {tuple(row) for row in connection.execute(sa.select(MOVED.c.kind, MOVED.c.slug))}
    keys = ('kind', 'slug', 'name', 'name_sv', 'name_en', 'synonyms')
    rows = [dict(zip(keys, row, strict=True)) for row in FRESH if row[:2] not in known]
    op.bulk_insert(TAG, rows)


def downgrade() -> None:
    """The code of before stops at a tag of a kind that it does not know."""
    gone = sa.select(TAG.c.id).where(TAG.c.kind.in_(KINDS)).scalar_subquery()
    op.execute(sa.delete(DEED_TAG).where(DEED_TAG.c.tag_id.in_(gone)))
    op.execute(sa.delete(TAG).where(TAG.c.kind.in_(KINDS)))
    op.execute(sa.delete(MOVED).where(MOVED.c.kind.in_(KINDS)))
