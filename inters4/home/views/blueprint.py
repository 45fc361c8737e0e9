"""The one blueprint of home: every page here belongs to it."""

from flask import Blueprint

bp = Blueprint("home", __name__)
