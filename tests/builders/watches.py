"""Watches, their sources and what they bring. A case gives only what it is about."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from inters4.veille.models import Source, SourceKind, Watch
from inters4.veille.services.entries import Entry, cleaned
from inters4.veille.services.identity import url_key

TITLE = "Un suivi à domicile des personnes aînées : essai randomisé"


def make_watch(session: Session, name: str = "Soutien à domicile", **values: Any) -> Watch:
    """A watch that is reviewed next year."""
    given: dict[str, Any] = {
        "purpose": "Ce qui aide les personnes à rester chez elles.",
        "reviewed_on": date(2026, 11, 1),
        "review_on": date(2027, 11, 1),
        **values,
    }
    watch = Watch(name=name, **given)
    session.add(watch)
    session.flush()
    return watch


def make_source(session: Session, watch: Watch, **values: Any) -> Source:
    """A feed of `watch`, due at once when `next_check_at` says so."""
    given: dict[str, Any] = {
        "kind": SourceKind.FEED,
        "name": "Une revue",
        "url": "https://revue.example/flux",
        **values,
    }
    source = Source(watch_id=watch.id, url_key=url_key(given["url"]) or None, **given)
    session.add(source)
    session.flush()
    return source


def make_entry(title: str = TITLE, **values: Any) -> Entry:
    """An article as a source shows it, cleaned."""
    return cleaned(Entry(title=title, **values))
