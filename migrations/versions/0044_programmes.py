"""the programme or project that a deed belonged to"""

import sqlalchemy as sa
from alembic import op

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('deed', sa.Column('programme', sa.String(300), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    op.drop_column('deed', 'programme')
