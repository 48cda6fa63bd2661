"""own plans, what a model gave, and teams that look at a deed together"""

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
    op.create_table(
        'team_look',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('deed_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=43), nullable=False),
        sa.Column('closed_at', sa.DateTime(), nullable=True),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['deed_id'], ['deed.id'], name=op.f('fk_team_look_deed_id_deed'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['user_id'], ['user.id'], name=op.f('fk_team_look_user_id_user'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_team_look')),
        sa.UniqueConstraint('key', name=op.f('uq_team_look_key')),
    )
    op.create_index('ix_team_look_user_id', 'team_look', ['user_id'])
    op.create_index('ix_team_look_deed_id', 'team_look', ['deed_id'])
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')
    op.create_table(
        'team_answer',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('look_id', sa.Integer(), nullable=False),
        sa.Column('answers', json, nullable=False),
        sa.ForeignKeyConstraint(
            ['look_id'], ['team_look.id'], name=op.f('fk_team_answer_look_id_team_look'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_team_answer')),
    )
    op.create_index(op.f('ix_team_answer_look_id'), 'team_answer', ['look_id'])
    op.add_column('organisation', sa.Column('shows_marks', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column('adoption', sa.Column('gains', json, nullable=True))


def downgrade() -> None:
    op.drop_column('adoption', 'gains')
    op.drop_column('organisation', 'shows_marks')
    op.drop_table('team_answer')
    op.drop_table('team_look')
    op.drop_table('own_plan')
