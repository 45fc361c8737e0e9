"""html5lib, with a short cut for tags that are plainly well formed.

Reading a page one character after the other is most of what walking the portal costs. A tag in
lower case, its attributes between double quotes and without a reference, gives the very token that
the state machine would give, so that it is read by one expression; whatever else is left to the
state machine, which says what is wrong with it.
"""

import re
from typing import Any

import html5lib
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import _ReparseException, tokenTypes

_TAG = re.compile(
    r"<(?P<closing>/?)(?P<name>[a-z][a-z0-9-]*)"
    r'(?P<attributes>(?:[ \t\n]+[a-z][a-z0-9:-]*(?:="[^"&\0]*")?)*+)[ \t\n]*(?P<empty>/?)>'
)
_ATTRIBUTE = re.compile(r'([a-z][a-z0-9:-]*)(?:="([^"]*)")?')


class QuickParser(html5lib.HTMLParser):
    """Gives the tree and the errors that html5lib gives."""

    def _parse(self, stream: Any, *_options: Any, **_more: Any) -> None:
        self.innerHTMLMode = False
        self.container = "div"
        self.scripting = False
        self.tokenizer = _QuickTokenizer(stream, parser=self)
        self.reset()
        try:
            self.mainLoop()
        except _ReparseException:
            self.reset()
            self.mainLoop()


class _QuickTokenizer(HTMLTokenizer):
    def dataState(self) -> bool:  # noqa: N802  (as html5lib names it)
        stream = self.stream
        found = _TAG.match(stream.chunk, stream.chunkOffset)
        if found is None:
            return bool(super().dataState())
        closing, name, attributes, empty = found.groups()
        pairs = [[key, value] for key, value in _ATTRIBUTE.findall(attributes)]
        if (closing and (pairs or empty)) or len({key for key, _value in pairs}) < len(pairs):
            return bool(super().dataState())
        stream.chunkOffset = found.end()
        token: Any = {
            "type": tokenTypes["EndTag" if closing else "StartTag"],
            "name": name,
            "data": pairs,
            "selfClosing": bool(empty),
            "selfClosingAcknowledged": False,
        }
        self.currentToken = token
        self.emitCurrentToken()
        return True
