"""What a link of a message leads to, in a word or two: addresses are long, and full of signs."""

from urllib.parse import urlsplit

from inters4.core.i18n import _
from inters4.newsletters.models import ItemKind


def link_words(url: str, *, site: str, kind: ItemKind | None = None, address: str = "") -> str:
    """The words for a link that stands in an item of this kind.

    Args:
        url: where the link leads.
        site: the address of the portal.
        kind: None for a link that stands in no item.
        address: where the item itself leads: of the article, for a summary.
    """
    if address and url in {address, site + address}:
        return _words_of_own(kind)
    parts = urlsplit(url)
    if not url.startswith(f"{site}/"):
        return parts.netloc.removeprefix("www.")
    if parts.fragment == "reaction":
        return _("La réaction")
    if parts.path.startswith("/veille/resumes/"):
        return _("Le résumé")
    if parts.path.startswith("/pratiques/"):
        return _("La fiche")
    return _("La réponse") if parts.path == "/question" else parts.path


def _words_of_own(kind: ItemKind | None) -> str:
    if kind is ItemKind.SUMMARY:
        return _("L’article")
    if kind is ItemKind.QUESTION:
        return _("La réponse")
    return _("Les détails") if kind is ItemKind.EVENT else _("Le lien")
