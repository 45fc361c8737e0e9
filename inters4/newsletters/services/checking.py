"""What is looked at before an issue is shown for approval: what stops it, and what is only said."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.clock import now
from inters4.core.errors import DomainError
from inters4.core.i18n import _, format_number
from inters4.core.values import dataclass
from inters4.newsletters.exports.message import MessageParts, Places, assemble
from inters4.newsletters.exports.message.holes import UNSUBSCRIBE
from inters4.newsletters.exports.message.making import is_told
from inters4.newsletters.models import READABLE, Issue, IssueItem, ItemKind
from inters4.newsletters.queries.audience import count_audience
from inters4.newsletters.queries.composing import told_in
from inters4.newsletters.services.checking_images import look_at_images
from inters4.newsletters.services.composing import LIMITS, field_of
from inters4.newsletters.services.remarks import Remark
from inters4.practices.models import Practice
from inters4.settings import Settings
from inters4.veille.models import Summary

CLIPPED_AT = 102_000
"""Bytes past which a common reader of mail cuts the message."""
LONG_SUBJECT = 60
_OWN_PAGES = re.compile(
    r"/(?P<room>pratiques|veille/resumes|infolettres/(?P<newsletter>[\w-]+))/(?P<name>[\w-]+)/?"
)
_TAGS = re.compile(r"<[^>]*>")
NOWHERE = Places(unsubscribe="https://a.invalid", preferences="https://a.invalid", web="")


class NotReady(DomainError):
    """Something stops the issue; its page says what."""

    status = 422


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at: remarks, and the figures of the message.

    `size` is that of the message, `images` that of the files that it shows; in bytes.
    """

    remarks: tuple[Remark, ...]
    audience: int
    size: int
    images: int = 0

    @property
    def stopping(self) -> tuple[Remark, ...]:
        """What must be mended first."""
        return tuple(one for one in self.remarks if one.stops)

    @property
    def said(self) -> tuple[Remark, ...]:
        """What is only said."""
        return tuple(one for one in self.remarks if not one.stops)


def check_issue(
    session: Session, issue: Issue, parts: MessageParts, *, settings: Settings
) -> Checked:
    """Look at an issue, its items loaded, and at its message."""
    audience = count_audience(session, issue, at=now())
    size = len(assemble(parts, places=NOWHERE).html.encode())
    looked = look_at_images(session, parts, settings.url)
    remarks = (
        *_words(issue),
        *_sender(issue),
        *_closing(issue, parts),
        *_items(session, issue),
        *_links(session, parts, settings.url),
        *looked.remarks,
        *_weight(size),
    )
    if not audience:
        remarks = (
            *remarks,
            Remark(
                _("Personne ne recevrait ce numéro : revoyez à qui il s’adresse."),
                "destinataires",
                stops=True,
            ),
        )
    return Checked(remarks, audience, size, looked.weight)


def stop_unless_ready(checked: Checked) -> None:
    """Refuse what is not fit to be shown.

    Raises:
        NotReady: something stops it.
    """
    if checked.stopping:
        raise NotReady(_("Il reste des choses à régler avant de demander l’approbation."))


def _words(issue: Issue) -> Iterator[Remark]:
    if not issue.title:
        yield Remark(_("Donnez un titre au numéro."), "title", stops=True)
    if not issue.description:
        yield Remark(
            _("Écrivez l’aperçu : la ligne qui suit l’objet dans les boîtes de réception."),
            "description",
            stops=True,
        )
    for name, limit in LIMITS.items():
        if len(getattr(issue, name)) > limit:
            yield Remark(
                _("Raccourcissez ce texte : %(limit)s caractères au plus.", limit=limit),
                name,
                stops=True,
            )
    subject = issue.subject or issue.title
    if len(subject) > LONG_SUBJECT:
        yield Remark(
            _(
                "L’objet compte %(count)s caractères : après %(limit)s, les téléphones le coupent.",
                count=len(subject),
                limit=LONG_SUBJECT,
            ),
            "subject",
        )
    if not issue.source.strip():
        yield Remark(_("Le mot d’ouverture est vide."), "opening")


def _sender(issue: Issue) -> Iterator[Remark]:
    newsletter = issue.newsletter
    if not newsletter.sender or not newsletter.postal_address:
        yield Remark(
            _(
                "La loi demande de dire qui envoie et son adresse postale : complétez les "
                "réglages de l’infolettre."
            ),
            "expediteur",
            stops=True,
        )


