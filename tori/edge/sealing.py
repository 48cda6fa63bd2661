"""Secrets that the service itself must read again are kept sealed with the key of the service."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


def box(purpose: str) -> MultiFernet:
    """Seals for one purpose; what an earlier key of the service has sealed can still be opened."""
    from cryptography.fernet import Fernet, MultiFernet

    keys = [str(current_app.secret_key), *current_app.config["SECRET_KEY_FALLBACKS"]]
    derived = [hashlib.sha256(f"{purpose}:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
