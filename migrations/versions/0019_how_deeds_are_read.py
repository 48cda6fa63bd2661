"""how deeds are read"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('deed_reading',
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('readers', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_deed_reading_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('deed_id', 'day', 'channel', name=op.f('pk_deed_reading'))
    )
    with op.batch_alter_table('deed_reading', schema=None) as batch_op:
        batch_op.create_index('ix_deed_reading_day', ['day'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('deed_reading', schema=None) as batch_op:
        batch_op.drop_index('ix_deed_reading_day')

    op.drop_table('deed_reading')
