"""What notices tell of themselves: mails were refused by the link of one of them."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inters4.core.hooks import hooks
from inters4.core.i18n import _
from inters4.core.notices import Channel, Noticed, NoticeKind, Told
from inters4.notices.exports.links import EVERY

REFUSED_KIND = "notices.refused"


def tell_refusals(_session: Session, notices: Sequence[Noticed]) -> Mapping[int, Told]:
    """Which mails leave no more, and where to choose otherwise."""
    return {
        one.id: Told(
            title=_("Des courriels ont été refusés par le lien de l’un d’eux"),
            text=_refused(one.subject),
            path="/compte/preferences",
        )
        for one in notices
    }


def _refused(name: str) -> str:
    kind = hooks.notice_kinds.get(name)
    if name == EVERY or kind is None:
        return _(
            "Vous ne recevez plus de courriels d’avis. Ce n’était pas vous? Choisissez de nouveau."
        )
    return _(
        "Vous ne recevez plus de courriels de cette sorte : « %(label)s ». Ce n’était pas vous? "
        "Choisissez de nouveau.",
        label=kind.label(),
    )


KINDS = (
    NoticeKind(
        name=REFUSED_KIND,
        label=lambda: _("Courriels refusés par un lien"),
        group=lambda: _("Ce qui s’adresse à vous"),
        channel=Channel.IN_APP,
        channels=(Channel.IN_APP,),
        tell=tell_refusals,
        order=15,
    ),
)
