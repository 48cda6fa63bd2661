"""indexes by which models taken are counted"""

from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.create_index('ix_adoption_created_at_deed_id', ['created_at', 'deed_id'], unique=False)
        batch_op.create_index('ix_adoption_organisation_id_closeness_status_deed_id', ['organisation_id', 'closeness', 'status', 'deed_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.drop_index('ix_adoption_organisation_id_closeness_status_deed_id')
        batch_op.drop_index('ix_adoption_created_at_deed_id')
