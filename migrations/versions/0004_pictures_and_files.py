"""pictures and files"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('file_name', sa.String(length=300), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_attachment_created_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_attachment_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('deed_id', 'digest', name=op.f('uq_attachment_deed_id_digest')),
    sa.UniqueConstraint('key', name=op.f('uq_attachment_key'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index('ix_attachment_deed_id_id', ['deed_id', 'id'], unique=False)

    op.create_table('picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('files', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(length=300), nullable=False),
    sa.Column('is_decorative', sa.Boolean(), nullable=False),
    sa.Column('caption', sa.String(length=300), nullable=False),
    sa.Column('credit', sa.String(length=300), nullable=False),
    sa.Column('has_consent', sa.Boolean(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_picture_created_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_picture_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_picture')),
    sa.UniqueConstraint('deed_id', 'digest', name=op.f('uq_picture_deed_id_digest')),
    sa.UniqueConstraint('key', name=op.f('uq_picture_key'))
    )
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_picture_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index('ix_picture_deed_id_position', ['deed_id', 'position'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.drop_index('ix_picture_deed_id_position')
        batch_op.drop_index(batch_op.f('ix_picture_created_by_id'))

    op.drop_table('picture')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index('ix_attachment_deed_id_id')
        batch_op.drop_index(batch_op.f('ix_attachment_created_by_id'))

    op.drop_table('attachment')
