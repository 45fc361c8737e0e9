"""Every hour: whoever agreed to the infolettre before there was one to receive is subscribed.

An upgrade, or the first newsletter of an installation, needs no step of its own. Nobody who left
is found: who left is a subscriber still.
"""

from sqlalchemy.exc import IntegrityError

from inters4.core.db import reading, writing
from inters4.newsletters.queries.subscribers import members_without_subscription
from inters4.newsletters.services.following_members import subscribe_who_agreed

JOIN_JOB, JOIN_SECONDS = "newsletters.join", 3600


def join_who_agreed() -> None:
    """Each in a transaction; who subscribes at this very instant is left alone."""
    with reading() as session:
        found = members_without_subscription(session)
    for member_id in found:
        try:
            with writing() as session:
                subscribe_who_agreed(session, member_id)
        except IntegrityError:
            continue
