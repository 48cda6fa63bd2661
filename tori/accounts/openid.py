"""The clients of identity providers; loaded only where there are some."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, current_app
from joserfc.errors import JoseError

from tori.config import Config
from tori.edge import outbound

if TYPE_CHECKING:
    from tori.accounts.single_sign_on import Provider

REFUSED = outbound.Refused
AWAY = (requests.ConnectionError, requests.Timeout)
WRONG = (OAuthError, JoseError, requests.RequestException, ValueError, TypeError, KeyError, RuntimeError)


class _Session(OAuth2Session):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        config: Config = current_app.extensions["tori"]
        outbound.guard(self, config.private_hosts)


class _Client(FlaskOAuth2App):  # type: ignore[misc]
    client_cls = _Session


def make_clients(app: Flask, providers: "Iterable[Provider]") -> OAuth:
    oauth = OAuth(app)
    for provider in providers:
        oauth.register(
            provider.key,
            client_cls=_Client,
            server_metadata_url=provider.discovery_url,
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
        )
    return oauth
