"""The one blueprint of communities: every page here belongs to it."""

from flask import Blueprint

bp = Blueprint("community", __name__, url_prefix="/communaute")
