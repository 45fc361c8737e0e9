"""What tests do with pages: find the CSRF token of a form, send a form as a browser would."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_CONTROL = re.compile(
    r"<input\b[^>]*>|<textarea\b([^>]*)>\r?\n?(.*?)</textarea>|<select\b([^>]*)>(.*?)</select>",
    re.DOTALL,
)


def csrf(client: FlaskClient, path: str) -> str:
    """The token in the first form of the page at `path`."""
    page = client.get(path).get_data(as_text=True)
    found = _TOKEN.search(page)
    assert found is not None, f"no form with a token at {path}"
    return found[1]


def sent_by(html: str) -> MultiDict[str, str]:
    """What a browser would send of the controls of `html`, as they are."""
    html = re.sub(r"<template>.*?</template>", "", html, flags=re.DOTALL)
    sent: MultiDict[str, str] = MultiDict()
    for found in _CONTROL.finditer(html):
        tag = found[0].partition(">")[0]
        named = re.search(r'\sname="([^"]*)"', tag)
        if named is None:
            continue
        if tag.startswith("<input"):
            is_box = re.search(r'type="(checkbox|radio)"', tag)
            value = re.search(r'\svalue="([^"]*)"', tag)
            if not is_box or re.search(r"\schecked", tag):
                sent.add(named[1], unescape(value[1] if value else ""))
        elif tag.startswith("<textarea"):
            sent.add(named[1], unescape(found[2]))
        else:
            chosen = re.search(r'value="([^"]*)" selected', found[4])
            sent.add(named[1], unescape(chosen[1]) if chosen else "")
    return sent
