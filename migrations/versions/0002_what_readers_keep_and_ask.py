"""what readers keep and ask"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reader_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.Column('told_at', sa.DateTime(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_reader_request_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_reader_request_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader_request')),
    sa.UniqueConstraint('deed_id', 'user_id', 'part', name=op.f('uq_reader_request_deed_id_user_id_part'))
    )
    with op.batch_alter_table('reader_request', schema=None) as batch_op:
        batch_op.create_index('ix_reader_request_told_at', ['told_at'], unique=False)
        batch_op.create_index('ix_reader_request_user_id', ['user_id'], unique=False)

    op.create_table('saved_deed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('list_name', sa.String(length=300), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_saved_deed_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_saved_deed_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_deed')),
    sa.UniqueConstraint('user_id', 'deed_id', name=op.f('uq_saved_deed_user_id_deed_id'))
    )
    with op.batch_alter_table('saved_deed', schema=None) as batch_op:
        batch_op.create_index('ix_saved_deed_deed_id', ['deed_id'], unique=False)

    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('first_steps', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), server_default='[]', nullable=False))
        batch_op.create_index(batch_op.f('ix_deed_parent_id'), ['parent_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_deed_parent_id_deed'), 'deed', ['parent_id'], ['id'], ondelete='SET NULL')

    # The value for rows that were there before; the code gives it to new ones.
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.alter_column('first_steps', server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_deed_parent_id_deed'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_deed_parent_id'))
        batch_op.drop_column('first_steps')
        batch_op.drop_column('parent_id')

    with op.batch_alter_table('saved_deed', schema=None) as batch_op:
        batch_op.drop_index('ix_saved_deed_deed_id')

    op.drop_table('saved_deed')
    with op.batch_alter_table('reader_request', schema=None) as batch_op:
        batch_op.drop_index('ix_reader_request_user_id')
        batch_op.drop_index('ix_reader_request_told_at')

    op.drop_table('reader_request')
