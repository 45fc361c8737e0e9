"""The one blueprint of veille: every page here belongs to it."""

from flask import Blueprint

bp = Blueprint("veille", __name__, url_prefix="/veille")
