"""indexes of what few deeds have"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

GIVEN_TO_FEW = ('author_id', 'campaign_id', 'part_of_id', 'parent_id', 'merged_into_id')


def upgrade() -> None:
    for name in GIVEN_TO_FEW:
        is_given = sa.text(f'{name} IS NOT NULL')
        op.drop_index(f'ix_deed_{name}', table_name='deed')
        op.create_index(f'ix_deed_{name}', 'deed', [name], sqlite_where=is_given, postgresql_where=is_given)
    op.create_index('ix_deed_published_at', 'deed', ['published_at'])
    op.create_index('ix_deed_updated_at', 'deed', ['updated_at'])


def downgrade() -> None:
    op.drop_index('ix_deed_updated_at', table_name='deed')
    op.drop_index('ix_deed_published_at', table_name='deed')
    for name in GIVEN_TO_FEW:
        op.drop_index(f'ix_deed_{name}', table_name='deed')
        op.create_index(f'ix_deed_{name}', 'deed', [name])
