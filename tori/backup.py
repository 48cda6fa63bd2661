"""A consistent copy of a running site in one file, and the way back.

The file is a tar archive (gzip): ``manifest.json`` with the checksum of every other member, the database, and the files
of the instance folder. The search index is left out, since it is built from the database.
"""

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any
from urllib.parse import urlsplit

from sqlalchemy import make_url

from tori.config import ERASED_FILE, NEWEST_FILE, READ_ONLY_FILE, Config
from tori.core import clock
from tori.core.errors import ToriError
from tori.running import LOCK_FILE, StartError, running_lock

FORMAT = 1
DATABASE = "tori.sqlite3"
DUMP = "tori.pgdump"
MANIFEST = "manifest.json"
SETTINGS = "settings.env"
AGE = b"age-encryption.org/"
NAME = re.compile(r"tekojen-tori-(\d{4}-\d\d-\d\d-\d{6})\.tar\.gz(\.age)?")
BACKUPS = "backups"
LEFT_OUT = {
    "index",
    "metrics",
    "pages",
    LOCK_FILE,
    ".writable",
    NEWEST_FILE,
    READ_ONLY_FILE,
    BACKUPS,
    DATABASE,
    f"{DATABASE}-wal",
    f"{DATABASE}-shm",
    f"{DATABASE}-journal",
}
"""Names at the top of the instance folder: what is made anew (index, ready pages), locks, and the live database, of
which a copy is taken."""
SET_ASIDE = "before-restore-"
CHUNK = 1 << 20
PAGES_AT_ONCE = 500
PRIVATE = 0o600

Progress = Callable[[int, int], None]


class BackupError(ToriError):
    """A sentence that says what is wrong and what to do."""


@dataclass(frozen=True)
class Contents:
    """What a verified backup holds."""

    created_at: str
    revision: str
    files: int
    deeds: int


def create(config: Config, target: Path, progress: Progress) -> None:
    """Writes the backup, readable by its owner alone, since it holds personal data and the secret key."""
    part = target.with_name(f".{target.name}.part")
    with TemporaryDirectory(dir=target.parent, prefix=".tori-backup-") as folder:
        copy = Path(folder) / (DUMP if config.is_postgresql else DATABASE)
        if config.is_postgresql:
            _run_postgresql("pg_dump", config, "--format=custom", "--no-owner", f"--file={copy}")
        else:
            _copy_database(_database_file(config), copy, progress)
        try:
            with (
                os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as file,
                _sealed(file, config.backup_recipient, Path(folder)) as inner,
                tarfile.open(fileobj=inner, mode="w:gz") as archive,
            ):
                _write(archive, config, copy)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _sealed(file: IO[bytes], recipient: str, folder: Path) -> Iterator[IO[bytes]]:
    """What is written comes out encrypted for the recipient; as it is when there is none."""
    if not recipient:
        yield file
        return
    import pyrage as age

    key = age.x25519.Recipient.from_str(recipient)
    plain = folder / "plain"
    with plain.open("wb") as inner:
        plain.chmod(PRIVATE)
        yield inner
    with plain.open("rb") as written:
        age.encrypt_io(written, file, [key])


