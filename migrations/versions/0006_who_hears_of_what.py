"""who hears of what"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_bounce',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('is_permanent', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_bounce'))
    )
    with op.batch_alter_table('mail_bounce', schema=None) as batch_op:
        batch_op.create_index('ix_mail_bounce_address', ['address'], unique=False)

    op.create_table('digest_subscriber',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.Column('rhythm', sa.String(length=10), nullable=False),
    sa.Column('mails_answers', sa.Boolean(), nullable=False),
    sa.Column('sector_ids', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('theme_ids', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('confirm_hash', sa.String(length=64), nullable=True),
    sa.Column('confirm_until', sa.DateTime(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('told_until', sa.DateTime(), nullable=False),
    sa.Column('bounced_at', sa.DateTime(), nullable=True),
    sa.Column('left_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_digest_subscriber_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_subscriber')),
    sa.UniqueConstraint('confirm_hash', name=op.f('uq_digest_subscriber_confirm_hash')),
    sa.UniqueConstraint('email', name=op.f('uq_digest_subscriber_email')),
    sa.UniqueConstraint('key', name=op.f('uq_digest_subscriber_key')),
    sa.UniqueConstraint('user_id', name=op.f('uq_digest_subscriber_user_id'))
    )
    with op.batch_alter_table('digest_subscriber', schema=None) as batch_op:
        batch_op.create_index('ix_digest_subscriber_rhythm_told_until', ['rhythm', 'told_until'], unique=False)

    op.create_table('follow',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_follow_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow')),
    sa.UniqueConstraint('user_id', 'kind', 'target_id', name=op.f('uq_follow_user_id_kind_target_id'))
    )
    with op.batch_alter_table('follow', schema=None) as batch_op:
        batch_op.create_index('ix_follow_kind_target_id', ['kind', 'target_id'], unique=False)

    op.create_table('shared_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('list_name', sa.String(length=300), nullable=False),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_shared_list_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_list')),
    sa.UniqueConstraint('key', name=op.f('uq_shared_list_key')),
    sa.UniqueConstraint('user_id', 'list_name', name=op.f('uq_shared_list_user_id_list_name'))
    )
    op.create_table('digest_issue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(), nullable=False),
    sa.Column('until', sa.DateTime(), nullable=False),
    sa.Column('news_ids', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox_mail.id'], name=op.f('fk_digest_issue_mail_id_outbox_mail'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['digest_subscriber.id'], name=op.f('fk_digest_issue_subscriber_id_digest_subscriber'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_issue')),
    sa.UniqueConstraint('mail_id', name=op.f('uq_digest_issue_mail_id'))
    )
    with op.batch_alter_table('digest_issue', schema=None) as batch_op:
        batch_op.create_index('ix_digest_issue_subscriber_id_until', ['subscriber_id', 'until'], unique=True)

    op.create_table('editor_pick',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_editor_pick_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['editor_id'], ['user.id'], name=op.f('fk_editor_pick_editor_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_editor_pick')),
    sa.UniqueConstraint('deed_id', name=op.f('uq_editor_pick_deed_id'))
    )
    op.create_table('news_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_news_item_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news_item')),
    sa.UniqueConstraint('key', name=op.f('uq_news_item_key'))
    )
    with op.batch_alter_table('news_item', schema=None) as batch_op:
        batch_op.create_index('ix_news_item_created_at', ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_news_item_deed_id'), ['deed_id'], unique=False)

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('address', sa.String(length=300), nullable=True))

    with op.batch_alter_table('outbox_mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('headers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('outbox_mail', schema=None) as batch_op:
        batch_op.drop_column('headers')

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_column('address')
        batch_op.drop_column('text')

    with op.batch_alter_table('news_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_news_item_deed_id'))
        batch_op.drop_index('ix_news_item_created_at')

    op.drop_table('news_item')
    op.drop_table('editor_pick')
    with op.batch_alter_table('digest_issue', schema=None) as batch_op:
        batch_op.drop_index('ix_digest_issue_subscriber_id_until')

    op.drop_table('digest_issue')
    op.drop_table('shared_list')
    with op.batch_alter_table('follow', schema=None) as batch_op:
        batch_op.drop_index('ix_follow_kind_target_id')

    op.drop_table('follow')
    with op.batch_alter_table('digest_subscriber', schema=None) as batch_op:
        batch_op.drop_index('ix_digest_subscriber_rhythm_told_until')

    op.drop_table('digest_subscriber')
    with op.batch_alter_table('mail_bounce', schema=None) as batch_op:
        batch_op.drop_index('ix_mail_bounce_address')

    op.drop_table('mail_bounce')
