"""Sources of a watch: added, changed, paused, resumed, moved to their new address, deleted."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from inters4.core import audit
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.errors import Conflict, DomainError
from inters4.core.fetch import FetchError, FetchPolicy
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.members.services.people import OPERATOR
from inters4.veille.models import (
    MOVE_REFUSED,
    POLLED,
    Scheme,
    Source,
    SourceKind,
    SourceState,
    SourceTheme,
    Watch,
)
from inters4.veille.queries.sources import address_is_taken
from inters4.veille.services.gestures import check_team
from inters4.veille.services.identity import url_key
from inters4.veille.services.polling import start_over
from inters4.veille.services.telling import settle_source
from inters4.veille.services.watches import SPOKEN
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services.editing import Misfilled

LONGEST_NAME = 200
_PUBMED = "pubmed.ncbi.nlm.nih.gov"
WITH_ADDRESS = POLLED | {SourceKind.PAGE}
"""Kinds that are somewhere; the others are what people bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSaid:
    """What people say of a source; see `Source`."""

    kind: SourceKind = SourceKind.FEED
    name: str
    url: str = ""
    site_url: str = ""
    language: str = ""
    category: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


def check_hand(by: Viewer) -> int | None:
    """The number of a person of the team; None for whoever runs commands on the server.

    Raises:
        NotFound: someone else, for whom none of this exists.
    """
    return None if by == OPERATOR else check_team(by)


def kind_of(kind: SourceKind, url: str) -> SourceKind:
    """`kind`, but for a feed of PubMed, which is told by its host."""
    if kind not in POLLED:
        return kind
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    return SourceKind.PUBMED if host == _PUBMED else SourceKind.FEED


def checked_address(written: str, *, policy: FetchPolicy) -> str:
    """An address where the portal may go, written one way.

    Raises:
        FetchRefused: says why it does not go there.
    """
    return str(policy.check_url(written))


def add_source(
    session: Session, watch: Watch, said: SourceSaid, *, policy: FetchPolicy, by: Viewer
) -> Source:
    """Add a source to a watch; what is polled is due at once.

    Raises:
        NotFound: `by` is not of the team.
        Misfilled: says what is wrong, by name of attribute.
    """
    by_id = check_team(by)
    _check(session, said, watch_id=watch.id, policy=policy)
    source = make_source(watch, said, policy=policy, by_id=by_id)
    session.add(source)
    session.flush()
    _record(session, "veille.source_added", source, by=by)
    return source


def make_source(
    watch: Watch, said: SourceSaid, *, policy: FetchPolicy, by_id: int | None
) -> Source:
    """The row of a source that was checked, not added yet."""
    kind = kind_of(said.kind, said.url)
    url = checked_address(said.url, policy=policy) if kind in WITH_ADDRESS else ""
    return Source(
        watch_id=watch.id,
        kind=kind,
        name=said.name,
        url=url,
        url_key=url_key(url) or None,
        site_url=said.site_url,
        language=said.language,
        category=list(said.category),
        themes=[
            SourceTheme(theme=theme, position=position)
            for position, theme in enumerate(said.themes)
        ],
        added_by_id=by_id,
        next_check_at=now() if kind in POLLED else None,
    )


def change_source(
    session: Session,
    source: Source,
    said: SourceSaid,
    *,
    version: int,
    policy: FetchPolicy,
    by: Viewer,
) -> None:
    """Keep what was changed of a source whose themes are loaded; its kind and folder stay.

    Another address forgets what visits taught of the former one.

    Raises:
        NotFound: `by` is not of the team.
        Misfilled: says what is wrong, by name of attribute.
        Conflict: it changed since `version`.
    """
    check_team(by)
    _check(session, said, watch_id=source.watch_id, policy=policy, before=source)
    if source.version != version:
        raise Conflict(_("Quelqu’un a changé cette source entre-temps : voici ce qui est gardé."))
    source.name, source.site_url, source.language = said.name, said.site_url, said.language
    given = {row.theme: row for row in source.themes}
    source.themes[:] = [given.get(theme) or SourceTheme(theme=theme) for theme in said.themes]
    for position, row in enumerate(source.themes):
        row.position = position
    if source.kind in WITH_ADDRESS:
        _move_to(session, source, checked_address(said.url, policy=policy))
    session.flush()
    _record(session, "veille.source_changed", source, by=by)


