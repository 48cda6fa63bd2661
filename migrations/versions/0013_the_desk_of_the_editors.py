"""the desk of the editors"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('queue_claim',
    sa.Column('queue', sa.String(length=30), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_queue_claim_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('queue', 'item_id', name=op.f('pk_queue_claim'))
    )
    with op.batch_alter_table('queue_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_queue_claim_user_id'), ['user_id'], unique=False)

    op.create_table('top_list_keeper',
    sa.Column('top_list_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['top_list_id'], ['top_list.id'], name=op.f('fk_top_list_keeper_top_list_id_top_list'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_top_list_keeper_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('top_list_id', 'user_id', name=op.f('pk_top_list_keeper'))
    )
    with op.batch_alter_table('top_list_keeper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_top_list_keeper_user_id'), ['user_id'], unique=False)

    op.create_table('top_list_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('top_list_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['editor_id'], ['user.id'], name=op.f('fk_top_list_version_editor_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['top_list_id'], ['top_list.id'], name=op.f('fk_top_list_version_top_list_id_top_list'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_top_list_version')),
    sa.UniqueConstraint('top_list_id', 'number', name=op.f('uq_top_list_version_top_list_id_number'))
    )
    with op.batch_alter_table('top_list', schema=None) as batch_op:
        batch_op.add_column(sa.Column('expires_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('criteria', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('network', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(), nullable=True))
    with op.batch_alter_table('top_list', schema=None) as batch_op:
        for name in ('criteria', 'network', 'version'):
            batch_op.alter_column(name, server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('top_list', schema=None) as batch_op:
        batch_op.drop_column('changed_at')
        batch_op.drop_column('version')
        batch_op.drop_column('network')
        batch_op.drop_column('criteria')
        batch_op.drop_column('expires_on')

    op.drop_table('top_list_version')
    with op.batch_alter_table('top_list_keeper', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_top_list_keeper_user_id'))

    op.drop_table('top_list_keeper')
    with op.batch_alter_table('queue_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_queue_claim_user_id'))

    op.drop_table('queue_claim')
