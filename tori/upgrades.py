"""The tables, brought to what the code knows and back, by Alembic.

It is loaded where tables are changed and nowhere else: with what it brings along it takes nine megabytes, and all that
``serve`` starts would hold them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tori.config import ROOT
from tori.core.errors import ToriError
from tori.database import db

if TYPE_CHECKING:
    from alembic.config import Config

SETTINGS = ROOT / "migrations" / "alembic.ini"
NEWEST = "head"


class UpgradeError(ToriError):
    """The tables can't be brought there."""


def upgrade(revision: str = NEWEST) -> None:
    """Brings the tables forward. Needs an application context. Raises UpgradeError where the way is not known."""
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(_settings(), revision)
    except CommandError as error:
        raise UpgradeError(
            f"The tables can't be changed: {error}. If the database is of newer code, install that or restore a backup "
            "of before."
        ) from error


def downgrade(revision: str) -> None:
    """Takes the tables back. Needs an application context."""
    from alembic import command

    command.downgrade(_settings(), revision)


def run(arguments: Sequence[str]) -> None:
    """A command of Alembic, as its own program would run it. Needs an application context. Raises SystemExit when it
    fails."""
    from alembic.config import CommandLine

    if list(arguments) == ["upgrade"]:
        arguments = ["upgrade", NEWEST]
    CommandLine(prog="db").main(["-c", str(SETTINGS), *arguments])


def newest_revision() -> str | None:
    """The last that the code knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_settings()).get_current_head()


def present_revision() -> str | None:
    """That of the database; None when it has no tables yet."""
    from alembic.runtime.migration import MigrationContext

    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _settings() -> "Config":
    from alembic.config import Config

    return Config(SETTINGS)
