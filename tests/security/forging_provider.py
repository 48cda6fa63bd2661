"""An identity provider that lies: a process of its own, told over HTTP how to lie next. Only for tests.

Run with the port. ``POST /mode`` takes JSON: ``{"kind": "…", "claims": {…}}``.
"""

import base64
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

PORT = int(sys.argv[1])
ISSUER = f"http://127.0.0.1:{PORT}"
KEY = RSAKey.generate_key(2048, {"kid": "right", "use": "sig", "alg": "RS256"}, auto_kid=False)
OTHER = RSAKey.generate_key(2048, {"kid": "right"}, auto_kid=False)
CLIENT = "tori"

mode: dict[str, Any] = {"kind": "honest", "claims": {}}
nonces: dict[str, str] = {}
used: set[str] = set()


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def token_of(nonce: str) -> str:
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": ISSUER, "aud": CLIENT, "sub": "s-1", "iat": now, "exp": now + 300, "nonce": nonce,
        "email": "kehittaja@nokia.example.org", "name": "Kehittäjä", **mode["claims"],
    }  # fmt: skip
    kind = mode["kind"]
    if kind == "no nonce":
        del claims["nonce"]
    if kind == "no subject":
        del claims["sub"]
    if kind == "expired":
        claims |= {"iat": now - 9_000, "exp": now - 8_000}
    if kind == "none":
        return f"{encoded({'alg': 'none'})}.{encoded(claims)}."
    if kind == "hmac with the public key":
        head = f"{encoded({'alg': 'HS256', 'kid': 'right'})}.{encoded(claims)}"
        mark = hmac.digest(KEY.as_pem(private=False), head.encode(), "sha256")
        return f"{head}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"
    if kind == "1 MB":
        claims["x"] = "x" * 1_200_000
    key = OTHER if kind == "another key" else KEY
    return str(jwt.encode({"alg": "RS256", "kid": "right"}, claims, key))


class Handler(BaseHTTPRequestHandler):
    def answer(self, body: Any, status: int = 200, **headers: str) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": mode.get("issuer", ISSUER),
                    "authorization_endpoint": f"{ISSUER}/authorize",
                    "token_endpoint": f"{ISSUER}/token",
                    "jwks_uri": f"{ISSUER}/keys",
                    "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
                }
            )
        elif url.path == "/keys":
            self.answer({"keys": [KEY.as_dict(private=False)]})
        elif url.path == "/authorize":
            code = f"code-{len(nonces)}"
            nonces[code] = query.get("nonce", "")
            target = query["redirect_uri"] + "?" + urlencode({"code": code, "state": query["state"]})
            self.answer({}, 302, Location=target)
        elif url.path == "/redirect":
            self.answer({}, 302, Location="http://127.0.0.1:1/")
        elif url.path == "/long":
            self.answer("x" * 1_200_000)
        elif url.path == "/slow":
            time.sleep(3)
            self.answer({})
        else:
            self.answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.path == "/mode":
            mode.clear()
            mode.update({"kind": "honest", "claims": {}, **json.loads(body)})
            self.answer({})
            return
        code = parse_qs(body)["code"][0]
        if code in used or code not in nonces:
            self.answer({"error": "invalid_grant"}, 400)
            return
        used.add(code)
        self.answer(
            {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token_of(nonces[code])}
        )

    def log_message(self, *args: Any) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
