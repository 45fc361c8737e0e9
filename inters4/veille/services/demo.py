"""What a demonstration shows of the watch: feeds that it serves itself, findings on the desk.

Articles are real ones, cited without their abstracts, or plainly fictional. The same ones come in
several feeds, with the duplicates that real feeds have.
"""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.clock import local, now
from inters4.core.fetch import FeedParser
from inters4.core.installation import is_demo
from inters4.core.paths import content_dir
from inters4.core.values import dataclass
from inters4.members.queries import find_member_by_email, load_viewer
from inters4.veille.models import (
    Finding,
    Rhythm,
    Scheme,
    Source,
    SourceKind,
    SourceTheme,
    Watch,
    WatchMember,
    WatchTheme,
)
from inters4.veille.services.claiming import claim
from inters4.veille.services.collecting import take_in
from inters4.veille.services.demo_desk import stage_desk
from inters4.veille.services.drafting import Typed, marks_of, stored_fields, write_draft
from inters4.veille.services.entries import entries_of
from inters4.veille.services.identity import url_key
from inters4.veille.services.reviewing import ask_review
from inters4.veille.services.sorting import keep
from inters4.veille.services.standing import load_findings
from inters4.veille.services.writing import begin_summary
from inters4.vocabulary.queries import vocabulary

EXAMPLE = "exemple"
"""Names, in addresses, the watch and its first source."""
_PATH = "/veille/demonstration/"
_CLAIMED, _SUMMARISED = "10.5555/exemple.fictif.01", "10.5555/exemple.fictif.05"


@dataclass(frozen=True, slots=True)
class DemoFeed:
    """A feed of the demonstration: its file, and the source that reads it."""

    file: str
    media_type: str
    name: str
    themes: tuple[str, ...] = ()


FEEDS = (
    DemoFeed(
        "recherche.rss",
        "application/rss+xml",
        "Démonstration : recherche comme sur PubMed",
        ("domicile",),
    ),
    DemoFeed("revue.atom", "application/atom+xml", "Démonstration : sommaire d’une revue"),
    DemoFeed("depot.rdf", "application/rdf+xml", "Démonstration : nouveautés d’un dépôt"),
    DemoFeed("carnet.json", "application/feed+json", "Démonstration : carnet de lectures"),
)
_LOST = DemoFeed("bulletin.rss", "", "Démonstration : un bulletin qui n’existe plus")
"""A source that nothing answers for: the page of health has something to say."""

_DRAFT = {
    "title": "Exemple fictif : des proches aidants formés à distance",
    "hook": "Exemple fictif : douze semaines de formation en ligne, comparées à l’aide habituelle.",
    "limit": "Exemple fictif : un petit échantillon, suivi trois mois.",
    "context": "Exemple fictif : une piste pour les équipes de soutien à domicile.",
    "design": "ecr",
    "evidence_strength": "suggestive",
    "open_access": "yes",
    "paragraph": (
        "Exemple fictif. Cette étude n’existe pas : ce résumé montre seulement à quoi ressemble "
        "un texte qui attend une relecture. Quatre-vingt-quatre proches aidants de trois régions "
        "rurales suivent, pendant douze semaines, des rencontres en ligne d’une heure avec une "
        "travailleuse sociale. L’autre moitié reçoit l’aide habituelle. À la fin, les personnes "
        "formées se disent moins souvent épuisées et appellent plus tôt à l’aide. L’écart diminue "
        "trois mois plus tard. Les auteurs imaginaires concluent qu’un rappel mensuel "
        "prolongerait peut-être l’effet, et qu’une formation pareille se donne sans déplacement."
    ),
}


def feeds_dir() -> Path:
    """Where the files of the feeds are."""
    return content_dir() / "demo" / "feeds"


