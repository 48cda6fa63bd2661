"""gallery."""

from flask import Blueprint

blueprint = Blueprint("gallery", __name__)
