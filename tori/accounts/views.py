"""Signing up, in and out, and a person's own pages."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
