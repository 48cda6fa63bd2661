"""The entry of web servers and of ``flask --app wsgi``."""

import os
import sys

# Read by numpy's library when it is loaded: one more thread for each processor is of no use to a search, and a process
# without threads can be forked.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tori import create_app
from tori.core.errors import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(f"Tekojen tori can't start: {error}")
