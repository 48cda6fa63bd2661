"""customers, benefits, professions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('synonyms', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('name_sv', sa.String(length=300), nullable=True),
    sa.Column('name_en', sa.String(length=300), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tag')),
    sa.UniqueConstraint('kind', 'slug', name=op.f('uq_tag_kind_slug'))
    )
    op.create_table('deed_tag',
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('tag_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_deed_tag_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_deed_tag_tag_id_tag')),
    sa.PrimaryKeyConstraint('deed_id', 'tag_id', name=op.f('pk_deed_tag'))
    )
    with op.batch_alter_table('deed_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deed_tag_tag_id'), ['tag_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('deed_tag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deed_tag_tag_id'))

    op.drop_table('deed_tag')
    op.drop_table('tag')
