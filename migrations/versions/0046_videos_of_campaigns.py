"""videos of campaigns, with captions"""

import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'campaign_video',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('captions_key', sa.String(length=64), nullable=True),
        sa.Column('media_type', sa.String(length=100), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=5), nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_video_campaign_id_campaign'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_video')),
        sa.UniqueConstraint('campaign_id', name=op.f('uq_campaign_video_campaign_id')),
        sa.UniqueConstraint('key', name=op.f('uq_campaign_video_key')),
        sa.UniqueConstraint('captions_key', name=op.f('uq_campaign_video_captions_key')),
    )


def downgrade() -> None:
    op.drop_table('campaign_video')
