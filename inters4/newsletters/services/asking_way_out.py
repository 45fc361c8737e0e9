"""Whoever lost their link asks for it: the same work and the same answer for every address.

An issue that left outside the portal bears the address of this page and no link of anybody. The
letter is written when it leaves: an address that receives nothing is not written to.
"""

from sqlalchemy.orm import Session

from inters4.core.mail import enqueue
from inters4.members.models import normalise_email
from inters4.newsletters.exports.letters import WAY_OUT


def ask_way_out(session: Session, email: str, *, locale: str) -> None:
    """Queue the letter that leads out, or to one's choices."""
    enqueue(
        session,
        kind=WAY_OUT,
        template=WAY_OUT,
        recipient=normalise_email(email),
        locale=locale,
    )
