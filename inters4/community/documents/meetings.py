"""A meeting as search knows it: its agenda, its place, and its minutes once they are written.

The link to join from afar is not in it: it is for those who come. A cancelled meeting is not found.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from indexer import Document
from inters4.community.models import MEETING_KIND, Meeting, MeetingMinutes
from inters4.community.queries.meetings import (
    every_public_id,
    load_meeting,
    minutes_of,
    readable_meetings,
)
from inters4.core.access import Viewer
from inters4.core.hooks import Present
from inters4.core.richtext import excerpt, plain_text
from inters4.vocabulary.queries import Vocabulary, vocabulary

_BEGINNING = 300


def load_document(session: Session, public_id: str) -> Document | None:
    """The document of a meeting, None once it is cancelled."""
    meeting = load_meeting(session, public_id)
    if meeting is None or meeting.cancelled_at is not None:
        return None
    return document_of(meeting, minutes_of(session, meeting), words=vocabulary(session))


def every_id(session: Session) -> Iterator[str]:
    """The meetings that must be in the index."""
    return every_public_id(session)


def confirm(session: Session, ids: Sequence[str], viewer: Viewer) -> Mapping[str, Present]:
    """Those of the meetings that `viewer` reads, as their cards must be now; one statement."""
    return {
        meeting.public_id: Present(
            title=meeting.title,
            abstract=excerpt(meeting.markup, length=_BEGINNING),
            day=meeting.zone.at(meeting.starts_at).date(),
            fields=_fields(meeting),
        )
        for meeting in readable_meetings(session, ids, viewer=viewer)
    }


def document_of(meeting: Meeting, minutes: MeetingMinutes | None, *, words: Vocabulary) -> Document:
    """The document of a meeting loaded with its space."""
    themes = tuple(meeting.space.themes)
    body = (meeting.place, plain_text(minutes.markup) if minutes else "")
    return Document(
        key=meeting.document_ref.key,
        kind=MEETING_KIND,
        title=meeting.title,
        audience=meeting.space.container,
        abstract=plain_text(meeting.markup),
        body="\n".join(part for part in body if part),
        keywords=tuple(dict.fromkeys((meeting.space.name, *words.names_over("themes", themes)))),
        date=meeting.zone.at(meeting.starts_at).date(),
        facets={"theme": themes} if themes else {},
        fields=_fields(meeting),
    )


def _fields(meeting: Meeting) -> dict[str, str]:
    """What a hit shows, and what its address is made of."""
    return {"space": meeting.space.slug, "source": meeting.space.name}
