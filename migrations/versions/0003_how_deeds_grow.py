"""how deeds grow"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


NEW_TEXTS = (
    'limits_of_use', 'obstacles', 'did_not_work', 'benefits_customer', 'benefits_staff', 'benefits_organisation',
)


def told(text: str, points: int) -> str:
    return f"(CASE WHEN length({text}) >= 60 THEN {points} WHEN length({text}) > 0 THEN {points // 2} ELSE 0 END)"


# What tori/deeds/reuse.py counts, as far as it was told before this revision.
SCORE = ' + '.join([
    told('need', 10), told('goals', 7), told('results', 15), told('lessons', 7), told('applicability', 10),
    f"(CASE WHEN length(implementation) > 0 THEN {told('implementation', 20)} ELSE {told('body', 20)} END)",
    "(CASE WHEN CAST(first_steps AS TEXT) <> '[]' THEN 7 ELSE 0 END)",
    "(CASE WHEN EXISTS (SELECT 1 FROM indicator WHERE indicator.deed_id = deed.id) THEN 7 ELSE 0 END)",
    "(CASE WHEN EXISTS (SELECT 1 FROM material WHERE material.deed_id = deed.id) THEN 4 ELSE 0 END)",
    "(CASE WHEN participants <> '' OR CAST(partners AS TEXT) <> '[]' THEN 3 ELSE 0 END)",
])


def upgrade() -> None:
    op.create_table('deed_co_author',
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_deed_co_author_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_deed_co_author_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('deed_id', 'user_id', name=op.f('pk_deed_co_author'))
    )
    with op.batch_alter_table('deed_co_author', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deed_co_author_user_id'), ['user_id'], unique=False)

    op.create_table('deed_co_organisation',
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_deed_co_organisation_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_deed_co_organisation_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('deed_id', 'organisation_id', name=op.f('pk_deed_co_organisation'))
    )
    with op.batch_alter_table('deed_co_organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deed_co_organisation_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('deed_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_deed_link_created_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_deed_link_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deed_link'))
    )
    with op.batch_alter_table('deed_link', schema=None) as batch_op:
        batch_op.create_index('ix_deed_link_deed_id', ['deed_id'], unique=False)

    op.create_table('deed_update',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('form_number', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_deed_update_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_deed_update_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deed_update')),
    sa.UniqueConstraint('form_number', name=op.f('uq_deed_update_form_number'))
    )
    with op.batch_alter_table('deed_update', schema=None) as batch_op:
        batch_op.create_index('ix_deed_update_deed_id_happened_on', ['deed_id', 'happened_on'], unique=False)

    op.create_table('review_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('form_number', sa.String(length=40), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_review_note_author_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_review_note_deed_id_deed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_note')),
    sa.UniqueConstraint('form_number', name=op.f('uq_review_note_form_number'))
    )
    with op.batch_alter_table('review_note', schema=None) as batch_op:
        batch_op.create_index('ix_review_note_deed_id_id', ['deed_id', 'id'], unique=False)

    op.create_table('working_copy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('deed_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=True),
    sa.Column('fields', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=True),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_working_copy_deed_id_deed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_working_copy_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_working_copy')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_working_copy_secret_hash')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_working_copy_user_id_key'))
    )
    with op.batch_alter_table('working_copy', schema=None) as batch_op:
        batch_op.create_index('ix_working_copy_deed_id', ['deed_id'], unique=False)
        batch_op.create_index('ix_working_copy_saved_at', ['saved_at'], unique=False)

    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.add_column(sa.Column('limits_of_use', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('obstacles', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('did_not_work', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('benefits_customer', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('benefits_staff', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('benefits_organisation', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('effort', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('cost', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('submitted_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('publish_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('checked_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('freshness_asked_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reuse_score', sa.Integer(), server_default='0', nullable=False))
        batch_op.create_index(batch_op.f('ix_deed_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deed_publish_at'), ['publish_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_deed_merged_into_id_deed'), 'deed', ['merged_into_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.add_column(sa.Column('basis', sa.String(length=10), server_default='', nullable=False))

    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('trusted_at', sa.DateTime(), nullable=True))

    # The values of rows that were there before; the code gives them to new ones.
    with op.batch_alter_table('deed', schema=None) as batch_op:
        for name in NEW_TEXTS:
            batch_op.alter_column(name, server_default=None)
        batch_op.alter_column('reuse_score', server_default=None)
    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.alter_column('basis', server_default=None)
    # Accounts older than the queue of the editors have published without it.
    op.execute('UPDATE "user" SET trusted_at = confirmed_at WHERE confirmed_at IS NOT NULL')
    op.execute(f'UPDATE deed SET reuse_score = {SCORE}')



def downgrade() -> None:
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_column('trusted_at')

    with op.batch_alter_table('indicator', schema=None) as batch_op:
        batch_op.drop_column('basis')

    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_deed_merged_into_id_deed'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_deed_publish_at'))
        batch_op.drop_index(batch_op.f('ix_deed_merged_into_id'))
        batch_op.drop_column('reuse_score')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('freshness_asked_at')
        batch_op.drop_column('checked_at')
        batch_op.drop_column('publish_at')
        batch_op.drop_column('submitted_at')
        batch_op.drop_column('cost')
        batch_op.drop_column('effort')
        batch_op.drop_column('benefits_organisation')
        batch_op.drop_column('benefits_staff')
        batch_op.drop_column('benefits_customer')
        batch_op.drop_column('did_not_work')
        batch_op.drop_column('obstacles')
        batch_op.drop_column('limits_of_use')

    with op.batch_alter_table('working_copy', schema=None) as batch_op:
        batch_op.drop_index('ix_working_copy_saved_at')
        batch_op.drop_index('ix_working_copy_deed_id')

    op.drop_table('working_copy')
    with op.batch_alter_table('review_note', schema=None) as batch_op:
        batch_op.drop_index('ix_review_note_deed_id_id')

    op.drop_table('review_note')
    with op.batch_alter_table('deed_update', schema=None) as batch_op:
        batch_op.drop_index('ix_deed_update_deed_id_happened_on')

    op.drop_table('deed_update')
    with op.batch_alter_table('deed_link', schema=None) as batch_op:
        batch_op.drop_index('ix_deed_link_deed_id')

    op.drop_table('deed_link')
    with op.batch_alter_table('deed_co_organisation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deed_co_organisation_organisation_id'))

    op.drop_table('deed_co_organisation')
    with op.batch_alter_table('deed_co_author', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deed_co_author_user_id'))

    op.drop_table('deed_co_author')
