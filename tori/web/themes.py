"""Themes and sectors."""

from flask import Blueprint

themes = Blueprint("themes", __name__)
sectors = Blueprint("sectors", __name__)
