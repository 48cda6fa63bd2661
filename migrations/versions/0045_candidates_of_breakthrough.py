"""practices that editors expect to break through"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    op.create_table(
        'breakthrough_candidate',
        sa.Column('deed_id', sa.Integer(), nullable=False),
        sa.Column('why', sa.Text(), nullable=False),
        sa.Column('look_on', sa.Date(), nullable=False),
        sa.Column('notes', json, nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['deed_id'], ['deed.id'], name=op.f('fk_breakthrough_candidate_deed_id_deed'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('deed_id', name=op.f('pk_breakthrough_candidate')),
    )


def downgrade() -> None:
    op.drop_table('breakthrough_candidate')
