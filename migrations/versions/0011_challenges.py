"""challenges"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('never_contact',
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_never_contact'))
    )
    op.create_table('nomination',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('nominee_name', sa.String(length=300), nullable=False),
    sa.Column('nominee_email', sa.String(length=254), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('nominator_name', sa.String(length=300), nullable=False),
    sa.Column('nominator_email', sa.String(length=254), nullable=False),
    sa.Column('from_organisation_id', sa.Integer(), nullable=True),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('confirm_hash', sa.String(length=64), nullable=True),
    sa.Column('confirm_until', sa.DateTime(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('invited_at', sa.DateTime(), nullable=True),
    sa.Column('opened_at', sa.DateTime(), nullable=True),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('declined_at', sa.DateTime(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('deed_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_nomination_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_nomination_deed_id_deed'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['from_organisation_id'], ['organisation.id'], name=op.f('fk_nomination_from_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_nomination_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination')),
    sa.UniqueConstraint('confirm_hash', name=op.f('uq_nomination_confirm_hash'))
    )
    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.create_index('ix_nomination_campaign_id_nominee_email', ['campaign_id', 'nominee_email'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_deed_id'), ['deed_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_from_organisation_id'), ['from_organisation_id'], unique=False)
        batch_op.create_index('ix_nomination_invited_at', ['invited_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_nomination_user_id'), ['user_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_nomination_user_id'))
        batch_op.drop_index('ix_nomination_invited_at')
        batch_op.drop_index(batch_op.f('ix_nomination_from_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_nomination_deed_id'))
        batch_op.drop_index('ix_nomination_campaign_id_nominee_email')

    op.drop_table('nomination')
    op.drop_table('never_contact')
