"""order on the square"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('moderation_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=30), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_entry'))
    )
    with op.batch_alter_table('moderation_entry', schema=None) as batch_op:
        batch_op.create_index('ix_moderation_entry_kind_target_id', ['kind', 'target_id'], unique=False)

    op.create_table('moved_address',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'slug', name=op.f('pk_moved_address'))
    )
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('fault', sa.String(length=20), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.Column('escalated_at', sa.DateTime(), nullable=True),
    sa.Column('escalation', sa.String(length=300), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('verdict', sa.String(length=20), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('decider_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['decider_id'], ['user.id'], name=op.f('fk_report_decider_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['reporter_id'], ['user.id'], name=op.f('fk_report_reporter_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('key', name=op.f('uq_report_key'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index('ix_report_decided_at_id', ['decided_at', 'id'], unique=False)
        batch_op.create_index('ix_report_kind_target_id', ['kind', 'target_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_reporter_id'), ['reporter_id'], unique=False)

    op.create_table('organisation_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('name_sv', sa.String(length=300), nullable=True),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_name_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_name'))
    )
    with op.batch_alter_table('organisation_name', schema=None) as batch_op:
        batch_op.create_index('ix_organisation_name_organisation_id_until', ['organisation_id', 'until'], unique=False)

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verified_at', sa.DateTime(), nullable=True))

    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('blocked_until', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('blocked_reason', sa.String(length=300), nullable=False, server_default=''))
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.alter_column('blocked_reason', server_default=None)
    _guard_log()


def _guard_log() -> None:
    """Rows of the log of moderation are only added."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("""
            CREATE FUNCTION moderation_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the log of moderation is only added to'; END $$
        """)
        op.execute("""
            CREATE TRIGGER moderation_entry_kept BEFORE UPDATE OR DELETE ON moderation_entry
            FOR EACH ROW EXECUTE FUNCTION moderation_entry_is_kept()
        """)
        return
    for act in ('UPDATE', 'DELETE'):
        op.execute(f"""
            CREATE TRIGGER moderation_entry_kept_from_{act.lower()} BEFORE {act} ON moderation_entry
            BEGIN SELECT RAISE(ABORT, 'the log of moderation is only added to'); END
        """)


def downgrade() -> None:
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_column('blocked_reason')
        batch_op.drop_column('blocked_until')

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_column('verified_at')

    with op.batch_alter_table('organisation_name', schema=None) as batch_op:
        batch_op.drop_index('ix_organisation_name_organisation_id_until')

    op.drop_table('organisation_name')
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_reporter_id'))
        batch_op.drop_index('ix_report_kind_target_id')
        batch_op.drop_index('ix_report_decided_at_id')

    op.drop_table('report')
    op.drop_table('moved_address')
    with op.batch_alter_table('moderation_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_moderation_entry_kind_target_id')

    op.drop_table('moderation_entry')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION moderation_entry_is_kept()')
