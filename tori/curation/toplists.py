"""TOP lists."""

from flask import Blueprint

blueprint = Blueprint("toplists", __name__)
