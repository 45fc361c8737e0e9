"""Subscriptions brought from another reader: OPML, read as carefully as any stranger's XML.

Nothing is resolved, nothing is fetched: a file that declares anything in its DOCTYPE is refused,
and outlines are counted as they come.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from inters4.core.errors import DomainError, TooLarge
from inters4.core.i18n import _
from inters4.veille.services.subscribing import Wanted

MOST_BYTES = 5_000_000
MOST_FEEDS = 5_000
_DEEPEST = 20
_LONGEST, _LONGEST_NAME = 2_000, 200
_SPACES = re.compile(r"[ \t\r\n]+")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENCODINGS = frozenset({"", "utf-8", "utf-16", "iso-8859-1", "us-ascii", "windows-1252"})


class OpmlRefused(DomainError):
    """The file is no OPML that is read here."""

    status = 422


def read_opml(data: bytes) -> list[Wanted]:
    """Each feed of the file, in its order.

    Raises:
        TooLarge: it holds too much.
        OpmlRefused: it is no OPML, or declares what is not read.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(_("Ce fichier est trop long : versez-le en plusieurs fois."))
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.XmlDeclHandler = reader.declare
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.EntityDeclHandler = reader.entity
    parser.StartElementHandler = lambda name, said: reader.start(
        name, said, parser.CurrentLineNumber
    )
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise OpmlRefused(
            _("Ce fichier n’est pas du XML bien formé (ligne %(line)s).", line=error.lineno)
        ) from None
    except (LookupError, ValueError):
        raise OpmlRefused(_("Ce fichier est écrit dans un encodage qui n’est pas lu.")) from None
    if not reader.is_opml:
        raise OpmlRefused(_("Ce fichier n’est pas une liste de flux OPML."))
    return reader.found


@dataclass(slots=True)
class _Reader:
    """What the file says, as its elements come."""

    found: list[Wanted] = field(default_factory=list)
    is_opml: bool = False
    _depth: int = 0
    _open: list[tuple[str, bool]] = field(default_factory=list)

    def declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "").lower() not in _ENCODINGS:
            raise OpmlRefused(_("Ce fichier est écrit dans un encodage qui n’est pas lu."))

    def doctype(
        self, _name: str, _system: str | None, _public: str | None, has_internal_subset: bool
    ) -> None:
        if has_internal_subset:
            raise OpmlRefused(
                _("Ce fichier déclare des entités dans un DOCTYPE : il n’est pas lu.")
            )

    def entity(self, *_declared: object) -> None:
        raise OpmlRefused(_("Ce fichier déclare des entités dans un DOCTYPE : il n’est pas lu."))

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        self._depth += 1
        if self._depth == 1:
            self.is_opml = name.lower() == "opml"
        if self._depth > _DEEPEST:
            raise OpmlRefused(_("Ce fichier est trop imbriqué pour être lu."))
        if name.lower() != "outline":
            return
        said = {key.lower(): value for key, value in attributes.items()}
        text = tidy(said.get("text") or said.get("title") or "")
        is_feed = "xmlurl" in said
        if is_feed:
            self._add(said, text, line)
        self._open.append((text, is_feed))

    def end(self, name: str) -> None:
        self._depth -= 1
        if name.lower() == "outline":
            self._open.pop()

    def _add(self, said: dict[str, str], text: str, line: int) -> None:
        if len(self.found) >= MOST_FEEDS:
            raise TooLarge(_("Versez %(most)s flux à la fois, au plus.", most=MOST_FEEDS))
        given = said.get("category")
        self.found.append(
            Wanted(
                line=line,
                name=text,
                url=said["xmlurl"].strip()[: _LONGEST + 1],
                site_url=said.get("htmlurl", "").strip()[: _LONGEST + 1],
                language=said.get("language", "").strip().lower().partition("-")[0],
                folders=tuple(folder for folder, is_feed in self._open if folder and not is_feed),
                themes=None if given is None else _themes(given),
            )
        )


def _themes(category: str) -> tuple[str, ...]:
    """« /telesante/teleconsultation,/domicile » as ids of the vocabulary."""
    paths = (one.strip().strip("/").replace("/", ".") for one in category.split(","))
    return tuple(dict.fromkeys(one for one in paths if one))


def tidy(text: str) -> str:
    """`text` on one line, at a bearable length, without what XML cannot carry."""
    return _SPACES.sub(" ", _ILLEGAL.sub("", text)).strip(" ")[:_LONGEST_NAME].rstrip(" ")
