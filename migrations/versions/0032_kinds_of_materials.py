"""kinds of materials"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('material') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=12), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('date', sa.String(length=10), nullable=False, server_default=sa.text("''")))
        batch_op.add_column(sa.Column('licence', sa.String(length=50), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    with op.batch_alter_table('material') as batch_op:
        batch_op.drop_column('licence')
        batch_op.drop_column('date')
        batch_op.drop_column('kind')
