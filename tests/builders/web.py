"""What tests do with pages: find the CSRF token of a form, follow links."""

import re

from flask.testing import FlaskClient

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def csrf(client: FlaskClient, path: str) -> str:
    """The token in the first form of the page at `path`."""
    page = client.get(path).get_data(as_text=True)
    found = _TOKEN.search(page)
    assert found is not None, f"no form with a token at {path}"
    return found[1]
