"""What notices add elsewhere: the slot they fill, mails, the job, menus, retention, own data."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.hooks import Fragment, Hooks, RetentionRule
from inters4.core.i18n import _
from inters4.core.installation import RESTORED
from inters4.core.jobs import jobs
from inters4.core.mail import MailKind, kinds
from inters4.notices.exports import letters
from inters4.notices.exports.kinds import KINDS
from inters4.notices.exports.own_data import OWN_DATA
from inters4.notices.jobs import DIGEST_JOB, EVERY_SECONDS, make_digests
from inters4.notices.models import KEPT_DAYS, READ_KEPT_DAYS
from inters4.notices.services import keeping
from inters4.notices.services.digests import wait_for_next_hour
from inters4.notices.services.giving import RowNotifier


def register(hooks: Hooks) -> None:
    """Called once, at start."""
    hooks.set_notifier(RowNotifier())
    kinds.add(MailKind(letters.NOTICE_MAIL, letters.notice_mail))
    kinds.add(MailKind(letters.DIGEST_MAIL, letters.digest_mail))
    jobs.periodic(DIGEST_JOB, every=EVERY_SECONDS)(make_digests)
    for slot, template, order in (
        ("header.tools", "notices/_bell.html", 10),
        ("account.board", "notices/_board.html", 5),
        ("account.links", "notices/_account_links.html", 10),
    ):
        hooks.add_fragment(slot, Fragment(template, _for_whoever_is_signed_in, order=order))
    for kind in KINDS:
        hooks.add_notice_kind(kind)
    for name, export in OWN_DATA.items():
        hooks.add_member_export(name, export)
    hooks.on_member_erased(keeping.forget_member)
    hooks.on(RESTORED, wait_for_next_hour)
    hooks.add_retention(
        RetentionRule(
            name="read_notices",
            reason=lambda: _("Avis lus dans le portail : les retrouver quelque temps."),
            days=READ_KEPT_DAYS,
            purge=keeping.purge_read,
        )
    )
    hooks.add_retention(
        RetentionRule(
            name="unread_notices",
            reason=lambda: _(
                "Avis que personne n’a lus, et traces de leurs courriels : une absence d’un an ne "
                "perd rien."
            ),
            days=KEPT_DAYS,
            purge=keeping.purge_unread,
        )
    )


def _for_whoever_is_signed_in(
    _session: Session | None, viewer: Viewer
) -> Mapping[str, object] | None:
    return {} if viewer.is_signed_in else None
