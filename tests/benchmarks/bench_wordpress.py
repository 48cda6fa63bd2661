"""WordPress behind nginx's cache beside this site behind nginx: `python -m tests.benchmarks.bench_wordpress 700`.

As root, in a temporary folder, on free ports of loopback. It needs Debian's packages, and installs none itself:
`apt-get install --no-install-recommends wordpress wordpress-theme-twentytwentyone
php-fpm php-mysql mariadb-server nginx-light wrk`.
WordPress gets so many made-up posts and nginx's fastcgi_cache by the usual recipe (ten minutes, not for searches and
not for the signed-in), and sends its pages unpacked: nginx would pack them anew for each reader, at ten times the cost.
A few addresses of each kind are asked for by many, since here a page is kept for a second only. Each row is measured
beside a bare Flask "hello", as in ``bench_pages``. `--write` puts the table into docs/performance.md.
"""

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.benchmarks.bench_pages import (
    BASE_URL,
    DOCS,
    SECONDS,
    Row,
    Server,
    cpu_seconds,
    free_port,
    rows_of,
    server,
    settle,
)
from tests.benchmarks.made_site import made_site
from tests.benchmarks.report import put
from tests.faults.test_proxy import NGINX, in_front

SOURCE = Path("/usr/share/wordpress")
LISTED, PARTS, POST_PAGES = 20, 3, 100
LEAST_BYTES, FEW = 3000, 5
SETTINGS = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', 'http://127.0.0.1'); define('WP_SITEURL', WP_HOME);
define('AUTOMATIC_UPDATER_DISABLED', true); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
FILLING = """<?php
define('WP_INSTALLING', true); $_SERVER['HTTP_HOST'] = '127.0.0.1';
require 'wp-load.php'; require 'wp-admin/includes/upgrade.php';
wp_install('Tori', 'admin', 'admin@example.org', false, '', bin2hex(random_bytes(12)));
update_option('permalink_structure', '/%postname%/'); update_option('posts_per_page', {listed});
foreach (['twentytwentyone', 'twentytwentytwo', 'twentytwentythree'] as $theme)
  if (wp_get_theme($theme)->exists()) {{ switch_theme($theme); break; }}
$rooms = []; for ($i = 0; $i < 8; $i++) $rooms[] = wp_create_category("Toimiala $i");
$words = explode(' ', {words});
mt_srand(1); wp_defer_term_counting(true);
for ($i = 0; $i < {count}; $i++) {{
  $text = '';
  for ($w = 0; $w < 300; $w++) $text .= $words[mt_rand(0, count($words) - 1)] . ($w % 60 ? ' ' : "\\n\\n");
  wp_insert_post(['post_title' => "Teko $i", 'post_name' => "teko-$i", 'post_content' => $text,
    'post_status' => 'publish', 'post_category' => [$rooms[$i % 8]]]);
}}
wp_defer_term_counting(false); flush_rewrite_rules();
"""
POOL = """[global]
error_log = {folder}/fpm.log
daemonize = no
[www]
user = www-data
group = www-data
listen = {folder}/fpm.sock
listen.mode = 0666
pm = static
pm.max_children = 4
php_admin_value[opcache.enable] = 1
"""
PROXY = """worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    fastcgi_cache_path {folder}/kept levels=1:2 keys_zone=wordpress:50m inactive=60m;
    server {{
        listen 127.0.0.1:{port};
        root {site};
        index index.php;
        set $skip 0;
        if ($query_string != "") {{ set $skip 1; }}
        if ($http_cookie ~* "comment_author|wordpress_[a-f0-9]+|wp-postpass|wordpress_logged_in") {{ set $skip 1; }}
        location / {{ try_files $uri $uri/ /index.php?$args; }}
        location ~ \\.php$ {{
            include /etc/nginx/fastcgi.conf;
            fastcgi_pass unix:{folder}/fpm.sock;
            fastcgi_cache wordpress;
            fastcgi_cache_key "$scheme$request_method$host$request_uri";
            fastcgi_cache_valid 200 10m;
            fastcgi_cache_bypass $skip;
            fastcgi_no_cache $skip;
        }}
    }}
}}
"""


@dataclass
class WordPress(Server):
    others: tuple[int, ...] = ()

    @property
    def cpu(self) -> float:
        return sum(cpu_seconds(pid) for pid in (self.pid, *self.others))


def program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
            return found
    raise SystemExit(f"{names[0]} is missing. {(__doc__ or '').split(chr(10) * 2)[1]}")


