"""marks that people have taken along"""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'person_mark',
        sa.Column('key', sa.String(length=43), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('created_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_person_mark_user_id_user'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_person_mark')),
        sa.UniqueConstraint('user_id', 'kind', name=op.f('uq_person_mark_user_id_kind')),
    )


def downgrade() -> None:
    op.drop_table('person_mark')
