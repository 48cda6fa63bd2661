"""F35 and several machines: two groups of web processes, two workers, PostgreSQL, a bucket, and nginx before them."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer
from sqlalchemy import create_engine, text

from tests.drills.running import Load, PostgreSQL, Processes, Row, folder, free_port, get, note, wait_ready
from tests.faults.clients import Member
from tests.site import Site

NGINX = """
worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log; daemon off;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream tori {{
    server 127.0.0.1:{one} max_fails=1 fail_timeout=2s;
    server 127.0.0.1:{two} max_fails=1 fail_timeout=2s;
  }}
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 2s; proxy_read_timeout 30s;
    proxy_next_upstream error timeout;
    location / {{ proxy_pass http://tori; }}
  }}
}}
"""
PATHS = ["/", "/teot", "/teot?q=kirjasto", "/teot?q=digi", "/api/v1/deeds", "/tilastot", "/teot?sivu=2"]


def run(rows: list[Row]) -> None:
    if shutil.which("nginx") is None:
        note(rows, "machines", "two web groups behind nginx", "not run: nginx is not installed", False)
        return
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    moto.start()
    database = PostgreSQL()
    try:
        with folder() as place:
            _run(rows, place, database, f"http://127.0.0.1:{moto._port}")
    finally:
        database.close()
        moto.stop()


def _run(rows: list[Row], place: Path, database: PostgreSQL, endpoint: str) -> None:
    ports = {name: free_port() for name in ("one", "two", "port")}
    keys = {"AWS_ACCESS_KEY_ID": "drill", "AWS_SECRET_ACCESS_KEY": "drill"}
    os.environ.update(keys)
    client = boto3.client("s3", endpoint_url=endpoint, region_name="eu-north-1")
    client.create_bucket(Bucket="tori", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    common = {
        **keys, "DATABASE_URL": database.url, "SEARCH_URL": "postgresql:", "SECRET_KEY": "drill" * 8, "TORI_DEMO": "1",
        "STORAGE_URL": f"s3://tori?endpoint={endpoint}", "PROXY_HOPS": "1", "BASE_URL": f"http://127.0.0.1:{ports['port']}",
        "MAIL_URL": "folder:", "MAILS_PER_MINUTE": "0",
    }  # fmt: skip
    # Two machines share nothing but the database and the bucket.
    group = {name: {"TORI_INSTANCE": str(place / name)} for name in ("one", "two")}
    processes = Processes(place, common)
    try:
        processes.flask("db", "upgrade", **group["one"])
        processes.flask("seed", **group["one"])
        processes.flask("search", "rebuild", **group["one"])
        _add_demo_accounts(processes, group["one"])
        webs = {name: processes.web(f"web-{name}", ports[name], **group[name]) for name in ("one", "two")}
        workers = {name: processes.worker(f"worker-{name}", **group[name]) for name in ("one", "two")}
        config = place / "nginx.conf"
        config.write_text(NGINX.format(folder=place, **ports))
        processes.start("nginx", ["nginx", "-c", str(config), "-p", str(place)])
        for port in (ports["one"], ports["two"], ports["port"]):
            wait_ready(port)
        _kill_one(rows, place, ports, webs, workers, processes, group)
        _restart_database(rows, ports, database)
        _once_only(rows, database)
    finally:
        processes.close()


def _add_demo_accounts(processes: Processes, environment: dict[str, str]) -> None:
    code = (
        "from tori import create_app\nfrom tori.database import transaction\n"
        "from tori.accounts.service import create_demo_accounts\n"
        "app = create_app()\nwith app.app_context(), transaction() as s: create_demo_accounts(s)"
    )
    import sys

    subprocess.run([sys.executable, "-c", code], env={**os.environ, **processes.environment, **environment}, check=True)


def _kill_one(
    rows: list[Row], place: Path, ports: dict[str, int], webs: dict[str, "subprocess.Popen[bytes]"],
    workers: dict[str, "subprocess.Popen[bytes]"], processes: Processes, group: dict[str, dict[str, str]],
) -> None:  # fmt: skip
    site = Site(place)
    site.port = ports["port"]
    member = Member(site)
    acknowledged: list[str] = []
    with Load(ports["port"], PATHS, per_second=20, clients=8) as load:
        deadline = time.monotonic() + 20
        killed = 0.0
        number = 0
        while time.monotonic() < deadline:
            number += 1
            try:
                if member.publish(f"Koneharjoitus {number}"):
                    acknowledged.append(f"Koneharjoitus {number}")
            except OSError:
                pass
            if not killed and time.monotonic() > deadline - 14:
                for process in (webs["one"], workers["one"]):
                    os.killpg(process.pid, signal.SIGKILL)
                killed = time.monotonic()
            time.sleep(0.2)
    bad = [began for began, _took, status in load.times if status != 200]
    late = [began for began in bad if began > killed + 0.5]
    outcome = (
        f"{len(load.times)} readings, {len(bad)} of them without an answer (in flight when the group died), "
        f"{len(late)} after it; p95 {load.share(0.95) * 1000:.0f} ms"
    )
    note(rows, "machines", "web group and worker killed -9 under 20 readings/s", outcome, not late and len(bad) <= 8)
    engine = create_engine(processes.environment["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        held = list(connection.scalars(text("SELECT title FROM deed WHERE title LIKE 'Koneharjoitus %'")))
    engine.dispose()
    whole = set(acknowledged) <= set(held) and len(held) == len(set(held))
    note(
        rows,
        "machines",
        "what was answered is there, once",
        f"{len(acknowledged)} deeds answered, {len(held)} kept",
        whole,
    )
    processes.web("web-one-again", ports["one"], **group["one"])
    note(rows, "machines", "the group comes back", f"answers after {wait_ready(ports['one']):.1f} s", True)


def _restart_database(rows: list[Row], ports: dict[str, int], database: PostgreSQL) -> None:
    # The interface takes no question that it does not know.
    fresh = [f"{path}{'&' if '?' in path else '?'}{'per_page=7' if '/api/' in path else 'n=1'}" for path in PATHS]
    with Load(ports["port"], fresh, 20, 8) as load:
        time.sleep(3)
        database.stop("immediate")
        began = time.monotonic()
        database.start()
        up = time.monotonic()
        time.sleep(10)
    after = [(began_at, status) for began_at, _took, status in load.times if began_at > up]
    healthy_from = max([began_at for began_at, status in after if status != 200], default=up) - up
    statuses = ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(load.statuses.items()))
    outcome = f"{statuses}; away {up - began:.1f} s, all well {healthy_from:.1f} s after it was back"
    kept = healthy_from < 10 and set(load.statuses) <= {200, 503}
    note(rows, "F35", "PostgreSQL restarted at once under load", outcome, kept)


def _once_only(rows: list[Row], database: PostgreSQL) -> None:
    deadline = time.monotonic() + 30
    engine = create_engine(database.url.replace("postgresql://", "postgresql+psycopg://"))
    waiting = jobs = 0
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            waiting = connection.scalar(text("SELECT count(*) FROM index_task")) or 0
            jobs = connection.scalar(
                text("SELECT count(*) FROM (SELECT name FROM job_run GROUP BY name, period HAVING count(*) > 1) x")
            )
        if not waiting:
            break
        time.sleep(0.5)
    engine.dispose()
    note(
        rows,
        "F41",
        "two workers beside each other",
        f"{waiting} tasks left, {jobs} jobs done twice",
        not waiting and not jobs,
    )


__all__ = ["get", "run"]
