"""A space full of words that are nowhere else, and every page of the portal to look for them in.

Each text holds a *bait*, which tests type, and a *secret*, which they never do: a page may repeat
what was typed, and shows a secret only to whoever reads it.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from inters4.community.models import (
    Level,
    Meeting,
    MeetingMinutes,
    PostFile,
    PostState,
    SheetAddition,
    Space,
    Thread,
    ThreadSummary,
    Visibility,
)
from inters4.community.services.belonging import enter
from inters4.community.services.following import follow_space
from inters4.community.services.posting import post
from inters4.community.services.starting import start_thread
from inters4.core.access import Role, Viewer
from inters4.core.clock import now
from inters4.core.files import StoredFile, file_store
from inters4.core.hooks import hooks
from inters4.members.models import Member, RoleGrant
from inters4.settings import Settings
from tests.builders.community import again, make_post, make_space
from tests.builders.members import make_viewer
from tests.builders.practices import make_practice
from tests.builders.vocabulary import make_vocabulary

THEME = "domicile"
LISTED = frozenset({"zygomar", "ornithoptere", "paltoquet"})
"""Name, purpose and presentation: whoever sees that the space exists reads them."""
INNER = frozenset(
    {
        "xylographe",  # title of the thread
        "vertugadin",  # its first post
        "zinzolin",  # words of the file
        "wapitiplan",  # name of the file
        "coquecigrue",  # summary of the thread
        "bathyscaphe",  # title of the meeting
        "galimafree",  # its agenda
        "rocambolesque",  # its minutes
        "wilfreda",  # who wrote
    }
)
UNSEEN = frozenset({"calembredaine", "faridondaine", "billevesee"})
"""Posts that are hidden, removed, or wait: who moderates reads them, and their author."""
BAITS = ("kaleidoscope", "traboulidon", "gribouillis", "mirliton", "amphigouri", "turlutaine")
"""Words of the title, the post, the file, the summary, the meeting, the hidden post."""
TYPED = ("kaleid", "traboul", "kaleidoscpoe", "traboulidn")
"""Beginnings and mistakes: nothing may complete or correct them."""
NAMES = frozenset({"wilfreda"})
SKIPPED = (
    "members.provider_",  # they lead elsewhere
    "members.proof_start",
    "members.identity_start",
    "veille.demo_feed",
    "static",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The space, what is in it, and who is who.

    Attributes:
        values: what fills the addresses of pages, by the name of the argument.
    """

    space: Space
    thread: Thread
    author: Viewer
    facilitator: Viewer
    values: Mapping[str, str | int]


def make_world(session: Session, settings: Settings, visibility: Visibility) -> World:
    """The space, written in by services, so that journals and notices hold what they would."""
    make_vocabulary(session)
    practice = make_practice(session).id
    facilitator = make_viewer(session, name="Ariane Animation")
    deputy = make_viewer(session, name="Basile Relève")
    author = make_viewer(session, name="Wilfreda Essai")
    space = make_space(
        session,
        facilitator=facilitator,
        deputy=deputy,
        members=(author,),
        visibility=visibility,
        slug="lagerbe",
        name="Zygomar",
        purpose="Parler ornithoptere.",
        themes=[THEME],
    )
    space.write("Le paltoquet présente.")
    session.flush()
    facilitator, author = again(session, facilitator), again(session, author)
    thread = start_thread(
        session,
        space,
        title="Quel kaleidoscope xylographe?",
        text="Le traboulidon vire au vertugadin.",
        about=("fiche", practice),
        by=author,
    )
    meeting, stored = _fill(session, settings, space, thread, author)
    addition = SheetAddition(thread_id=thread.id, practice_id=practice, by_id=author.member_id)
    session.add(addition)
    person = session.get_one(Member, author.member_id).public_id
    session.commit()
    return World(
        space=space,
        thread=thread,
        author=author,
        facilitator=facilitator,
        values={
            "thread_id": thread.id,
            "number": 1,
            "words": "mots",
            "slug": space.slug,
            "person": person,
            "meeting": meeting.public_id,
            "addition": addition.public_id,
            "token": stored.token,
            "practice": practice,
        },
    )


def _fill(
    session: Session, settings: Settings, space: Space, thread: Thread, author: Viewer
) -> tuple[Meeting, StoredFile]:
    first = post(session, thread, "Voici le plan en annexe.", by=author)
    data = io.BytesIO(b"gribouillis et zinzolin, en toutes lettres\n")
    stored = file_store(settings).accept(session, data, "wapitiplan.txt", by=author)
    session.add(PostFile(post_id=first.id, stored=stored, words="gribouillis zinzolin"))
    summary = ThreadSummary(thread_id=thread.id, by_id=author.member_id)
    summary.write("Un mirliton, une coquecigrue.")
    make_post(
        session, thread, author=author, text="turlutaine calembredaine", state=PostState.HIDDEN
    )
    make_post(session, thread, author=author, text="turlutaine billevesee", state=PostState.WAITING)
    gone = make_post(session, thread, author=author, text="turlutaine faridondaine")
    gone.state = PostState.REMOVED
    meeting = Meeting(
        space_id=space.id,
        title="Un amphigouri bathyscaphe",
        starts_at=now() + timedelta(days=3),
        ends_at=now() + timedelta(days=3, hours=2),
        facilitator_id=author.member_id,
        author_id=author.member_id,
    )
    meeting.write("Au menu: galimafree.")
    session.add_all([summary, meeting])
    session.flush()
    minutes = MeetingMinutes(meeting_id=meeting.id, by_id=author.member_id)
    minutes.write("Ce fut rocambolesque.")
    session.add(minutes)
    session.flush()
    return meeting, stored


