"""weekly makers and juries"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('jury_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_jury_member_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_jury_member_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jury_member')),
    sa.UniqueConstraint('campaign_id', 'user_id', name=op.f('uq_jury_member_campaign_id_user_id'))
    )
    with op.batch_alter_table('jury_member', schema=None) as batch_op:
        batch_op.create_index('ix_jury_member_user_id', ['user_id'], unique=False)

    op.create_table('jury_score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('marks', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('has_conflict', sa.Boolean(), nullable=False),
    sa.Column('scored_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_jury_score_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['jury_member.id'], name=op.f('fk_jury_score_member_id_jury_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jury_score')),
    sa.UniqueConstraint('member_id', 'deed_id', name=op.f('uq_jury_score_member_id_deed_id'))
    )
    with op.batch_alter_table('jury_score', schema=None) as batch_op:
        batch_op.create_index('ix_jury_score_deed_id', ['deed_id'], unique=False)

    op.create_table('shortlisted_deed',
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_shortlisted_deed_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_shortlisted_deed_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('deed_id', name=op.f('pk_shortlisted_deed'))
    )
    with op.batch_alter_table('shortlisted_deed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shortlisted_deed_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('weekly_feature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('monday', sa.Date(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('makers', sa.String(length=300), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('consent', sa.String(length=300), nullable=False),
    sa.Column('consent_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_weekly_feature_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_feature')),
    sa.UniqueConstraint('monday', name=op.f('uq_weekly_feature_monday'))
    )
    with op.batch_alter_table('weekly_feature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_weekly_feature_deed_id'), ['deed_id'], unique=False)

    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.add_column(sa.Column('criteria', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False))
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.alter_column('criteria', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('campaign', schema=None) as batch_op:
        batch_op.drop_column('criteria')

    with op.batch_alter_table('weekly_feature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_weekly_feature_deed_id'))

    op.drop_table('weekly_feature')
    with op.batch_alter_table('shortlisted_deed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shortlisted_deed_campaign_id'))

    op.drop_table('shortlisted_deed')
    with op.batch_alter_table('jury_score', schema=None) as batch_op:
        batch_op.drop_index('ix_jury_score_deed_id')

    op.drop_table('jury_score')
    with op.batch_alter_table('jury_member', schema=None) as batch_op:
        batch_op.drop_index('ix_jury_member_user_id')

    op.drop_table('jury_member')