def _run_postgresql(program: str, config: Config, *arguments: str) -> None:
    address = make_url(config.database).set(drivername="postgresql").render_as_string(hide_password=False)
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"The program {program} is not installed: apt-get install postgresql-client")
    result = subprocess.run(  # noqa: S603
        [found, *arguments, f"--dbname={address}"], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise BackupError(f"{program} says: {result.stderr.strip()[-300:]}")


def _write(archive: tarfile.TarFile, config: Config, database: Path) -> None:
    settings = database.parent / SETTINGS
    settings.write_text("".join(f"{name}={value}\n" for name, value in plain_settings(config)), encoding="utf-8")
    members = {database.name: database, SETTINGS: settings}
    members.update({str(path.relative_to(config.instance)): path for path in _files(config.instance)})
    sums = {}
    for name, path in members.items():
        try:
            sums[name] = _add(archive, name, path)
        except FileNotFoundError:
            # A mail or an upload that was removed meanwhile.
            continue
    manifest = {
        "format": FORMAT,
        "created_at": clock.now().isoformat(timespec="seconds"),
        "revision": _revision(database) if database.name == DATABASE else "",
        "sha256": sums,
    }
    _add_text(archive, MANIFEST, json.dumps(manifest, indent=1))


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Returns the checksum of what went in: a log may grow while it is read."""
    with path.open("rb") as file:
        member = archive.gettarinfo(arcname=name, fileobj=file)
        summed = _Summed(file)
        archive.addfile(member, summed)
    return summed.digest.hexdigest()


class _Summed(io.RawIOBase):
    """A file with the checksum of what was read of it. What was cut off it meanwhile is filled up with zeros."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size).ljust(size, b"\0")
        self.digest.update(data)
        return data


def plain_settings(config: Config) -> Iterator[tuple[str, str]]:
    """What the service is set to, without keys and passwords."""
    for item in fields(config):
        value, name = getattr(config, item.name), item.metadata["env"]
        secret = "SECRET" in name or (value and urlsplit(str(value)).password)
        if not secret and value != item.default:
            yield name, str(int(value)) if isinstance(value, bool) else str(value)


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        archive.add(path, name)


def _files(instance: Path) -> Iterator[Path]:
    for top in sorted(instance.iterdir()):
        if top.name in LEFT_OUT or top.name.startswith((SET_ASIDE, ".tori-")):
            continue
        paths = [top] if top.is_file() else sorted(top.rglob("*"))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _database_file(config: Config) -> Path:
    prefix = "sqlite:///"
    if not config.database.startswith(prefix):
        raise BackupError("The database is not a file of SQLite.")
    path = Path(config.database.removeprefix(prefix))
    if not path.exists():
        raise BackupError(f"There is no database at {path} yet.")
    return path


def _copy_database(source: Path, target: Path, progress: Progress) -> None:
    """SQLite's own online copy: writers go on meanwhile, and the copy is of one moment."""
    with closing(sqlite3.connect(source, timeout=30)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(
            copy,
            pages=PAGES_AT_ONCE,
            progress=lambda status, remaining, total: progress(total - remaining, total),
            sleep=0.01,
        )


def copy_database(source: Path, target: Path) -> None:
    """Of the database alone, readable by its owner."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE))
    _copy_database(source, target, lambda done, total: None)


def _checksum_of(path: Path) -> str:
    with path.open("rb") as file:
        return _checksum(file)


def _checksum(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _revision(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return ""
    return str(row[0]) if row else ""


def verify(source: Path, identity: Path | None = None) -> Contents:
    """Reads the whole backup: every checksum, and the database's own check. Raises BackupError.

    ``identity`` is the file with the private key of age, for one that is encrypted.
    """
    with TemporaryDirectory(prefix="tori-verify-") as folder:
        return _unpack(source, Path(folder), identity)


@contextmanager
def _opened(source: Path, folder: Path, identity: Path | None) -> Iterator[Path]:
    with source.open("rb") as file:
        is_sealed = file.read(len(AGE)) == AGE
        if not is_sealed:
            yield source
            return
        if identity is None:
            raise BackupError(f"{source} is encrypted: name the file with the key by --identity")
        import pyrage as age

        lines = [line.strip() for line in identity.read_text(encoding="ascii").splitlines()]
        file.seek(0)
        plain = folder / ".plain"
        try:
            keys = [age.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
            with os.fdopen(os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as out:
                age.decrypt_io(file, out, keys)
            yield plain
        except (age.DecryptError, age.IdentityError) as error:
            raise BackupError(f"{source} can't be decrypted with {identity}: {error}") from error
        finally:
            plain.unlink(missing_ok=True)


def _unpack(source: Path, folder: Path, identity: Path | None = None) -> Contents:
    try:
        with _opened(source, folder, identity) as plain, tarfile.open(plain, "r:gz") as archive:
            manifest = _manifest(archive)
            for name, checksum in manifest["sha256"].items():
                _take_out(archive, name, checksum, folder)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source} is not a whole backup: {error}") from error
    deeds = _check_database(folder / DATABASE) if (folder / DATABASE).exists() else -1
    return Contents(str(manifest["created_at"]), str(manifest["revision"]), len(manifest["sha256"]), deeds)


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    file = archive.extractfile(MANIFEST)
    manifest = json.loads(file.read()) if file else {}
    if manifest.get("format") != FORMAT:
        raise ValueError("its format is not known to this version")
    if not {DATABASE, DUMP} & set(manifest["sha256"]):
        raise ValueError("it holds no database")
    return dict(manifest)


def _take_out(archive: tarfile.TarFile, name: str, checksum: str, folder: Path) -> None:
    """One plain file to its place below the folder. Names that would lead elsewhere are refused."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise ValueError(f"{name} leads out of the folder")
    file = archive.extractfile(name)
    if file is None:
        raise ValueError(f"{name} is missing")
    target = folder / parts
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as out:
        shutil.copyfileobj(file, out, CHUNK)
    if _checksum_of(target) != checksum:
        raise ValueError(f"{name} is damaged")


def _check_database(path: Path) -> int:
    """How many deeds the database holds."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
            if answer != "ok":
                raise BackupError(f"The database in the backup is damaged: {answer}")
            (deeds,) = connection.execute("SELECT count(*) FROM deed").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database in the backup can't be read: {error}") from error
    return int(deeds)


def restore(config: Config, source: Path, identity: Path | None = None) -> Path | None:
    """Puts the backup in place of what is there, which is set aside. Returns the folder of the set-aside files, if any.

    Refuses while a site runs on the instance folder.
    """
    database = Path(config.database.removeprefix("sqlite:///"))
    if not config.is_postgresql and database != config.instance / DATABASE:
        raise BackupError("Only the SQLite database in the instance folder can be restored: see docs/operations.md.")
    try:
        with running_lock(config.instance):
            if not config.is_postgresql:
                refuse_open_database(database)
            with TemporaryDirectory(dir=config.instance, prefix=".tori-restore-") as folder:
                new = Path(folder)
                _unpack(source, new, identity)
                if (new / DUMP).exists() != config.is_postgresql:
                    raise BackupError("The backup is of the other kind of database: see DATABASE_URL.")
                aside = _set_aside(config.instance)
                if config.is_postgresql:
                    _run_postgresql(
                        "pg_restore", config, "--clean", "--if-exists", "--no-owner", "--single-transaction",
                        str(new / DUMP),
                    )  # fmt: skip
                    (new / DUMP).unlink()
                for path in sorted(new.iterdir()):
                    path.rename(config.instance / path.name)
            return aside
    except StartError as error:
        raise BackupError(f"A site runs on {config.instance}: stop it before you restore.") from error


def refuse_open_database(database: Path) -> None:
    """Raises BackupError when another process has the database open, even if it does nothing just now."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            # SQLite leaves the write-ahead log only for the one who has the file alone.
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            raise BackupError(f"A program has {database} open: stop the site and its worker first.") from error
        except sqlite3.DatabaseError:
            # A damaged database is a good reason to restore.
            return


def _set_aside(instance: Path) -> Path | None:
    present = [path for path in instance.iterdir() if path.name != LOCK_FILE and not _is_ours(path.name)]
    if not present:
        return None
    aside = instance / f"{SET_ASIDE}{clock.now():%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in present:
        path.rename(aside / path.name)
    return aside


def _is_ours(name: str) -> bool:
    """What a restore leaves in its place. People who have been erased stay erased (``tori.accounts.erasure``)."""
    return name.startswith((SET_ASIDE, ".tori-")) or name == ERASED_FILE


def default_name(recipient: str = "") -> str:
    return f"tekojen-tori-{clock.in_finland(clock.now()):%Y-%m-%d-%H%M%S}.tar.gz{'.age' if recipient else ''}"


@dataclass(frozen=True)
class Found:
    """A backup in the folder, by its name."""

    path: Path
    made_at: datetime


def backups_in(folder: Path) -> list[Found]:
    """Newest first. Files with other names are nobody's business here."""
    found = []
    for path in folder.glob("tekojen-tori-*.tar.gz*") if folder.is_dir() else ():
        match = NAME.fullmatch(path.name)
        if match:
            made_at = datetime.strptime(match[1], "%Y-%m-%d-%H%M%S").replace(tzinfo=clock.HELSINKI)
            found.append(Found(path, made_at))
    return sorted(found, key=lambda item: item.made_at, reverse=True)


def superfluous(found: list[Found], keep: str) -> list[Found]:
    """What may go: all but the newest of each of the last so many days, weeks and months that have one."""
    days, weeks, months = (int(number) for number in keep.split())
    kept: set[Path] = {item.path for item in found[:1]}
    for count, form in ((days, "%Y-%m-%d"), (weeks, "%G-%V"), (months, "%Y-%m")):
        newest: dict[str, Path] = {}
        for item in found:
            newest.setdefault(item.made_at.strftime(form), item.path)
        kept.update(list(newest.values())[:count])
    return [item for item in found if item.path not in kept]


def make_nightly(config: Config) -> Path | None:
    """The backup of the night, checked as far as this machine can, and old ones cleared away. None when none is set."""
    if not config.backup_folder:
        return None
    folder = Path(config.backup_folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / default_name(config.backup_recipient)
    create(config, target, lambda done, total: None)
    if not config.backup_recipient:
        verify(target)
    for item in superfluous(backups_in(folder), config.backup_keep):
        item.path.unlink(missing_ok=True)
    return target
