"""what the search keeps"""

import logging

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


# The index of SEARCH_URL=postgresql:. It is made from the deeds, so it has no model and is thrown away without regret;
# a schema of its own keeps it out of the comparison of models and tables.
INDEX_TABLES = (
    "DROP SCHEMA IF EXISTS tori_search CASCADE",
    "CREATE SCHEMA tori_search",
    """
    CREATE TABLE tori_search.state (
        id smallint PRIMARY KEY CHECK (id = 1),
        build integer,
        earlier_build integer,
        switched_at timestamptz,
        serial bigint NOT NULL DEFAULT 0,
        version text NOT NULL DEFAULT '',
        last_sequence bigint NOT NULL DEFAULT 0,
        is_building boolean NOT NULL DEFAULT false
    )
    """,
    "INSERT INTO tori_search.state (id) VALUES (1)",
    """
    CREATE TABLE tori_search.document (
        build integer NOT NULL,
        deed_id integer NOT NULL,
        serial bigint NOT NULL,
        columns json,
        terms text[],
        forms tsvector,
        key_terms text[],
        PRIMARY KEY (build, deed_id)
    )
    """,
    "CREATE INDEX document_serial ON tori_search.document (build, serial)",
    "CREATE INDEX document_forms ON tori_search.document USING gin (forms) WITH (fastupdate = off)",
    """
    CREATE TABLE tori_search.posting (
        build integer NOT NULL,
        word text COLLATE "C" NOT NULL,
        mark text COLLATE "C" NOT NULL,
        block integer NOT NULL,
        entries bytea NOT NULL,
        PRIMARY KEY (build, word, mark, block)
    )
    """,
    """
    CREATE TABLE tori_search.word (
        build integer NOT NULL,
        word text COLLATE "C" NOT NULL,
        mark text COLLATE "C" NOT NULL,
        deeds integer NOT NULL,
        serial bigint NOT NULL,
        bare text,
        slips text[],
        PRIMARY KEY (build, word, mark)
    )
    """,
    "CREATE INDEX word_serial ON tori_search.word (build, serial)",
    "CREATE INDEX word_slips ON tori_search.word USING gin (slips)",
)


def create_index_tables() -> None:
    """Without pg_trgm, which not every server lets its users create, near misses are looked for in the processes."""
    bind = op.get_bind()
    for statement in INDEX_TABLES:
        op.execute(statement)
    try:
        with bind.begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            op.execute("CREATE INDEX word_bare ON tori_search.word USING gin (bare gin_trgm_ops)")
    except sa.exc.DBAPIError as error:
        logging.getLogger("alembic").warning("pg_trgm can't be created; the search does without it: %s", error.orig)


def upgrade() -> None:
    op.create_table('search_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('query', sa.String(length=200), nullable=False),
    sa.Column('filters', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('locale', sa.String(length=2), nullable=False),
    sa.Column('hits', sa.Integer(), nullable=False),
    sa.Column('strong', sa.Integer(), nullable=False),
    sa.Column('clicked', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_log'))
    )
    with op.batch_alter_table('search_log', schema=None) as batch_op:
        batch_op.create_index('ix_search_log_day_query', ['day', 'query'], unique=False)

    op.create_table('synonym_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('concept', sa.String(length=120), nullable=False),
    sa.Column('members', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('is_kin', sa.Boolean(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_synonym_group')),
    sa.UniqueConstraint('concept', name=op.f('uq_synonym_group_concept'))
    )
    op.create_table('saved_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('query', sa.String(length=1000), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_saved_search_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search')),
    sa.UniqueConstraint('user_id', 'query', name=op.f('uq_saved_search_user_id_query'))
    )
    if op.get_bind().dialect.name == "postgresql":
        create_index_tables()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA IF EXISTS tori_search CASCADE")
    op.drop_table('saved_search')
    op.drop_table('synonym_group')
    with op.batch_alter_table('search_log', schema=None) as batch_op:
        batch_op.drop_index('ix_search_log_day_query')

    op.drop_table('search_log')
