"""Settings from the environment. Each has a type, a default and a help text; a bad value stops the start by name."""

import errno
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tori.core.errors import ConfigurationError

DIGEST_AT = re.compile("(monday|tuesday|wednesday|thursday|friday|saturday|sunday) ([01][0-9]|2[0-3]):([0-5][0-9])")
ERASED_FILE = "erased"
"""In the instance folder: who has been erased, so that a restored backup brings nobody back. Holds no personal data."""
NEWEST_FILE = "newest-change"
"""In the instance folder: the number of the newest change, noted by the worker."""
READ_ONLY_FILE = "read-only"
"""In the instance folder: while it is there, the site is for reading only."""
ROOT = Path(__file__).resolve().parent.parent


def setting(default: Any, env: str, help: str) -> Any:
    return field(default=default, metadata={"env": env, "help": help})


@dataclass(frozen=True)
class Config:
    """All settings. Paths are absolute; times are in the unit that the name says."""

    instance: Path = setting(
        ROOT / "instance", "TORI_INSTANCE", "Folder for the database, the index, uploads and the key."
    )
    port: int = setting(8000, "PORT", "Port of `make run` on 127.0.0.1.")
    base_url: str = setting("", "BASE_URL", "Public address, used in mails and feeds. Empty: http://127.0.0.1:PORT.")
    database_url: str = setting("", "DATABASE_URL", "SQLAlchemy address. Empty: SQLite in the instance folder.")
    search_url: str = setting(
        "whoosh:",
        "SEARCH_URL",
        "`whoosh:` in the instance folder, `postgresql:` in the database of DATABASE_URL, or `memory:` for trials.",
    )
    mail_url: str = setting(
        "folder:", "MAIL_URL", "`folder:` writes .eml files to instance/mail; `smtp://user:password@host:587` sends."
    )
    secret_key: str = setting(
        "", "SECRET_KEY", "Signs sessions and links. Empty: generated once into the instance folder."
    )
    secret_key_fallbacks: str = setting(
        "", "SECRET_KEY_FALLBACKS", "Earlier keys, separated by commas, still accepted."
    )
    trusted_hosts: str = setting(
        "", "TRUSTED_HOSTS", "Host names answered, separated by commas. Empty: that of BASE_URL and this machine."
    )
    proxy_hops: int = setting(
        0, "PROXY_HOPS", "Number of reverse proxies in front, whose X-Forwarded-For and -Proto are believed."
    )
    site_name: str = setting("Tekojen tori", "SITE_NAME", "Name of the service in Finnish.")
    site_name_sv: str = setting("Framstegsarenan", "SITE_NAME_SV", "Name of the service in Swedish.")
    site_name_en: str = setting("Tekojen tori", "SITE_NAME_EN", "Name of the service in English.")
    contact_email: str = setting(
        "tori@example.org", "CONTACT_EMAIL", "Address of the people who run the service, shown on pages."
    )
    mail_sender: str = setting("Tekojen tori <tori@example.org>", "MAIL_SENDER", "From header of outgoing mail.")
    mails_per_minute: int = setting(
        120, "MAILS_PER_MINUTE", "So many mails go out in a minute at most; 0 sets no limit."
    )
    digest_at: str = setting(
        "tuesday 07:00", "DIGEST_AT", "Weekday and time in Finland when the digest goes out; monthly on the first one."
    )
    operator: str = setting("Tekojen torin ylläpito", "OPERATOR", "Who runs the service; shown in the statements.")
    supervisor: str = setting(
        "Liikenne- ja viestintävirasto Traficom", "ACCESSIBILITY_SUPERVISOR", "Authority that supervises accessibility."
    )
    demo: bool = setting(False, "TORI_DEMO", "1 creates the demo accounts and shows a banner. Never in production.")
    development: bool = setting(False, "TORI_DEVELOPMENT", "1 opens the component gallery at /tyylit.")
    storage_url: str = setting(
        "folder:",
        "STORAGE_URL",
        "Pictures and files: `folder:` in the instance folder, or `s3://bucket?endpoint=https://…&region=…`.",
    )
    video_megabytes: int = setting(
        50, "VIDEO_MEGABYTES", "Greatest size of the video of a campaign. 0: none is taken, only links to them."
    )
    read_only: bool = setting(
        False, "READ_ONLY", "1: for reading only, with a banner. On a site that runs: the command `read-only on`."
    )
    backup_folder: str = setting(
        "", "BACKUP_FOLDER", "The worker puts a checked backup here every night and clears old ones away. Empty: none."
    )
    backup_recipient: str = setting(
        "", "BACKUP_RECIPIENT", "Public key of age (`age1…`): backups are encrypted for it. Empty: they are not."
    )
    backup_keep: str = setting(
        "7 4 6", "BACKUP_KEEP", "How many backups are kept: days, weeks and months, one of each."
    )
    metrics_port: int = setting(
        0, "METRICS_PORT", "The worker tells figures for Prometheus on this port of 127.0.0.1. 0: nowhere."
    )
    slow_query_ms: int = setting(
        500, "SLOW_QUERY_MS", "A question to the database that takes longer is written to the log. 0: none is."
    )
    alerts: bool = setting(
        True, "ALERTS", "1: administrators get a mail when something is wrong with the service, once a day at most."
    )
    log_level: str = setting("INFO", "LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.")
    log_format: str = setting(
        "plain", "LOG_FORMAT", "`plain` for a terminal; `json` writes one object a line, for a collector of logs."
    )
    web_workers: int = setting(2, "WEB_WORKERS", "Processes of the web server.")
    web_threads: int = setting(4, "WEB_THREADS", "Threads in each process.")
    session_idle_minutes: int = setting(60, "SESSION_IDLE_MINUTES", "A session ends after this long without a request.")
    session_hours: int = setting(12, "SESSION_HOURS", "A session ends after this long in any case.")
    staff_idle_minutes: int = setting(
        30, "STAFF_IDLE_MINUTES", "As SESSION_IDLE_MINUTES, for editors, campaign managers and administrators."
    )
    staff_hours: int = setting(8, "STAFF_HOURS", "As SESSION_HOURS, for editors, campaign managers and administrators.")
    staff_second_factor: bool = setting(
        True, "STAFF_SECOND_FACTOR", "1: the staff sign in with a second factor. Demo accounts go without."
    )
    steward_days: int = setting(
        730, "STEWARD_DAYS", "For how many days a contact person is named at a time; the person is told when it ends."
    )
    clamd: str = setting(
        "", "CLAMD", "Socket of the virus scanner clamd, or host:port. Files are taken only with its word. Empty: none."
    )
    oidc_file: str = setting(
        "", "OIDC_FILE", "TOML file of the identity providers for single sign-on: see docs/security.md. Empty: none."
    )
    outbound_private_hosts: str = setting(
        "",
        "OUTBOUND_PRIVATE_HOSTS",
        "Hosts (name or name:port, separated by commas) that the service may call in an inner network or over http.",
    )
    token_minutes: int = setting(60, "TOKEN_MINUTES", "How long a password reset link lives.")
    confirmation_hours: int = setting(72, "CONFIRMATION_HOURS", "How long the link that confirms an address lives.")
    erasure_days: int = setting(14, "ERASURE_DAYS", "How long somebody who asks to be erased can change their mind.")
    unconfirmed_days: int = setting(7, "UNCONFIRMED_DAYS", "After how many days a sign-up never confirmed goes.")
    idle_ask_months: int = setting(
        24, "IDLE_ASK_MONTHS", "After how many months without signing in people are asked whether they still need it."
    )
    idle_erase_months: int = setting(
        27, "IDLE_ERASE_MONTHS", "After how many months without signing in an account is erased."
    )
    draft_months: int = setting(
        24, "DRAFT_MONTHS", "How long a draft that nobody touches is kept; its writer is told a month before."
    )
    removed_days: int = setting(30, "REMOVED_DAYS", "How long the text of a removed comment is kept, for complaints.")
    address_days: int = setting(
        30, "ADDRESS_DAYS", "How long the log of changes keeps whole network addresses; then only the net."
    )
    mail_text_days: int = setting(7, "MAIL_TEXT_DAYS", "How long the text and the receiver of a sent mail are kept.")
    feedback_days: int = setting(365, "FEEDBACK_DAYS", "How long handled feedback is kept.")
    audit_months: int = setting(24, "AUDIT_MONTHS", "How long the log of changes is kept.")
    search_log_months: int = setting(
        24, "SEARCH_LOG_MONTHS", "How long searches are kept, without persons, for learning what is looked for."
    )
    breakthrough_organisations: int = setting(
        5, "BREAKTHROUGH_ORGANISATIONS", "In so many organisations a model must be in use to be a breakthrough."
    )
    breakthrough_regions: int = setting(3, "BREAKTHROUGH_REGIONS", "In so many regions those organisations must be.")
    review_hours: int = setting(24, "REVIEW_HOURS", "In how many hours editors look at a newcomer's first deed.")
    freshness_days: int = setting(
        365, "FRESHNESS_DAYS", "After how many days makers are asked whether a deed is still true. 0: never."
    )
    page_cache_mb: int = setting(
        8, "PAGE_CACHE_MB", "Memory of each web process for ready pages of visitors, in megabytes. 0: none are kept."
    )
    page_cache_check_ms: int = setting(
        250, "PAGE_CACHE_CHECK_MS", "A kept page is at most so many milliseconds behind a change."
    )
    reading_per_minute: int = setting(
        1200,
        "READING_PER_MINUTE",
        "So many pages an address may open in a minute; a city may stand behind one. 0: no limit.",
    )
    searches_per_minute: int = setting(
        240, "SEARCHES_PER_MINUTE", "So many searches an address may make in a minute. 0: no limit."
    )
    api_per_minute: int = setting(
        300, "API_PER_MINUTE", "So many questions an address may ask of the interface in a minute. 0: no limit."
    )
    stored_pages_mb: int = setting(
        4, "STORED_PAGES_MB", "Memory of each web process for the HTML of deeds and the front page. 0: none is stored."
    )
    shared_pages_mb: int = setting(
        200, "SHARED_PAGES_MB", "The same in a file that all processes of the machine share. 0: there is no such file."
    )
    analyser: str = setting(
        "auto", "SEARCH_ANALYSER", "`auto` takes Voikko where it is installed; `voikko` or `pip` insist on one."
    )

    trials: str = setting(
        "kuuntele:2027-05-31",
        "TRIALS",
        "Features on trial and the last day of each, as `name:YYYY-MM-DD`, separated by commas. Empty: none.",
    )

    @property
    def trial_days(self) -> dict[str, date]:
        """Name -> last day. Raises ValueError when TRIALS is written in another way."""
        pairs = (pair.partition(":") for pair in self.trials.split(",") if pair.strip())
        return {name.strip(): date.fromisoformat(day.strip()) for name, _colon, day in pairs}

    @property
    def public_url(self) -> str:
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.instance / 'tori.sqlite3'}"

    @property
    def is_postgresql(self) -> bool:
        return self.database.startswith("postgresql")

    @property
    def hosts(self) -> list[str]:
        if self.trusted_hosts:
            return [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]
        return sorted({urlsplit(self.public_url).hostname or "127.0.0.1", "127.0.0.1", "localhost"})

    @property
    def private_hosts(self) -> list[str]:
        return [host.strip() for host in self.outbound_private_hosts.split(",") if host.strip()]

    @property
    def site_names(self) -> dict[str, str]:
        return {"fi": self.site_name, "sv": self.site_name_sv, "en": self.site_name_en}