def make_staff(session: Session) -> Viewer:
    """Someone with every role of the platform, and none of the space."""
    staff = make_viewer(session, role=Role.ADMIN, name="Odile Équipe")
    for role in (Role.BROKER, Role.REVIEWER, Role.COORDINATION):
        session.add(RoleGrant(member_id=staff.member_id, role=role))
    return again(session, staff)


def make_neighbour(session: Session) -> Viewer:
    """Who facilitates another space, private too."""
    viewer = make_viewer(session, name="Nadia Voisine")
    make_space(session, facilitator=viewer, visibility=Visibility.PRIVATE_HIDDEN)
    return again(session, viewer)


def make_follower(session: Session, world: World, *, name: str = "Fabien Suiveur") -> Viewer:
    """Who belongs to the space, and follows all of it."""
    viewer = make_viewer(session, name=name)
    email = f"{name.split(maxsplit=1)[0].lower()}@exemple.ca"
    session.get_one(Member, viewer.member_id).email = email
    space = session.get_one(Space, world.space.id)

    enter(session, space, viewer.member_id or 0, by=viewer, how="joined")
    viewer = again(session, viewer)
    follow_space(session, space, Level.FOLLOWED, by=viewer)
    session.commit()
    return viewer


def every_page(app: Flask, values: Mapping[str, str | int]) -> Iterator[tuple[str, str]]:
    """Endpoint and path of each page that one may ask for, the arguments filled in.

    Raises:
        LookupError: a page of communities has an argument that nothing fills here.
    """
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(SKIPPED):
            continue
        filled = _filled(rule, values)
        if filled is None:
            if rule.endpoint.startswith("community."):
                raise LookupError(f"{rule.rule}: say in tests/builders/leaks.py what fills it")
            continue
        yield rule.endpoint, adapter.build(rule.endpoint, filled)
    yield from _other_pages(values)


_OF_COMMUNITIES = {
    "community.addition": "addition",
    "community.person": "person",
    "community.measures_of_person": "person",
}


def _filled(rule: Rule, values: Mapping[str, str | int]) -> dict[str, str | int] | None:
    """The arguments of a rule; None when nothing fills one of them."""
    endpoint, found = rule.endpoint, {}
    for name in rule.arguments:
        key = name
        if endpoint.startswith("community.") and name == "public_id":
            key = _OF_COMMUNITIES.get(endpoint, "meeting")
        elif endpoint == "members.person" and name == "public_id":
            key = "person"
        elif endpoint.startswith("practices.") and name in {"slug", "practice_id"}:
            key = "practice"
        elif not endpoint.startswith(("community.", "files.")):
            return None
        if key not in values:
            return None
        found[name] = values[key]
    return found


def _other_pages(values: Mapping[str, str | int]) -> Iterator[tuple[str, str]]:
    for text in (*BAITS, *TYPED):
        for path in ("", "/suggestions", "/suggestions.json", "/resultats.csv", "/resultats.ris"):
            yield "search", f"/recherche{path}?q={text}"
    for kind in ("fil", "rencontre"):
        yield "search", f"/recherche?type={kind}"
        yield "sitemap", f"/sitemaps/{kind}-1.xml"
    yield "search", f"/recherche?theme={THEME}"
    yield "search.theme", f"/themes/{THEME}"
    yield "sitemap", "/sitemaps/pages-1.xml"
    for key in (f"fil:{values['thread_id']}", f"rencontre:{values['meeting']}"):
        yield "list", f"/ma-liste?cle={key}"
        yield "list", f"/ma-liste/documents.csv?cle={key}"
    space, thread = values["slug"], values["thread_id"]
    yield "community", f"/communaute?q=zygom&theme={THEME}"
    yield "community", f"/communaute/{space}/mentions?q=wilf&fil={thread}"
    yield "community", f"/communaute/discuter?sujet=fiche:{values['practice']}"
    for extension in ("bib", "json", "txt"):
        yield "search", f"/recherche/resultats.{extension}?q=mirliton"
        yield "list", f"/ma-liste/documents.{extension}?cle=fil:{thread}"
    for figure in sorted(hooks.figures):
        yield "indicators", f"/bilan/{figure}"
        yield "indicators", f"/bilan/{figure}.csv"
    yield "members.record", f"/admin/personnes/{values['person']}"
    yield "members.write_message", f"/personnes/{values['person']}/message"
    yield "members.journal", f"/admin/journal?personne={values['person']}"
    yield "vocabulary", f"/admin/vocabulaire/themes/{THEME}/retrait"


def shown(browser: FlaskClient, path: str) -> tuple[int, str]:
    """Status, and what a page and its headers say, folded."""
    answer = browser.get(path)
    text = unfolded(answer.data) + str(answer.headers)
    answer.close()
    return answer.status_code, text.casefold()


def unfolded(data: bytes) -> str:
    """What a file says: archives opened, the lines of calendars whole again."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            return "\n".join(unfolded(held.read(name)) for name in held.namelist())
    return data.decode(errors="replace").replace("\r\n ", "")
