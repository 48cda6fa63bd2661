"""comments are reported as everything else; peers help each other"""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

NO_WORDS = '–'
old = sa.table(
    'comment_report',
    *(sa.column(name) for name in ('id', 'comment_id', 'reporter_id', 'reason')),
    sa.column('handled_at', sa.DateTime()), sa.column('created_at', sa.DateTime()),
)
new = sa.table(
    'report',
    *(
        sa.column(name)
        for name in (
            'id', 'kind', 'target_id', 'fault', 'body', 'email', 'locale', 'reporter_id', 'key', 'escalation', 'verdict',
            'answer',
        )
    ),
    sa.column('decided_at', sa.DateTime()), sa.column('created_at', sa.DateTime()),
)
comment = sa.table(
    'comment', sa.column('id'), sa.column('removed_at', sa.DateTime()), sa.column('removed_reason', sa.String())
)
claim = sa.table('queue_claim', sa.column('queue'))


def upgrade() -> None:
    connection = op.get_bind()
    found = connection.execute(
        sa.select(old, comment.c.removed_at, comment.c.removed_reason)
        .join_from(old, comment, comment.c.id == old.c.comment_id)
        .order_by(old.c.id)
    )
    rows = [
        {
            'kind': 'comment', 'target_id': row.comment_id, 'fault': 'other', 'body': row.reason or NO_WORDS, 'email': '',
            'locale': 'fi', 'reporter_id': row.reporter_id, 'key': secrets.token_urlsafe(24), 'escalation': '',
            'verdict': None if row.handled_at is None else 'kept' if row.removed_at is None else 'removed',
            'answer': row.removed_reason or '' if row.handled_at else '', 'decided_at': row.handled_at,
            'created_at': row.created_at,
        }
        for row in found
    ]
    if rows:
        connection.execute(sa.insert(new), rows)
    connection.execute(sa.delete(claim).where(claim.c.queue == 'reported'))
    op.drop_table('comment_report')
    op.create_table(
        'peer_help',
        sa.Column('deed_id', sa.Integer(), nullable=False),
        sa.Column('advice_on', sa.String(length=300), nullable=False),
        sa.Column('helps_others', sa.Boolean(), nullable=False),
        sa.Column('suits', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
        sa.Column('changed_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_peer_help_deed_id_deed'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('deed_id', name=op.f('pk_peer_help')),
    )
    with op.batch_alter_table('peer_help', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_peer_help_helps_others'), ['helps_others'], unique=False)
    with op.batch_alter_table('partner_call', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seeks', sa.String(length=20), nullable=False, server_default=''))
    with op.batch_alter_table('partner_call', schema=None) as batch_op:
        batch_op.alter_column('seeks', server_default=None)
    op.create_table(
        'letter_opinion',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('opinion', sa.String(length=10), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('day', 'opinion', name=op.f('pk_letter_opinion')),
    )


def downgrade() -> None:
    op.drop_table('letter_opinion')
    with op.batch_alter_table('partner_call', schema=None) as batch_op:
        batch_op.drop_column('seeks')
    op.drop_table('peer_help')
    op.create_table(
        'comment_report',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('comment_id', sa.Integer(), nullable=False),
        sa.Column('reporter_id', sa.Integer(), nullable=True),
        sa.Column('reason', sa.String(length=300), nullable=False),
        sa.Column('handled_at', sa.DateTime(), nullable=True),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_report_comment_id_comment'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['reporter_id'], ['user.id'], name=op.f('fk_comment_report_reporter_id_user'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_report')),
    )
    with op.batch_alter_table('comment_report', schema=None) as batch_op:
        batch_op.create_index('ix_comment_report_comment_id', ['comment_id'], unique=False)
        batch_op.create_index('ix_comment_report_handled_at', ['handled_at'], unique=False)
    connection = op.get_bind()
    of_comments = new.c.kind == 'comment'
    found = connection.execute(
        sa.select(new).join_from(new, comment, comment.c.id == new.c.target_id).where(of_comments).order_by(new.c.id)
    )
    rows = [
        {
            'comment_id': row.target_id, 'reporter_id': row.reporter_id,
            'reason': '' if row.body == NO_WORDS else row.body[:300], 'handled_at': row.decided_at,
            'created_at': row.created_at,
        }
        for row in found
    ]
    if rows:
        connection.execute(sa.insert(old), rows)
    connection.execute(sa.delete(new).where(of_comments))
