"""what the editors write"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('guide_page',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('shelf', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('titles', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('leads', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('bodies', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('deed_ids', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('hidden_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guide_page')),
    sa.UniqueConstraint('slug', name=op.f('uq_guide_page_slug'))
    )
    with op.batch_alter_table('guide_page', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_guide_page_shelf'), ['shelf'], unique=False)

    op.create_table('poll_count',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('not_found', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'locale', name=op.f('pk_poll_count'))
    )
    op.create_table('survey_answer',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(length=20), nullable=False),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_answer'))
    )
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.create_index('ix_survey_answer_year', ['year'], unique=False)

    op.create_table('guide_page_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['editor_id'], ['user.id'], name=op.f('fk_guide_page_version_editor_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['page_id'], ['guide_page.id'], name=op.f('fk_guide_page_version_page_id_guide_page'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guide_page_version')),
    sa.UniqueConstraint('page_id', 'number', name=op.f('uq_guide_page_version_page_id_number'))
    )
    op.create_table('newsletter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subjects', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('intros', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('items', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('editor_id', sa.Integer(), nullable=True),
    sa.Column('send_at', sa.DateTime(), nullable=True),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.Column('mails', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['editor_id'], ['user.id'], name=op.f('fk_newsletter_editor_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_newsletter'))
    )
    with op.batch_alter_table('newsletter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_newsletter_send_at'), ['send_at'], unique=False)

    op.create_table('survey_ask',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_survey_ask_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'year', name=op.f('pk_survey_ask'))
    )
    op.create_table('newsletter_delivery',
    sa.Column('newsletter_id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['newsletter_id'], ['newsletter.id'], name=op.f('fk_newsletter_delivery_newsletter_id_newsletter'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['digest_subscriber.id'], name=op.f('fk_newsletter_delivery_subscriber_id_digest_subscriber'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('newsletter_id', 'subscriber_id', name=op.f('pk_newsletter_delivery'))
    )
    with op.batch_alter_table('newsletter_delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_newsletter_delivery_subscriber_id'), ['subscriber_id'], unique=False)

    op.create_table('story_theme',
    sa.Column('story_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_story_theme_story_id_story'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], name=op.f('fk_story_theme_theme_id_theme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('story_id', 'theme_id', name=op.f('pk_story_theme'))
    )
    with op.batch_alter_table('story_theme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_theme_theme_id'), ['theme_id'], unique=False)

    op.create_table('story_organisation',
    sa.Column('story_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_story_organisation_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_story_organisation_story_id_story'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('story_id', 'organisation_id', name=op.f('pk_story_organisation'))
    )
    with op.batch_alter_table('story_organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_organisation_organisation_id'), ['organisation_id'], unique=False)

    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.add_column(sa.Column('media_url', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('transcript', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.alter_column('media_url', server_default=None)
        batch_op.alter_column('transcript', server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.drop_column('transcript')
        batch_op.drop_column('media_url')

    with op.batch_alter_table('story_organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_story_organisation_organisation_id'))

    op.drop_table('story_organisation')
    with op.batch_alter_table('story_theme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_story_theme_theme_id'))

    op.drop_table('story_theme')
    with op.batch_alter_table('newsletter_delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_newsletter_delivery_subscriber_id'))

    op.drop_table('newsletter_delivery')
    op.drop_table('survey_ask')
    with op.batch_alter_table('newsletter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_newsletter_send_at'))

    op.drop_table('newsletter')
    op.drop_table('guide_page_version')
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_survey_answer_year')

    op.drop_table('survey_answer')
    op.drop_table('poll_count')
    with op.batch_alter_table('guide_page', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_guide_page_shelf'))

    op.drop_table('guide_page')
