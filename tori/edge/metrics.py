"""Figures for Prometheus: counted in every web process, told by the worker on a port of its own (METRICS_PORT).

Nothing is counted, and nothing loaded, where PROMETHEUS_MULTIPROC_DIR names no folder; ``serve`` sets it.
"""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from tori.config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from prometheus_client import Counter, Histogram

FOLDER = "metrics"
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
OUTSIDE = "127.0.0.1"
UNCOUNTED = "tori.uncounted"
"""In the environment of what the site asks of itself."""


class CountedRequests:
    """The outermost layer: counts also what the page cache answers."""

    def __init__(self, app: "WSGIApplication", answers: "Counter", seconds: "Histogram") -> None:
        self.app = app
        self.answers = answers
        self.seconds = seconds

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if UNCOUNTED in environ:
            return self.app(environ, start_response)
        began = time.perf_counter()
        status = "500"

        def begin(line: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            nonlocal status
            status = line[:3]
            return start_response(line, headers, exc_info)  # type: ignore[arg-type]

        try:
            return self.app(environ, begin)
        finally:
            self.answers.labels(environ["REQUEST_METHOD"], status).inc()
            self.seconds.observe(time.perf_counter() - began)


def init_metrics(app: Flask) -> None:
    if VARIABLE not in os.environ:
        return
    Path(os.environ[VARIABLE]).mkdir(mode=0o700, parents=True, exist_ok=True)
    from prometheus_client import REGISTRY, Counter, Histogram

    if "tori_answers" in REGISTRY._names_to_collectors:
        return
    answers = Counter("tori_answers", "Answers of the web server, also from the page cache.", ["method", "status"])
    seconds = Histogram("tori_answer_seconds", "Seconds to the beginning of an answer.", buckets=BUCKETS)
    views = Histogram("tori_view_seconds", "Seconds that a page took when it was made.", ["view"], buckets=BUCKETS)
    app.wsgi_app = CountedRequests(app.wsgi_app, answers, seconds)  # type: ignore[method-assign]

    @app.before_request
    def begin() -> None:
        g.view_began = time.perf_counter()

    @app.after_request
    def observe(response: Response) -> Response:
        began = g.pop("view_began", None)
        if began is not None and request.endpoint and UNCOUNTED not in request.environ:
            views.labels(request.endpoint).observe(time.perf_counter() - began)
        return response


Figures = Callable[[], list[tuple[str, str, float]]]
"""Name, help and value of each figure that is asked for when it is told."""


def tell(config: Config, figures: Figures) -> Callable[[], None]:
    """Opens the port of METRICS_PORT on this machine alone. Returns what closes it."""
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.core import GaugeMetricFamily
    from prometheus_client.multiprocess import MultiProcessCollector

    class Asked:
        def collect(self) -> Iterable[GaugeMetricFamily]:
            for name, help_text, value in figures():
                yield GaugeMetricFamily(name, help_text, value)

    registry = CollectorRegistry()
    registry.register(Asked())
    if VARIABLE in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    server, thread = start_http_server(config.metrics_port, OUTSIDE, registry)

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5)

    return close
