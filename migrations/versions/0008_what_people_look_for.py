"""what people look for"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('sector_id', sa.Integer(), nullable=True),
    sa.Column('supporter_count', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('hidden_at', sa.DateTime(), nullable=True),
    sa.Column('hidden_reason', sa.String(length=300), nullable=False),
    sa.Column('form_number', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_wish_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_wish_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['sector_id'], ['sector.id'], name=op.f('fk_wish_sector_id_sector')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish')),
    sa.UniqueConstraint('form_number', name=op.f('uq_wish_form_number'))
    )
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wish_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_wish_hidden_at_id', ['hidden_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_wish_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_wish_sector_id'), ['sector_id'], unique=False)

    op.create_table('partner_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=True),
    sa.Column('wish_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('offer', sa.Text(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_partner_call_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_partner_call_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_call_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['wish_id'], ['wish.id'], name=op.f('fk_partner_call_wish_id_wish'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_call'))
    )
    with op.batch_alter_table('partner_call', schema=None) as batch_op:
        batch_op.create_index('ix_partner_call_deed_id', ['deed_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partner_call_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_partner_call_until', ['until'], unique=False)
        batch_op.create_index('ix_partner_call_wish_id', ['wish_id'], unique=False)

    op.create_table('wish_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wish_id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_wish_answer_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_wish_answer_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['wish_id'], ['wish.id'], name=op.f('fk_wish_answer_wish_id_wish'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish_answer')),
    sa.UniqueConstraint('wish_id', 'deed_id', name=op.f('uq_wish_answer_wish_id_deed_id'))
    )
    with op.batch_alter_table('wish_answer', schema=None) as batch_op:
        batch_op.create_index('ix_wish_answer_deed_id', ['deed_id'], unique=False)

    op.create_table('wish_promise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wish_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_wish_promise_deed_id_deed'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_wish_promise_user_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['wish_id'], ['wish.id'], name=op.f('fk_wish_promise_wish_id_wish'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish_promise')),
    sa.UniqueConstraint('wish_id', 'user_id', name=op.f('uq_wish_promise_wish_id_user_id'))
    )
    with op.batch_alter_table('wish_promise', schema=None) as batch_op:
        batch_op.create_index('ix_wish_promise_deed_id', ['deed_id'], unique=False)
        batch_op.create_index('ix_wish_promise_user_id', ['user_id'], unique=False)

    op.create_table('wish_supporter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wish_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_wish_supporter_user_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['wish_id'], ['wish.id'], name=op.f('fk_wish_supporter_wish_id_wish'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wish_supporter')),
    sa.UniqueConstraint('wish_id', 'user_id', name=op.f('uq_wish_supporter_wish_id_user_id'))
    )
    with op.batch_alter_table('wish_supporter', schema=None) as batch_op:
        batch_op.create_index('ix_wish_supporter_user_id', ['user_id'], unique=False)

    op.create_table('wish_theme',
    sa.Column('wish_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_wish_theme_theme_id_theme')),
    sa.ForeignKeyConstraint(['wish_id'], ['wish.id'], name=op.f('fk_wish_theme_wish_id_wish'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('wish_id', 'theme_id', name=op.f('pk_wish_theme'))
    )
    with op.batch_alter_table('wish_theme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wish_theme_theme_id'), ['theme_id'], unique=False)

    op.create_table('partner_interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['partner_call.id'], name=op.f('fk_partner_interest_call_id_partner_call'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_partner_interest_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_interest')),
    sa.UniqueConstraint('call_id', 'user_id', name=op.f('uq_partner_interest_call_id_user_id'))
    )
    with op.batch_alter_table('partner_interest', schema=None) as batch_op:
        batch_op.create_index('ix_partner_interest_user_id', ['user_id'], unique=False)

    with op.batch_alter_table('news_item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wish_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_news_item_wish_id'), ['wish_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_news_item_wish_id_wish'), 'wish', ['wish_id'], ['id'], ondelete='CASCADE')



def downgrade() -> None:
    with op.batch_alter_table('news_item', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_news_item_wish_id_wish'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_news_item_wish_id'))
        batch_op.drop_column('wish_id')

    with op.batch_alter_table('partner_interest', schema=None) as batch_op:
        batch_op.drop_index('ix_partner_interest_user_id')

    op.drop_table('partner_interest')
    with op.batch_alter_table('wish_theme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wish_theme_theme_id'))

    op.drop_table('wish_theme')
    with op.batch_alter_table('wish_supporter', schema=None) as batch_op:
        batch_op.drop_index('ix_wish_supporter_user_id')

    op.drop_table('wish_supporter')
    with op.batch_alter_table('wish_promise', schema=None) as batch_op:
        batch_op.drop_index('ix_wish_promise_user_id')
        batch_op.drop_index('ix_wish_promise_deed_id')

    op.drop_table('wish_promise')
    with op.batch_alter_table('wish_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_wish_answer_deed_id')

    op.drop_table('wish_answer')
    with op.batch_alter_table('partner_call', schema=None) as batch_op:
        batch_op.drop_index('ix_partner_call_wish_id')
        batch_op.drop_index('ix_partner_call_until')
        batch_op.drop_index(batch_op.f('ix_partner_call_organisation_id'))
        batch_op.drop_index('ix_partner_call_deed_id')

    op.drop_table('partner_call')
    with op.batch_alter_table('wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wish_sector_id'))
        batch_op.drop_index(batch_op.f('ix_wish_organisation_id'))
        batch_op.drop_index('ix_wish_hidden_at_id')
        batch_op.drop_index(batch_op.f('ix_wish_author_id'))

    op.drop_table('wish')
