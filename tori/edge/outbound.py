"""The only way out to other servers over HTTP. Whatever a name leads to is judged when the connection is made.

Only https, only addresses of the open internet, no redirects, five seconds, one megabyte. Hosts that the operator names
in OUTBOUND_PRIVATE_HOSTS (an identity provider in the inner network) may lie anywhere and answer plain http.
"""

import ipaddress
import socket
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

TIMEOUT_SECONDS = 5.0
MAX_BYTES = 1_000_000
INNER = "leads to an inner address"
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(requests.RequestException):
    """The address, the scheme or the size of the answer is not allowed."""


def is_open_internet(text: str) -> bool:
    """Whether an address is one that anybody on the internet could reach; also for what is wrapped into IPv6."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    for inner in _wrapped(address):
        if not is_open_internet(str(inner)):
            return False
    return address.is_global and not address.is_multicast


def _wrapped(address: Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]


def _connect(host: str, port: int, timeout: Any, allowed: Collection[str]) -> socket.socket:
    """A connection to an address that was looked at, so that a name can't change its mind in between."""
    is_named = bool({host, f"{host}:{port}"} & set(allowed))
    problem: OSError | None = None
    for family, kind, protocol, _name, target in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not is_named and not is_open_internet(str(target[0])):
            raise Refused(f"{host} {INNER}")
        link = socket.socket(family, kind, protocol)
        try:
            link.settimeout(timeout if isinstance(timeout, int | float) else TIMEOUT_SECONDS)
            link.connect(target)
        except OSError as error:
            problem = error
            link.close()
        else:
            return link
    raise problem or OSError(f"{host} has no address")


class GuardedAdapter(HTTPAdapter):
    """An adapter of requests whose connections go through ``_connect`` and whose answers have an end."""

    def __init__(self, allowed: Collection[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        allowed = self.allowed

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self.host, self.port or 80, self.timeout, allowed)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self.host, self.port or 443, self.timeout, allowed)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        host = urlsplit(request.url or "")
        if host.scheme != "https" and not {host.hostname, host.netloc} & set(self.allowed):
            raise Refused("only https")
        kwargs |= {"timeout": TIMEOUT_SECONDS, "stream": True}
        try:
            response = super().send(request, *args, **kwargs)
        except requests.ConnectionError as error:
            if INNER in str(error):
                raise Refused(str(error)) from error
            raise
        content = response.raw.read(MAX_BYTES + 1, decode_content=True)
        if len(content) > MAX_BYTES:
            response.close()
            raise Refused("the answer is too long")
        response._content = content
        return response


def guard(session: requests.Session, allowed: Collection[str]) -> None:
    """Makes a session of requests obey the rules of this module."""
    adapter = GuardedAdapter(allowed)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.trust_env = False
    session.max_redirects = 0


def post(url: str, body: bytes, headers: Mapping[str, str], allowed: Collection[str] = ()) -> requests.Response:
    with requests.Session() as session:
        guard(session, allowed)
        return session.post(url, data=body, headers=dict(headers), allow_redirects=False)


def get(url: str, allowed: Collection[str] = ()) -> requests.Response:
    with requests.Session() as session:
        guard(session, allowed)
        return session.get(url, allow_redirects=False)
