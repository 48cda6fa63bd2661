"""Tekojen tori: the market square of development deeds."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from tori import wiring
from tori.cli import init_commands
from tori.config import ROOT, Config, load_config, prepare_instance, secret_key
from tori.database import db, engine_options, init_database
from tori.edge.access import init_access
from tori.edge.caching import init_caching
from tori.edge.errors import init_errors
from tori.edge.frames import init_frames
from tori.edge.kept import init_kept
from tori.edge.logs import init_logs, set_up_logging
from tori.edge.metrics import init_metrics
from tori.edge.page_cache import init_page_cache
from tori.edge.read_only import init_read_only
from tori.edge.reading_limits import init_reading_limits
from tori.edge.routing import init_routing
from tori.edge.security import init_security
from tori.edge.sessions import DatabaseSessions
from tori.edge.slow_queries import init_slow_queries
from tori.edge.stored import init_stored_pages
from tori.edge.templating import init_templating, request_locale
from tori.i18n import LocalePrefix
from tori.models.people import User

MAX_REQUEST_BYTES = 1_000_000

__version__ = "0.1.0"


class Application(Flask):
    """Flask, without asking each function at each request whether it is asynchronous: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(config: Config | None = None, **overrides: Any) -> Flask:
    """The WSGI application. Overrides are fields of Config. Raises ConfigurationError with one plain sentence."""
    config = config or load_config(**overrides)
    prepare_instance(config)
    set_up_logging(config.log_level, config.log_format)
    app = Application(__name__, static_folder=ROOT / "static", template_folder=ROOT / "templates")
    app.config.update(
        SECRET_KEY=secret_key(config),
        SECRET_KEY_FALLBACKS=[key for key in config.secret_key_fallbacks.split(",") if key],
        SQLALCHEMY_DATABASE_URI=config.database,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database, config.web_threads + 1),
        TRUSTED_HOSTS=config.hosts,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        # Pages with secrets in their address send no Referer; edge/security.py looks at Origin instead.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="fi",
        BABEL_DEFAULT_TIMEZONE="Europe/Helsinki",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "tori" / "translations"),
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["tori"] = config
    app.session_interface = DatabaseSessions(config)
    init_database(app)
    init_slow_queries(app, config)
    Babel(app, locale_selector=request_locale)
    _init_sign_in(app)
    init_logs(app)
    init_routing(app)
    init_templating(app, config)
    init_read_only(app, config)
    init_kept(app)
    init_frames(app)
    init_errors(app)
    init_security(app, config)
    CSRFProtect(app)
    init_access(app)
    init_caching(app)
    init_stored_pages(app, config)
    wiring.connect(app, config)
    init_commands(app)
    app.wsgi_app = LocalePrefix(app.wsgi_app)  # type: ignore[method-assign]
    uncached = app.wsgi_app
    init_page_cache(app, config)
    init_reading_limits(app, config, uncached)
    init_metrics(app)
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops, x_host=0)  # type: ignore[method-assign]
    return app


def _init_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load_user(user_id: str) -> User | None:
        user = db.session.get(User, int(user_id))
        return user if user is not None and user.is_active else None