@contextlib.contextmanager
def running(*command: str | Path, ready: Path) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not ready.exists() and time.monotonic() < end:
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def wordpress(count: int) -> Iterator[WordPress]:
    database, make, fpm = (
        program("mariadbd"),
        program("mariadb-install-db"),
        program("php-fpm8.2", "php-fpm8.4", "php-fpm"),
    )
    if not SOURCE.is_dir() or os.getuid() != 0:
        raise SystemExit(f"WordPress is not in {SOURCE}, or this is not root. {(__doc__ or '').split(chr(10) * 2)[1]}")
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        folder, port = Path(place), free_port()
        folder.chmod(0o755)
        site, data, socket = folder / "site", folder / "data", folder / "db" / "socket"
        shutil.copytree(SOURCE, site, ignore=shutil.ignore_patterns("wp-config.php"))
        data.mkdir()
        socket.parent.mkdir()
        for path in (data, socket.parent):
            shutil.chown(path, "mysql")
        own = [f"--datadir={data}", "--user=mysql"]
        subprocess.run([make, *own, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
        options = ["--no-defaults", *own, f"--socket={socket}", "--skip-networking", f"--pid-file={socket}.pid"]
        rows = stack.enter_context(running(database, *options, ready=socket))
        asking = ["mariadb", "--no-defaults", f"--socket={socket}", "--user=root", "-e"]
        subprocess.run([*asking, "CREATE DATABASE wordpress CHARACTER SET utf8mb4"], check=True)
        (site / "wp-config.php").write_text(SETTINGS.format(socket=socket))
        words = " ".join(path.name for path in (Path(__file__).parents[2] / "tori").rglob("*.py"))
        filling = FILLING.format(count=count, listed=LISTED, words=repr(words))
        subprocess.run(
            [program("php"), "-d", "memory_limit=512M", "-d", "sendmail_path=/bin/true"],
            input=filling,
            text=True,
            cwd=site,
            check=True,
        )
        (folder / "fpm.conf").write_text(POOL.format(folder=folder))
        (folder / "nginx.conf").write_text(PROXY.format(folder=folder, port=port, site=site))
        php = stack.enter_context(running(fpm, "-y", folder / "fpm.conf", ready=folder / "fpm.sock"))
        proxy = stack.enter_context(
            running(program("nginx"), "-c", folder / "nginx.conf", "-g", "daemon off;", ready=folder / "nginx.pid")
        )
        yield WordPress(php, port, 0, others=(proxy, rows))


def size_of(port: int, path: str) -> int:
    """In bytes, unpacked. Raises for everything but a page."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "127.0.0.1"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return len(answer.read())


def rows_of_wordpress(count: int) -> list[Row]:
    parts = min(PARTS, -(-(count // 8) // LISTED))
    posts = random.Random(1).sample(range(count), min(POST_PAGES, count))
    lists = [
        f"/category/toimiala-{n}/" + (f"page/{part}/" if part > 1 else "")
        for n in range(8)
        for part in range(1, parts + 1)
    ]
    named = {"front page": ["/"], "list": lists, "deed": [f"/teko-{number}/" for number in posts]}
    return [Row(f"WordPress, {name}", paths) for name, paths in named.items()]


def measure(count: int, rounds: int, requests: int) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        site = made_site(Path(scratch) / "site", count)
        hello = stack.enter_context(server("tests.benchmarks.hello:app"))
        there = stack.enter_context(wordpress(count))
        settings = {"TORI_INSTANCE": str(site), "SECRET_KEY": "bench", "BASE_URL": BASE_URL, "PROXY_HOPS": "1"}
        own = stack.enter_context(server("wsgi:app", **settings))
        settle(own)
        port = free_port()
        pid = stack.enter_context(in_front(Path(scratch), port, own.port))
        here = Server(own.pid, port, 0, pid)
        lines = []
        for target, rows in ((there, rows_of_wordpress(count)), (here, rows_of(site)[:4])):
            for row in rows:
                for path in row.paths:
                    if size_of(target.port, path) < LEAST_BYTES:
                        raise SystemExit(f"{row.name}: {path} is no page")
                row.paths = row.paths[:FEW]
                row.name += ", behind nginx"
                row.measure(target, hello, rounds, requests)
                print(row.line(), flush=True)
                lines.append(row.line())
    return [f"### {count} deeds or posts", "", "| page | CPU ms | CPU ratio (least–most) | requests/s ratio |",
            "|---|---:|---:|---:|", *lines, ""]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=int, nargs="*", default=[700])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=0, help="so many on one connection instead of wrk and seconds")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    if NGINX is None:
        program("nginx")
    lines = [line for count in chosen.counts for line in measure(count, chosen.rounds, chosen.requests)]
    load = f"load {os.getloadavg()[1]:.1f} at the end"
    head = f"{date.today():%Y-%m-%d}, {os.cpu_count()} processors, {load}, {chosen.rounds} rounds of {SECONDS} s."
    table = "\n".join([head, "", *lines])
    print(table)
    if chosen.write:
        put(DOCS, "wordpress", table)


if __name__ == "__main__":
    main()
