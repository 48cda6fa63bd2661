"""The entry of web servers and of ``flask --app wsgi``."""

import sys

from tori import create_app
from tori.core.errors import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(f"Tekojen tori can't start: {error}")
