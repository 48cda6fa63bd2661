"""votes, pictures and plans of campaigns"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign_step',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_step_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'step', 'day', name=op.f('pk_campaign_step'))
    )
    op.create_table('plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan'))
    )
    op.create_index('ix_plan_starts_on', 'plan', ['starts_on'], unique=False)
    op.create_table('vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('voter', sa.String(length=64), nullable=True),
    sa.Column('confirm_hash', sa.String(length=64), nullable=True),
    sa.Column('confirm_until', sa.DateTime(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_vote_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_vote_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote')),
    sa.UniqueConstraint('campaign_id', 'voter', name=op.f('uq_vote_campaign_id_voter')),
    sa.UniqueConstraint('confirm_hash', name=op.f('uq_vote_confirm_hash'))
    )
    op.create_index('ix_vote_deed_id', 'vote', ['deed_id'], unique=False)
    op.create_table('campaign_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=True),
    sa.Column('feature_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('files', sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('is_decorative', sa.Boolean(), nullable=False),
    sa.Column('credit', sa.String(length=300), nullable=False),
    sa.Column('has_consent', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_picture_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['feature_id'], ['weekly_feature.id'], name=op.f('fk_campaign_picture_feature_id_weekly_feature'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_picture')),
    sa.UniqueConstraint('campaign_id', name=op.f('uq_campaign_picture_campaign_id')),
    sa.UniqueConstraint('feature_id', name=op.f('uq_campaign_picture_feature_id')),
    sa.UniqueConstraint('key', name=op.f('uq_campaign_picture_key'))
    )
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('vote_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('vote_until', sa.Date(), nullable=True))
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reminded_on', sa.Date(), nullable=True))
    with op.batch_alter_table('diploma_batch', schema=None) as batch_op:
        batch_op.add_column(sa.Column('form', sa.String(length=3), nullable=False, server_default='pdf'))
    with op.batch_alter_table('diploma_batch', schema=None) as batch_op:
        batch_op.alter_column('form', existing_type=sa.String(length=3), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('diploma_batch', schema=None) as batch_op:
        batch_op.drop_column('form')
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_column('reminded_on')
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('vote_until')
        batch_op.drop_column('vote_from')
    op.drop_table('campaign_picture')
    op.drop_index('ix_vote_deed_id', table_name='vote')
    op.drop_table('vote')
    op.drop_index('ix_plan_starts_on', table_name='plan')
    op.drop_table('plan')
    op.drop_table('campaign_step')
