"""how far a reader has come on a path of learning"""

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'path_step',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('page_id', sa.Integer(), nullable=False),
        sa.Column('deed_id', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_path_step_user_id_user'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['page_id'], ['guide_page.id'], name=op.f('fk_path_step_page_id_guide_page'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['deed_id'], ['deed.id'], name=op.f('fk_path_step_deed_id_deed'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'page_id', 'deed_id', name=op.f('pk_path_step')),
    )
    op.create_index(op.f('ix_path_step_page_id'), 'path_step', ['page_id'])
    op.create_index(op.f('ix_path_step_deed_id'), 'path_step', ['deed_id'])


def downgrade() -> None:
    op.drop_table('path_step')
