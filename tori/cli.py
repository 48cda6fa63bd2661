"""The commands of ``flask --app wsgi``: parse, call a service, print."""

from flask import Flask


def init_commands(app: Flask) -> None:
    """Registers the commands."""
