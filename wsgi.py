"""The entry of web servers and of ``flask --app wsgi``."""

import gc
import os
import sys

# Nothing of what is imported and set up is garbage: looking through it again and again takes a fourth of the start.
gc.disable()
# Read by numpy's library when it is loaded: one more thread for each processor is of no use to a search, and a process
# without threads can be forked.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tori import create_app  # noqa: E402
from tori.core.errors import ConfigurationError  # noqa: E402

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(f"Tekojen tori can't start: {error}")
finally:
    gc.freeze()
    gc.enable()
