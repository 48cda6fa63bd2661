"""A site with its content is made once; every test gets a copy of its own."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import shared_folder
from tests.site import ROOT, Site

PREPARE = "from tori import create_app, serving; app = create_app(); serving.prepare(app, app.extensions['tori'])"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of a site that has never run: tables, seed content, demo accounts and index."""
    shared = shared_folder(tmp_path_factory)
    folder = shared / "seeded"
    with (shared / "seeded.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = shared / "seeded-making"
            environment = {
                **os.environ, "TORI_INSTANCE": str(making), "TORI_DEMO": "1", "BASE_URL": "", "TRUSTED_HOSTS": "",
                "DATABASE_URL": "",
            }  # fmt: skip
            subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True, capture_output=True)
            making.rename(folder)
    return folder


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(seeded: Path, tmp_path: Path) -> Iterator[MakeSite]:
    """``make_site(WEB_WORKERS="2")``: a running site on a copy of the prepared folder, or in a folder given."""
    made: list[Site] = []

    def make(folder: Path | None = None, log: Path | None = None, **environment: str) -> Site:
        instance = folder or tmp_path / f"site-{len(made)}"
        shutil.copytree(seeded, instance, dirs_exist_ok=True)
        site = Site(instance, **environment)
        site.log = log or tmp_path / f"{instance.name}.log"
        made.append(site)
        site.start()
        return site

    yield make
    for site in made:
        if site.process is not None and site.process.poll() is None:
            site.stop()
