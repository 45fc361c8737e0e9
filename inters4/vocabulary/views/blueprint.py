"""The one blueprint of the vocabulary, and who may open its pages."""

from flask import Blueprint

from inters4.core.access import Role

bp = Blueprint("vocabulary", __name__, url_prefix="/admin/vocabulaire")
STAFF = (Role.COORDINATION, Role.ADMIN)
MOST = 100
"""Characters of a parameter that are read."""
