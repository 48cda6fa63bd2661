"""what is new in a deed, the goal of the strategy, who did what, and the same in clear language"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    for name in ('novelty', 'plain_words'):
        op.add_column('deed', sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('deed', sa.Column('strategy_goal', sa.String(300), nullable=False, server_default=sa.text("''")))
    op.add_column('deed', sa.Column('team', json, nullable=False, server_default='[]'))


def downgrade() -> None:
    for name in ('team', 'strategy_goal', 'plain_words', 'novelty'):
        op.drop_column('deed', name)