def pause_source(session: Session, source: Source, *, by: Viewer) -> None:
    """Visit it no more until someone resumes it."""
    check_team(by)
    if source.kind in POLLED and source.state is SourceState.ACTIVE:
        source.state, source.next_check_at, source.lease_until = SourceState.PAUSED, None, None
        settle_source(session, source)
        _record(session, "veille.source_paused", source, by=by)


def resume_source(session: Session, source: Source, *, by: Viewer) -> None:
    """Visit it again at once, whether it was paused or said to be gone."""
    check_team(by)
    if source.kind in POLLED and source.state is not SourceState.ACTIVE:
        start_over(source, at=now())
        settle_source(session, source)
        _record(session, "veille.source_resumed", source, by=by)


def accept_address(session: Session, source: Source, *, policy: FetchPolicy, by: Viewer) -> None:
    """Take the address that the server of the source leads to.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: nothing is proposed any more.
        DomainError: another source of the watch has that address.
    """
    check_team(by)
    if not source.has_moved:
        raise Conflict(_("Aucune nouvelle adresse n’est proposée pour cette source."))
    address = checked_address(source.moved_to, policy=policy)
    if address_is_taken(session, url_key(address), watch_id=source.watch_id, but=source.id):
        raise DomainError(
            _("Une autre source du dispositif a déjà cette adresse : supprimez l’une des deux.")
        )
    _move_to(session, source, address)
    source.moved_to, source.moved_seen = "", 0
    _record(session, "veille.source_moved", source, by=by)


def refuse_address(session: Session, source: Source, *, by: Viewer) -> None:
    """Keep the address; the one proposed is not proposed again while its server leads to it.

    Raises:
        NotFound: `by` is not of the team.
        Conflict: nothing is proposed any more.
    """
    check_team(by)
    if not source.has_moved:
        raise Conflict(_("Aucune nouvelle adresse n’est proposée pour cette source."))
    source.moved_seen = MOVE_REFUSED
    settle_source(session, source)
    _record(session, "veille.source_stayed", source, by=by)


def delete_source(session: Session, source: Source, *, by: Viewer) -> None:
    """Take a source away, its themes loaded; the findings that it brought stay."""
    check_team(by)
    settle_source(session, source)
    _record(session, "veille.source_deleted", source, by=by)
    session.delete(source)
    session.flush()


def _move_to(session: Session, source: Source, address: str) -> None:
    if address == source.url:
        return
    source.kind = kind_of(source.kind, address)
    source.url, source.url_key = address, url_key(address) or None
    if source.kind in POLLED:
        state, due = source.state, source.next_check_at
        start_over(source, at=now())
        if state is SourceState.PAUSED:
            source.state, source.next_check_at = state, due
        settle_source(session, source)


def _check(
    session: Session,
    said: SourceSaid,
    *,
    watch_id: int,
    policy: FetchPolicy,
    before: Source | None = None,
) -> None:
    errors: dict[str, str] = {}
    if not said.name:
        errors["name"] = _("Donnez un nom à la source.")
    elif len(said.name) > LONGEST_NAME:
        errors["name"] = _(
            "Raccourcissez ce texte : %(most)s caractères au plus.", most=LONGEST_NAME
        )
    if said.kind in WITH_ADDRESS:
        told = address_trouble(said.url, policy=policy)
        if not told and address_is_taken(
            session, url_key(said.url), watch_id=watch_id, but=before.id if before else None
        ):
            told = _("Une source du dispositif a déjà cette adresse.")
        if told:
            errors["url"] = told
    if said.site_url and address_trouble(said.site_url, policy=policy):
        errors["site_url"] = _("Cette adresse est mal écrite.")
    if said.language and said.language not in SPOKEN:
        errors["language"] = _("Choisissez une langue de la liste.")
    offered = _themes(session, () if before is None else (row.theme for row in before.themes))
    if not set(said.themes) <= offered:
        errors["themes"] = _("Un de ces thèmes n’existe plus : choisissez-en un autre.")
    if errors:
        raise Misfilled(errors)


def address_trouble(written: str, *, policy: FetchPolicy) -> str:
    """Why the portal cannot go to an address, in words; empty when it can."""
    if not written:
        return _("Donnez l’adresse de la source.")
    try:
        checked_address(written, policy=policy)
    except FetchError as refusal:
        return refusal.message
    return ""


def _themes(session: Session, kept: Iterable[str]) -> set[str]:
    return {*vocabulary(session).ids(Scheme.THEMES), *kept}


def _record(session: Session, action: str, source: Source, *, by: Viewer) -> None:
    audit.record(session, action, by=by, subject=f"source:{source.public_id}", name=source.name)
