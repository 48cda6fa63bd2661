"""meetings"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'meeting',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('slug', sa.String(length=100), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('title', sa.String(length=300), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('starts_at', sa.DateTime(), nullable=False),
        sa.Column('ends_at', sa.DateTime(), nullable=False),
        sa.Column('place', sa.String(length=300), nullable=False),
        sa.Column('url', sa.String(length=2000), nullable=False),
        sa.Column('organiser', sa.String(length=300), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=True),
        sa.Column('author_id', sa.Integer(), nullable=True),
        sa.Column('recording_url', sa.String(length=2000), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('published_at', sa.DateTime(), nullable=True),
        sa.Column('cancelled_at', sa.DateTime(), nullable=True),
        sa.Column('asked_at', sa.DateTime(), nullable=True),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_meeting_author_id_user'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisation.id'], name=op.f('fk_meeting_organisation_id_organisation'),
            ondelete='SET NULL',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
        sa.UniqueConstraint('slug', name=op.f('uq_meeting_slug')),
    )
    op.create_index(op.f('ix_meeting_organisation_id'), 'meeting', ['organisation_id'])
    op.create_index(op.f('ix_meeting_starts_at'), 'meeting', ['starts_at'])
    for other in ('theme', 'deed'):
        op.create_table(
            f'meeting_{other}',
            sa.Column('meeting_id', sa.Integer(), nullable=False),
            sa.Column(f'{other}_id', sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                [f'{other}_id'], [f'{other}.id'], name=op.f(f'fk_meeting_{other}_{other}_id_{other}'), ondelete='CASCADE'
            ),
            sa.ForeignKeyConstraint(
                ['meeting_id'], ['meeting.id'], name=op.f(f'fk_meeting_{other}_meeting_id_meeting'), ondelete='CASCADE'
            ),
            sa.PrimaryKeyConstraint('meeting_id', f'{other}_id', name=op.f(f'pk_meeting_{other}')),
        )
        op.create_index(op.f(f'ix_meeting_{other}_{other}_id'), f'meeting_{other}', [f'{other}_id'])


def downgrade() -> None:
    op.drop_table('meeting_deed')
    op.drop_table('meeting_theme')
    op.drop_table('meeting')
