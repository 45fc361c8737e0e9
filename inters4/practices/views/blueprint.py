"""The blueprint of `/pratiques`."""

from flask import Blueprint

bp = Blueprint("practices", __name__, url_prefix="/pratiques")
