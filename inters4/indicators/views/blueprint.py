"""Where the pages of figures are hung."""

from flask import Blueprint

bp = Blueprint("indicators", __name__)
