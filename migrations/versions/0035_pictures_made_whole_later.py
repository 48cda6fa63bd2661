"""pictures made whole later"""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

TABLES = ('picture', 'story_picture', 'campaign_picture')


def upgrade() -> None:
    is_half = sa.text('NOT is_whole')
    for table in TABLES:
        op.add_column(table, sa.Column('is_whole', sa.Boolean(), nullable=False, server_default=sa.true()))
        op.create_index(
            f'ix_{table}_is_whole', table, ['is_whole'], sqlite_where=is_half, postgresql_where=is_half
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f'ix_{table}_is_whole', table_name=table)
        op.drop_column(table, 'is_whole')
