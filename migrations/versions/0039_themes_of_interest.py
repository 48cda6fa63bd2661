"""themes that an organisation is interested in"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'organisation_theme',
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('theme_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_theme_organisation_id_organisation'),
            ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['theme_id'], ['theme.id'], name=op.f('fk_organisation_theme_theme_id_theme'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('organisation_id', 'theme_id', name=op.f('pk_organisation_theme')),
    )
    # One of the deeds beside each is of another sector now: the worker looks for them anew.
    op.execute('UPDATE deed SET look_for_alike = 1 WHERE look_for_alike = 0')
    op.create_index(op.f('ix_organisation_theme_theme_id'), 'organisation_theme', ['theme_id'])


def downgrade() -> None:
    op.drop_table('organisation_theme')
