"""ambassadors of organisations"""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('membership', sa.Column('ambassador_asked_at', sa.DateTime(), nullable=True))
    op.add_column('membership', sa.Column('ambassador_since', sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('membership', 'ambassador_since')
    op.drop_column('membership', 'ambassador_asked_at')
