"""stories in pictures"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('story_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('story_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('files', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('is_decorative', sa.Boolean(), nullable=False),
    sa.Column('has_consent', sa.Boolean(), nullable=False),
    sa.Column('caption', sa.String(length=300), nullable=False),
    sa.Column('credit', sa.String(length=300), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_story_picture_created_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_story_picture_story_id_story'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story_picture')),
    sa.UniqueConstraint('key', name=op.f('uq_story_picture_key')),
    sa.UniqueConstraint('story_id', 'digest', name=op.f('uq_story_picture_story_id_digest'))
    )
    with op.batch_alter_table('story_picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_picture_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index('ix_story_picture_story_id_position', ['story_id', 'position'], unique=False)

    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.add_column(sa.Column('texts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='{}', nullable=False))

    # The value for rows that were there before; the code gives it to new ones.
    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.alter_column('texts', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.drop_column('texts')

    with op.batch_alter_table('story_picture', schema=None) as batch_op:
        batch_op.drop_index('ix_story_picture_story_id_position')
        batch_op.drop_index(batch_op.f('ix_story_picture_created_by_id'))

    op.drop_table('story_picture')
