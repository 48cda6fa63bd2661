"""words of deeds"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'deed_words',
        sa.Column('deed_id', sa.Integer(), nullable=False),
        sa.Column('packed', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ['deed_id'], ['deed.id'], name=op.f('fk_deed_words_deed_id_deed'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('deed_id', name=op.f('pk_deed_words')),
    )


def downgrade() -> None:
    op.drop_table('deed_words')
