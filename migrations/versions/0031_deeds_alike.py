"""deeds alike"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
    op.add_column('deed', sa.Column('alike', json, nullable=False, server_default='[]'))
    op.add_column('deed', sa.Column('look_for_alike', sa.Integer(), nullable=False, server_default='1'))
    waits = sa.text('look_for_alike > 0')
    op.create_index(
        'ix_deed_look_for_alike', 'deed', ['look_for_alike'], sqlite_where=waits, postgresql_where=waits
    )


def downgrade() -> None:
    op.drop_index('ix_deed_look_for_alike', table_name='deed')
    op.drop_column('deed', 'look_for_alike')
    op.drop_column('deed', 'alike')