def _closing(issue: Issue, parts: MessageParts) -> Iterator[Remark]:
    """What the message itself ends with, whatever made it: the way out, and who sends."""
    ending = parts.closing
    said = (_words_of(unescape(_TAGS.sub(" ", ending.html))), _words_of(ending.text))
    lines = [issue.newsletter.sender, *issue.newsletter.postal_address.splitlines()]
    is_whole = all(UNSUBSCRIBE in form for form in (ending.html, ending.text)) and all(
        _words_of(line) in form for line in lines for form in said
    )
    if not is_whole:
        yield Remark(
            _(
                "Le message ne se termine pas par le lien de désabonnement, le nom et l’adresse "
                "postale de qui envoie : la loi les demande. Écrivez à qui tient le portail."
            ),
            stops=True,
        )


def _words_of(text: str) -> str:
    return " ".join(text.split())


def _items(session: Session, issue: Issue) -> Iterator[Remark]:
    told = [item for item in issue.items if item.kind is not ItemKind.HEADING]
    if not told:
        yield Remark(_("Le numéro ne contient rien : ajoutez un élément."), "elements", stops=True)
        return
    earlier = told_in(session, issue)
    for item in told:
        yield from _item(item, earlier)
    for item, following in zip(issue.items, [*issue.items[1:], None], strict=True):
        is_last = following is None or following.kind is ItemKind.HEADING
        if item.kind is ItemKind.HEADING and is_last:
            yield Remark(
                _("La section « %(title)s » est vide.", title=item.title), field_of(item, "title")
            )


def _item(item: IssueItem, earlier: Mapping[str, Issue]) -> Iterator[Remark]:
    place = f"item-{item.public_id}"
    title = item.title or (item.summary or item.practice or item).title
    if not is_told(item):
        yield Remark(
            _("« %(title)s » n’est pas en ligne : retirez-le.", title=title), place, stops=True
        )
    before = earlier.get(item.summary_id or item.practice_id or "")
    if before is not None:
        yield Remark(
            _(
                "« %(title)s » était déjà dans le numéro %(number)s.",
                title=title,
                number=before.number,
            ),
            place,
        )
    if item.kind is ItemKind.TEXT and not item.source.strip():
        yield Remark(_("Un texte est vide : écrivez-le ou retirez-le."), place, stops=True)
    if item.kind in {ItemKind.LINK, ItemKind.EVENT, ItemKind.QUESTION}:
        if not item.title:
            yield Remark(_("Donnez un titre à cet élément."), field_of(item, "title"), stops=True)
        if not _is_address(item.url) and (item.url or item.kind is ItemKind.LINK):
            yield Remark(
                _("Donnez une adresse complète, qui commence par https://."),
                field_of(item, "url"),
                stops=True,
            )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _links(session: Session, parts: MessageParts, site: str) -> Iterator[Remark]:
    for link in parts.links:
        path = link.url.removeprefix(site) if link.url.startswith(f"{site}/") else ""
        found = _OWN_PAGES.fullmatch(urlsplit(path).path) if path else None
        if found is None or _leads_somewhere(session, found):
            continue
        yield Remark(
            _("Ce lien ne mène nulle part : %(path)s", path=path),
            f"item-{link.item}" if link.item else "opening",
            stops=True,
        )


def _leads_somewhere(session: Session, found: re.Match[str]) -> bool:
    name = found["name"]
    if found["newsletter"]:
        if not name.isdecimal():
            return True
        statement = select(Issue.id).where(
            Issue.newsletter_id == found["newsletter"],
            Issue.number == int(name[:9]),
            Issue.state.in_(READABLE),
        )
        return session.scalar(statement) is not None
    if found["room"] == "pratiques":
        sheet = session.scalar(select(Practice).where(Practice.slug == name))
        return sheet is not None and (sheet.is_readable or sheet.is_tombstone)
    row = session.scalar(select(Summary).where(Summary.slug == name))
    return row is not None and (row.is_readable or row.is_tombstone)


def _weight(size: int) -> Iterator[Remark]:
    if size > CLIPPED_AT:
        yield Remark(
            _(
                "Le message pèse %(size)s ko : après 102 ko, Gmail le coupe. Raccourcissez-le.",
                size=format_number(round(size / 1000)),
            ),
            stops=True,
        )
