"""The one blueprint of newsletters: every page here belongs to it."""

from flask import Blueprint

bp = Blueprint("newsletters", __name__, url_prefix="/infolettres")
