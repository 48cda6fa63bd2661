"""campaigns as objects"""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

NEW = (
    'state', 'is_public', 'rules', 'video_url', 'video_text', 'sectors', 'themes', 'partners', 'sources', 'questions',
    'ended_note',
)


def upgrade() -> None:
    op.create_table('award_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('meaning', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_award_series_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_series')),
    sa.UniqueConstraint('campaign_id', 'name', name=op.f('uq_award_series_campaign_id_name'))
    )
    op.create_table('campaign_visit',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_visit_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'source', 'day', name=op.f('pk_campaign_visit'))
    )
    op.create_table('campaign_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_campaign_answer_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_answer')),
    sa.UniqueConstraint('deed_id', 'question', name=op.f('uq_campaign_answer_deed_id_question'))
    )
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=20), server_default='published', nullable=False))
        batch_op.add_column(sa.Column('is_public', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('goal_organisations', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('goal_regions', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('rules', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('video_url', sa.String(length=2000), server_default='', nullable=False))
        batch_op.add_column(sa.Column('video_text', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('sectors', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('themes', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('partners', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('sources', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('questions', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('ended_note', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('successor_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('earlier_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_campaign_state'), ['state'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_campaign_successor_id_campaign'), 'campaign', ['successor_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_campaign_earlier_id_campaign'), 'campaign', ['earlier_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('campaign', schema=None) as batch_op:
        for name in NEW:
            batch_op.alter_column(name, server_default=None)
    today = date.today()
    campaign = sa.table('campaign', sa.column('state'), sa.column('starts_on', sa.Date()), sa.column('ends_on', sa.Date()))
    op.execute(campaign.update().where(campaign.c.ends_on >= today).values(state='open'))
    op.execute(campaign.update().where(campaign.c.starts_on > today).values(state='planned'))


def downgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_campaign_earlier_id_campaign'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_campaign_successor_id_campaign'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_campaign_state'))
        batch_op.drop_column('earlier_id')
        batch_op.drop_column('successor_id')
        batch_op.drop_column('ended_note')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('questions')
        batch_op.drop_column('sources')
        batch_op.drop_column('partners')
        batch_op.drop_column('themes')
        batch_op.drop_column('sectors')
        batch_op.drop_column('video_text')
        batch_op.drop_column('video_url')
        batch_op.drop_column('rules')
        batch_op.drop_column('goal_regions')
        batch_op.drop_column('goal_organisations')
        batch_op.drop_column('is_public')
        batch_op.drop_column('state')

    op.drop_table('campaign_answer')
    op.drop_table('campaign_visit')
    op.drop_table('award_series')