def _parse(name: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() not in ("0", "1", "true", "false", ""):
            raise ConfigurationError(f"{name} must be 0 or 1, not {text!r}.")
        return text.lower() in ("1", "true")
    if isinstance(default, int):
        if not text.isascii() or not text.isdigit():
            raise ConfigurationError(f"{name} must be a whole number, not {text!r}.")
        return int(text)
    if isinstance(default, Path):
        return Path(text).resolve()
    return text


def load_config(environ: Mapping[str, str] | None = None, **overrides: Any) -> Config:
    """Reads the environment. Overrides win. Raises ConfigurationError with one sentence that names the setting."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for item in fields(Config):
        name = item.metadata["env"]
        if environ.get(name, "") != "":
            values[item.name] = _parse(name, environ[name], item.default)
    config = Config(**{**values, **overrides})
    _check(config)
    if config.is_secure and environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        raise ConfigurationError("FLASK_DEBUG must not be set on a public address: it shows the code to anybody.")
    return config


def _check(config: Config) -> None:
    if not 1 <= config.port <= 65535:
        raise ConfigurationError(f"PORT must be between 1 and 65535, not {config.port}.")
    if config.base_url and urlsplit(config.base_url).scheme not in ("http", "https"):
        raise ConfigurationError(f"BASE_URL must begin with http:// or https://, not {config.base_url!r}.")
    if urlsplit(config.database).scheme.split("+")[0] not in ("sqlite", "postgresql"):
        raise ConfigurationError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if config.search_url.split(":")[0] not in ("whoosh", "memory", "postgresql"):
        raise ConfigurationError(
            f"SEARCH_URL must begin with whoosh:, postgresql: or memory:, not {config.search_url!r}."
        )
    if config.search_url.startswith("postgresql:") and not config.is_postgresql:
        raise ConfigurationError("SEARCH_URL=postgresql: needs a PostgreSQL database in DATABASE_URL.")
    if urlsplit(config.mail_url).scheme not in ("folder", "smtp", "smtps"):
        raise ConfigurationError(f"MAIL_URL must begin with folder:, smtp:// or smtps://, not {config.mail_url!r}.")
    if config.storage_url != "folder:" and not config.storage_url.startswith("s3://"):
        raise ConfigurationError(f"STORAGE_URL must be folder: or begin with s3://, not {config.storage_url!r}.")
    _check_words(config)


def _check_words(config: Config) -> None:
    if not DIGEST_AT.fullmatch(config.digest_at):
        raise ConfigurationError(f"DIGEST_AT must be like tuesday 07:00, not {config.digest_at!r}.")
    if not re.fullmatch(r"\d{1,3} \d{1,3} \d{1,3}", config.backup_keep):
        raise ConfigurationError(f"BACKUP_KEEP must be three numbers like 7 4 6, not {config.backup_keep!r}.")
    if config.backup_recipient and not config.backup_recipient.startswith("age1"):
        raise ConfigurationError("BACKUP_RECIPIENT must be a public key of age, which begins with age1.")
    try:
        config.trial_days  # noqa: B018  (read for its errors)
    except ValueError as error:
        raise ConfigurationError(f"TRIALS must be like kuuntele:2027-05-31, not {config.trials!r}.") from error
    for name, value, allowed in (
        ("LOG_LEVEL", config.log_level, ("DEBUG", "INFO", "WARNING", "ERROR")),
        ("LOG_FORMAT", config.log_format, ("plain", "json")),
        ("SEARCH_ANALYSER", config.analyser, ("auto", "voikko", "pip")),
    ):
        if value not in allowed:
            raise ConfigurationError(f"{name} must be {', '.join(allowed[:-1])} or {allowed[-1]}, not {value!r}.")


def prepare_instance(config: Config) -> None:
    """Makes the instance folder (0700). Raises ConfigurationError when it can't be written."""
    try:
        config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = config.instance / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno in (errno.EROFS, errno.ENOSPC) and (config.instance / "secret_key").exists():
            # Reading goes on; ``edge/read_only.py`` says so on every page.
            return
        raise ConfigurationError(
            f"The folder {config.instance} can't be written ({error.strerror}): "
            "give this user the right to it, or name another one in TORI_INSTANCE."
        ) from error


def secret_key(config: Config) -> str:
    """The signing key: the setting, or one generated into the instance folder with mode 0600."""
    if config.secret_key:
        return config.secret_key
    path = config.instance / "secret_key"
    if not path.exists():
        temporary = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(temporary)
    return path.read_text().strip()
