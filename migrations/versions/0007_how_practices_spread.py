"""how practices spread"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('adoption_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('adoption_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['adoption_id'], ['adoption.id'], name=op.f('fk_adoption_member_adoption_id_adoption'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_adoption_member_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_adoption_member')),
    sa.UniqueConstraint('adoption_id', 'user_id', name=op.f('uq_adoption_member_adoption_id_user_id'))
    )
    with op.batch_alter_table('adoption_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_adoption_member_user_id'), ['user_id'], unique=False)

    op.create_table('author_letter',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('rhythm', sa.String(length=10), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_author_letter_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_author_letter'))
    )
    op.create_table('follow_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('adoption_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('sent_at', sa.DateTime(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['adoption_id'], ['adoption.id'], name=op.f('fk_follow_up_adoption_id_adoption'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_follow_up_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
    sa.UniqueConstraint('adoption_id', 'month', name=op.f('uq_follow_up_adoption_id_month'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outcome', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('unit', sa.String(length=300), server_default='', nullable=False))
        batch_op.add_column(sa.Column('may_contact', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('abandoned_reason', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('author_told_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('asks_stopped_at', sa.DateTime(), nullable=True))

    # The values for rows that were there before; the code gives them to new ones.
    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.alter_column('outcome', server_default=None)
        batch_op.alter_column('unit', server_default=None)
        batch_op.alter_column('may_contact', server_default=None)

    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.add_column(sa.Column('breakthrough_at', sa.DateTime(), nullable=True))

    # Nobody gets a letter of what happened before there were letters; who pressed has joined.
    op.execute("UPDATE adoption SET author_told_at = created_at")
    op.execute(
        "INSERT INTO adoption_member (adoption_id, user_id, created_at)"
        " SELECT id, user_id, created_at FROM adoption WHERE user_id IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.drop_column('breakthrough_at')

    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.drop_column('asks_stopped_at')
        batch_op.drop_column('author_told_at')
        batch_op.drop_column('abandoned_reason')
        batch_op.drop_column('may_contact')
        batch_op.drop_column('unit')
        batch_op.drop_column('outcome')

    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_follow_up_user_id'))

    op.drop_table('follow_up')
    op.drop_table('author_letter')
    with op.batch_alter_table('adoption_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_adoption_member_user_id'))

    op.drop_table('adoption_member')
