"""Deeds."""

from flask import Blueprint

blueprint = Blueprint("deeds", __name__)
