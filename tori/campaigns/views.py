"""Campaigns."""

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__)
