"""gunicorn's threads, made cheaper for readers who go on reading.

gunicorn hands a connection back to its poller after each answer and gets it again for the next request: two changes of
threads and half a dozen system calls, which cost more than a ready page does. Here the thread waits a moment for the
next request itself, as long as nobody else waits for a thread.
"""

import select
from typing import Any

from gunicorn.workers import gthread

# How long a thread waits for the first word of a new connection before it hands the waiting to the poller. gunicorn's
# five seconds let a few dozen connections that say nothing hold every thread.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.05

LINGER_MS = 2


class Threads(gthread.ThreadWorker):  # type: ignore[misc]
    """A connection stays with its thread while requests follow each other at once."""

    def handle(self, conn: Any) -> Any:
        answer = super().handle(conn)
        while answer is True and self._goes_on(conn):
            answer = super().handle(conn)
        return answer

    def _goes_on(self, conn: Any) -> bool:
        """Whether the next request is there, and this thread is needed nowhere else."""
        waiting = self.tpool._work_queue
        if conn.is_http2 or not self.alive or not waiting.empty():
            return False
        if conn.parser.unreader.buf.getvalue():
            # It was read together with the last one.
            return True
        poll = select.poll()
        poll.register(conn.sock, select.POLLIN)
        return bool(poll.poll(LINGER_MS)) and waiting.empty()
