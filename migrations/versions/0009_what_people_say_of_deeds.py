"""what people say of deeds"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('deed_thanks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_deed_thanks_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_deed_thanks_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deed_thanks')),
    sa.UniqueConstraint('deed_id', 'user_id', name=op.f('uq_deed_thanks_deed_id_user_id'))
    )
    with op.batch_alter_table('deed_thanks', schema=None) as batch_op:
        batch_op.create_index('ix_deed_thanks_user_id', ['user_id'], unique=False)

    op.create_table('private_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('asker_id', sa.Integer(), nullable=False),
    sa.Column('turn', sa.String(length=10), nullable=False),
    sa.Column('passed_at', sa.DateTime(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('form_number', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['asker_id'], ['user.id'], name=op.f('fk_private_question_asker_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_private_question_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_private_question')),
    sa.UniqueConstraint('form_number', name=op.f('uq_private_question_form_number'))
    )
    with op.batch_alter_table('private_question', schema=None) as batch_op:
        batch_op.create_index('ix_private_question_asker_id', ['asker_id'], unique=False)
        batch_op.create_index('ix_private_question_deed_id', ['deed_id'], unique=False)
        batch_op.create_index('ix_private_question_turn_created_at', ['turn', 'created_at'], unique=False)

    op.create_table('comment_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('handled_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_report_comment_id_comment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reporter_id'], ['user.id'], name=op.f('fk_comment_report_reporter_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_report'))
    )
    with op.batch_alter_table('comment_report', schema=None) as batch_op:
        batch_op.create_index('ix_comment_report_comment_id', ['comment_id'], unique=False)
        batch_op.create_index('ix_comment_report_handled_at', ['handled_at'], unique=False)

    op.create_table('private_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('form_number', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_private_message_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['question_id'], ['private_question.id'], name=op.f('fk_private_message_question_id_private_question'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_private_message')),
    sa.UniqueConstraint('form_number', name=op.f('uq_private_message_form_number'))
    )
    with op.batch_alter_table('private_message', schema=None) as batch_op:
        batch_op.create_index('ix_private_message_question_id', ['question_id'], unique=False)

    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('mentions', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('edited_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('held_at', sa.DateTime(), nullable=True))
        batch_op.create_index('ix_comment_held_at', ['held_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_parent_id'), ['parent_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_comment_parent_id_comment'), 'comment', ['parent_id'], ['id'], ondelete='CASCADE')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.alter_column('mentions', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_comment_parent_id_comment'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_comment_parent_id'))
        batch_op.drop_index('ix_comment_held_at')
        batch_op.drop_column('held_at')
        batch_op.drop_column('edited_at')
        batch_op.drop_column('answered_at')
        batch_op.drop_column('mentions')
        batch_op.drop_column('parent_id')

    with op.batch_alter_table('private_message', schema=None) as batch_op:
        batch_op.drop_index('ix_private_message_question_id')

    op.drop_table('private_message')
    with op.batch_alter_table('comment_report', schema=None) as batch_op:
        batch_op.drop_index('ix_comment_report_handled_at')
        batch_op.drop_index('ix_comment_report_comment_id')

    op.drop_table('comment_report')
    with op.batch_alter_table('private_question', schema=None) as batch_op:
        batch_op.drop_index('ix_private_question_turn_created_at')
        batch_op.drop_index('ix_private_question_deed_id')
        batch_op.drop_index('ix_private_question_asker_id')

    op.drop_table('private_question')
    with op.batch_alter_table('deed_thanks', schema=None) as batch_op:
        batch_op.drop_index('ix_deed_thanks_user_id')

    op.drop_table('deed_thanks')
