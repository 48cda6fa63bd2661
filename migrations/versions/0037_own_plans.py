"""own plans, and what a model gave"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'own_plan',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('deed_id', sa.Integer(), nullable=True),
        sa.Column('title', sa.String(length=300), nullable=False),
        sa.Column('what', sa.Text(), nullable=False),
        sa.Column('needs', sa.Text(), nullable=False),
        sa.Column('who', sa.Text(), nullable=False),
        sa.Column('first_step', sa.Text(), nullable=False),
        sa.Column('timetable', sa.Text(), nullable=False),
        sa.Column('remind_on', sa.Date(), nullable=True),
        sa.Column('remind_from', sa.Date(), nullable=True),
        sa.Column('repeats', sa.Boolean(), nullable=False),
        sa.Column('updated_at', sa.DateTime(), nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['deed_id'], ['deed.id'], name=op.f('fk_own_plan_deed_id_deed'), ondelete='SET NULL'
        ),
        sa.ForeignKeyConstraint(
            ['user_id'], ['user.id'], name=op.f('fk_own_plan_user_id_user'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_own_plan')),
        sa.UniqueConstraint('user_id', 'deed_id', name=op.f('uq_own_plan_user_id_deed_id')),
    )
    op.create_index('ix_own_plan_deed_id', 'own_plan', ['deed_id'])
    op.create_index('ix_own_plan_remind_on', 'own_plan', ['remind_on'])
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    op.add_column('adoption', sa.Column('gains', json, nullable=True))


def downgrade() -> None:
    op.drop_column('adoption', 'gains')
    op.drop_table('own_plan')
