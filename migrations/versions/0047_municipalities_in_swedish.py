"""every municipality has a name in Swedish"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None

PLACE = sa.table(
    'municipality', sa.column('id', sa.Integer), sa.column('name', sa.String), sa.column('name_sv', sa.String)
)
ORGANISATION = sa.table(
    'organisation', sa.column('id', sa.Integer), sa.column('kind', sa.String), sa.column('name', sa.String),
    sa.column('name_sv', sa.String), sa.column('municipality_id', sa.Integer), sa.column('ended_on', sa.Date),
)
DEED = sa.table('deed', sa.column('id', sa.Integer), sa.column('organisation_id', sa.Integer))
INDEX_TASK = sa.table('index_task', sa.column('deed_id', sa.Integer), sa.column('created_at', sa.DateTime))
SETTING = sa.table(
    'setting', sa.column('key', sa.String),
    sa.column('value', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')),
)


def upgrade() -> None:
    """As in the seeds: “Tammerfors stad”, “Nådendals stad”, “Alajärvi stad” where Swedish says the same as Finnish."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(ORGANISATION.c.id, ORGANISATION.c.name, PLACE.c.name, PLACE.c.name_sv)
        .join(PLACE, PLACE.c.id == ORGANISATION.c.municipality_id)
        .where(
            ORGANISATION.c.kind == 'kunta', ORGANISATION.c.name_sv.is_(None), ORGANISATION.c.ended_on.is_(None),
            PLACE.c.name_sv.is_not(None),
        )
    ).all()
    for organisation_id, name, finnish, swedish in rows:
        genitive = '' if swedish == finnish or swedish[-1] in 'aeiouyåäösxz' else 's'
        kind = 'stad' if name.endswith('kaupunki') else 'kommun'
        connection.execute(
            sa.update(ORGANISATION)
            .where(ORGANISATION.c.id == organisation_id)
            .values(name_sv=f'{swedish}{genitive} {kind}')
        )
    named = [row[0] for row in rows]
    connection.execute(
        sa.insert(INDEX_TASK).from_select(
            ['deed_id', 'created_at'],
            sa.select(DEED.c.id, sa.func.current_timestamp()).where(DEED.c.organisation_id.in_(named)),
        )
    )
    # Pages that are kept ready are made anew.
    version = sa.select(SETTING.c.value).where(SETTING.c.key == 'content_version')
    value = connection.scalar(version)
    if named and value is not None:
        changed = {**value, **{name: value.get(name, 0) + 1 for name in ('number', 'pages')}}
        connection.execute(sa.update(SETTING).where(SETTING.c.key == 'content_version').values(value=changed))


def downgrade() -> None:
    """The names are right for the code of before, too."""
