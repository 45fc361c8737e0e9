"""What those who facilitate are told of questions: nobody answers them."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.community.exports.paths import thread_path
from inters4.community.queries.following import threads_told
from inters4.community.queries.moderators import moderators_of
from inters4.community.queries.telling import UNANSWERED_KIND, number_in
from inters4.community.queries.unanswered import answered_among
from inters4.core.access import SPACE_ROLES
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told


def tell_unanswered(session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Questions that wait, for those who facilitate the space now: three statements."""
    threads = threads_told(session, {number_in(one.subject) for one in notices})
    people = moderators_of(session, {thread.space_id for thread in threads.values()})
    answered = answered_among(session, threads)
    found = {}
    for one in notices:
        thread = threads.get(number_in(one.subject))
        if thread is None or one.member_id not in people[thread.space_id]:
            continue
        space = thread.space
        found[one.id] = Told(
            title=_("Question sans réponse dans l’espace « %(space)s »", space=space.name)
            if space.is_discreet
            else _("Question sans réponse : %(title)s", title=thread.title),
            text=""
            if space.is_discreet
            else _("Elle attend depuis cinq jours ouvrables dans « %(space)s ».", space=space.name),
            path=thread_path(space.slug, thread.id, thread.title),
            is_over=thread.id in answered,
        )
    return found


KINDS = (
    NoticeKind(
        name=UNANSWERED_KIND,
        label=lambda: _("Questions sans réponse dans les espaces que vous animez"),
        group=lambda: _("Ce que vous faites pour d’autres"),
        channel=Channel.MAIL,
        tell=tell_unanswered,
        concerns=lambda viewer: viewer.holds_any(*SPACE_ROLES),
        order=30,
    ),
)
