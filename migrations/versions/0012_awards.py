"""awards"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('award_correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_award_correction_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_correction'))
    )
    with op.batch_alter_table('award_correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_correction_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('diploma_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(), nullable=True),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_diploma_batch_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_diploma_batch'))
    )
    with op.batch_alter_table('diploma_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_diploma_batch_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('award',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('is_mention', sa.Boolean(), nullable=False),
    sa.Column('citation', sa.Text(), nullable=False),
    sa.Column('thanks', sa.String(length=300), nullable=False),
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('mailed_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_award_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_award_deed_id_deed')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_award_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['series_id'], ['award_series.id'], name=op.f('fk_award_series_id_award_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award')),
    sa.UniqueConstraint('key', name=op.f('uq_award_key')),
    sa.UniqueConstraint('series_id', 'deed_id', 'organisation_id', name=op.f('uq_award_series_id_deed_id_organisation_id'))
    )
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.create_index('ix_award_campaign_id', ['campaign_id'], unique=False)
        batch_op.create_index('ix_award_deed_id', ['deed_id'], unique=False)
        batch_op.create_index('ix_award_organisation_id', ['organisation_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.drop_index('ix_award_organisation_id')
        batch_op.drop_index('ix_award_deed_id')
        batch_op.drop_index('ix_award_campaign_id')

    op.drop_table('award')
    with op.batch_alter_table('diploma_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_diploma_batch_campaign_id'))

    op.drop_table('diploma_batch')
    with op.batch_alter_table('award_correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_correction_campaign_id'))

    op.drop_table('award_correction')
