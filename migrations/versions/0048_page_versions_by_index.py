"""page versions are read along an index"""

from alembic import op

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_deed_id_page_version', 'deed', ['id', 'page_version'])


def downgrade() -> None:
    op.drop_index('ix_deed_id_page_version', 'deed')
