"""The people of a sheet's life, each with an open session in the portal that runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from inters4.app import load_domains
from inters4.core import db
from inters4.core.access import Viewer
from inters4.core.clock import now
from inters4.core.jobs import jobs
from inters4.core.mail.models import QueuedMail
from inters4.core.mail.send import send_due
from inters4.members.models import OrganisationRegion
from inters4.members.queries import load_viewer
from inters4.members.services.sessions import Origin, open_session
from inters4.practices.jobs import follow_sheets
from inters4.practices.queries import load_practice
from inters4.practices.services.life import today
from inters4.settings import Settings
from tests.builders.members import make_member
from tests.builders.revisions import Cast, make_cast
from tests.e2e.conftest import OpenPage, Visit
from tests.e2e.portal import Portal


@dataclass(frozen=True, slots=True)
class Company:
    """Eight people of two organisations; each keeps one browser all along."""

    cast: Cast
    sessions: Mapping[str, str]
    visit: OpenPage
    entered: dict[str, Visit] = field(default_factory=dict)

    def enter(self, who: str, **options: object) -> Visit:
        """The browser of this person, signed in."""
        if who not in self.entered:
            opened = self.visit(reduced_motion="reduce", **options)
            opened.page.context.add_cookies(
                [{"name": "session", "value": self.sessions[who], "url": opened.url}]
            )
            self.entered[who] = opened
        return self.entered[who]


@contextmanager
def gathered(portal: Portal, visit: OpenPage) -> Iterator[Company]:
    """People who did not exist a moment ago; `adopter` is of the second organisation."""
    load_domains()
    db.dispose()
    db.bind(f"sqlite:///{portal.data_dir / 'inters4.db'}")
    with db.writing() as session:
        cast = make_cast(session)
        session.add(OrganisationRegion(organisation_id=cast.other.id, region="rss09"))
        adopter = make_member(session, name="Ada Adoptante", organisation=cast.other)
        people = {name: getattr(cast, name) for name in Cast.__slots__}
        people["adopter"] = load_viewer(session, adopter.id)
        sessions = {
            name: open_session(session, one.member_id, origin=Origin(address="192.0.2.1")).token
            for name, one in people.items()
            if isinstance(one, Viewer) and one.member_id is not None
        }
    yield Company(cast, sessions, visit)
    jobs.close()
    db.dispose()


def let_two_years_pass(slug: str) -> None:
    """The review of a sheet was due yesterday, and the worker makes its round."""
    with db.writing() as session:
        practice = load_practice(session, slug)
        assert practice is not None
        practice.review_due = today() - timedelta(days=1)
    follow_sheets()


def open_letter(opened: Visit, data: Path, *, subject: str) -> None:
    """Follow the link of the newest letter of this subject.

    Letters of notices wait some minutes, to be several in one: these minutes pass, then what is
    due is sent, here or by the worker of the portal, whichever takes it first.
    """
    with db.writing() as session:
        session.execute(update(QueuedMail).values(not_before=now()))
    known = {"INTERS4_DATA_DIR": str(data), "INTERS4_URL": opened.url}
    jobs.bind(Settings.from_env(known))
    send_due(jobs.settings)
    page = opened.page
    letter = page.get_by_role("link", name=subject).first
    opened.go_until("/demonstration/courriels", letter.is_visible)
    letter.click()
    page.locator("main li a[href^='/avis/']").first.click()
