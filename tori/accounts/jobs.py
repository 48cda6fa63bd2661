"""What is done to accounts by the calendar."""

from tori.config import Config


def sweep_accounts(config: Config) -> int:
    return 0
