"""what an erased author leaves"""

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.add_column(sa.Column('author_erased', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.drop_column('author_erased')