def seed_watching(session: Session, *, site: str) -> bool:
    """Make the watch of the demonstration; False when it is there, at its present address.

    `site` is where this demonstration serves itself. People and vocabulary come first.

    Raises:
        RuntimeError: the database is not marked as a demonstration.
    """
    if not is_demo(session):
        raise RuntimeError("a fictional watch is made in a demonstration database only")
    watch = session.scalar(select(Watch).where(Watch.public_id == EXAMPLE))
    if watch is not None:
        _follow_site(session, watch, site)
        return False
    broker, reviewer = _person(session, "dominique"), _person(session, "frederique")
    watch = _make_watch(session, broker)
    sources = [
        _make_source(session, watch, feed, site=site, number=number)
        for number, feed in enumerate((*FEEDS, _LOST), start=1)
    ]
    with FeedParser() as parser:
        for feed, source in zip(FEEDS, sources, strict=False):
            body = (feeds_dir() / feed.file).read_bytes()
            parsed = parser.parse(body, content_type=feed.media_type, url=source.url)
            take_in(session, entries_of(parsed), source=source, at=now())
    claim(session, [_finding(session, _CLAIMED)], by=broker)
    stage_desk(session, watch, name=EXAMPLE, by=broker)
    _write_summary(session, broker, reviewer)
    return True


def _person(session: Session, key: str) -> Viewer:
    found = find_member_by_email(session, f"{key}@exemple.invalid")
    if found is None:
        raise RuntimeError("make the people of the demonstration first")
    return load_viewer(session, found.id)


def _make_watch(session: Session, broker: Viewer) -> Watch:
    today = local(now()).date()
    watch = Watch(
        public_id=EXAMPLE,
        name="Soins à domicile en région (démonstration)",
        purpose="Repérer ce qui aide les personnes à recevoir leurs soins près de chez elles.",
        audience="Gestionnaires et équipes de soutien à domicile",
        inclusion="Milieux ruraux ou éloignés.\nÉtudes, synthèses et rapports depuis dix ans.",
        exclusion="Études sans résultat.\nÉditoriaux et lettres.",
        languages=["fr", "en"],
        rhythm=Rhythm.WEEKLY,
        reviewed_on=today,
        review_on=today + timedelta(days=365),
        created_by_id=broker.member_id,
        themes=[
            WatchTheme(theme=theme, position=place)
            for place, theme in enumerate(_known(session, "domicile", "aines"))
        ],
        team=[WatchMember(member_id=broker.member_id)],
    )
    session.add(watch)
    session.flush()
    return watch


def _make_source(
    session: Session, watch: Watch, feed: DemoFeed, *, site: str, number: int
) -> Source:
    url = site + _PATH + feed.file
    source = Source(
        public_id=EXAMPLE if number == 1 else f"{EXAMPLE}-{number}",
        watch_id=watch.id,
        kind=SourceKind.FEED,
        name=feed.name,
        url=url,
        url_key=url_key(url),
        themes=[
            SourceTheme(theme=theme, position=place)
            for place, theme in enumerate(_known(session, *feed.themes))
        ],
        added_by_id=watch.created_by_id,
        next_check_at=now(),
    )
    session.add(source)
    session.flush()
    return source


def _follow_site(session: Session, watch: Watch, site: str) -> None:
    """The port may change from one run to the next: the sources of the demonstration follow."""
    for source in session.scalars(select(Source).where(Source.watch_id == watch.id)):
        _before, path, file = source.url.partition(_PATH)
        if path and source.url != site + _PATH + file:
            source.url = site + _PATH + file
            source.url_key = url_key(source.url)
            source.next_check_at = now() if source.next_check_at else None


def _finding(session: Session, doi: str) -> Finding:
    number = session.scalars(select(Finding.id).where(Finding.doi == doi)).one()
    return load_findings(session, [number])[0]


def _write_summary(session: Session, broker: Viewer, reviewer: Viewer) -> None:
    """One draft, whole, that waits for the eyes of somebody else."""
    finding = _finding(session, _SUMMARISED)
    keep(session, [finding], by=broker)
    summary = begin_summary(session, finding, by=broker)
    typed: dict[str, Typed] = {**_DRAFT, Scheme.THEMES.value: [*_known(session, "domicile")]}
    seen = marks_of(stored_fields(summary))
    write_draft(session, summary, typed, seen={name: seen[name] for name in typed}, by=broker)
    if reviewer.member_id is not None:
        ask_review(session, summary, reviewer.member_id, by=broker)


def _known(session: Session, *themes: str) -> tuple[str, ...]:
    """Those of `themes` that the vocabulary has."""
    words = vocabulary(session)
    return tuple(theme for theme in themes if (Scheme.THEMES, theme) in words)
