import pytest
from sqlalchemy.orm import Session

from tori.exchange import seeding


@pytest.fixture
def vocabulary(session: Session) -> Session:
    """The database with sectors, themes and places, and nothing else."""
    seeding.load_vocabulary(session)
    session.commit()
    return session
