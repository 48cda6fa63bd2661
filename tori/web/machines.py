"""machines."""

from flask import Blueprint

blueprint = Blueprint("machines", __name__)
