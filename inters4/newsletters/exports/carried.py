"""An issue as files, for a team that sends it from elsewhere.

Nothing in them is somebody's: the way out is a page where one asks for one's own link.
"""

import io
import zipfile
from collections.abc import Sequence

from inters4.core.i18n import _, ngettext
from inters4.core.mail.drafts import unaddressed
from inters4.core.mail.render import Rendered
from inters4.core.tables import is_altered, write_csv
from inters4.core.values import dataclass
from inters4.newsletters.exports.citations import path_of
from inters4.newsletters.exports.message import MessageParts, Places, assemble
from inters4.newsletters.models import Issue
from inters4.newsletters.queries.audience import Recipient

WAY_OUT = "/infolettres/desabonnement"


@dataclass(frozen=True, slots=True)
class Carried:
    """An issue to take away; `recipients` are those to whom the portal would send it now."""

    issue: Issue
    parts: MessageParts
    recipients: Sequence[Recipient]
    site: str

    @property
    def message(self) -> Rendered:
        """The message that everyone receives alike."""
        leave = self.site + WAY_OUT
        web = self.site + path_of(self.issue)
        return assemble(self.parts, places=Places(unsubscribe=leave, preferences=leave, web=web))

    def as_mail(self) -> bytes:
        """A draft for a mail program.

        Raises:
            UnsafeFieldError: a field cannot be written safely.
        """
        return unaddressed(
            self.message,
            sender=self.parts.reply_to,
            sender_name=self.parts.sender,
            locale=self.parts.language,
        )

    def as_html(self) -> bytes:
        """The message as a page."""
        return self.message.html.encode()

    def as_text(self) -> bytes:
        """The message without any layout."""
        return self.message.text.encode()

    def as_table(self) -> bytes:
        """One line a reader; an apostrophe stands before what a spreadsheet would run."""
        rows = ((one.address, one.language) for one in self.recipients)
        return "".join(write_csv(("courriel", "langue"), rows)).encode()

    def as_archive(self) -> bytes:
        """All of them, and a word on what each is for."""
        name, held = self.issue.id, io.BytesIO()
        pieces = {
            f"{name}.eml": self.as_mail(),
            f"{name}.html": self.as_html(),
            f"{name}.txt": self.as_text(),
            f"{name}-destinataires.csv": self.as_table(),
            _("LISEZ-MOI.txt"): self._explained().encode(),
        }
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
            for path, data in pieces.items():
                made.writestr(f"{name}/{path}", data)
        return held.getvalue()

    def _explained(self) -> str:
        count = len(self.recipients)
        lines = (
            self.issue.title,
            "",
            _("%(id)s.eml : le message, à ouvrir dans un logiciel de courriel.", id=self.issue.id),
            _("%(id)s.html et %(id)s.txt : le même, pour un service d’envoi.", id=self.issue.id),
            ngettext(
                "%(id)s-destinataires.csv : la personne qui le reçoit.",
                "%(id)s-destinataires.csv : les %(num)s personnes qui le reçoivent.",
                count,
                id=self.issue.id,
            ),
            "",
            _(
                "Mettez les adresses en copie invisible : personne ne doit voir celles des autres. "
                "Effacez ce fichier après l’envoi, puis dites dans le portail que le numéro est "
                "parti : quand, et à combien de personnes."
            ),
        )
        return "\r\n".join((*lines, *self._named_apart())) + "\r\n"

    def _named_apart(self) -> Sequence[str]:
        """Addresses that the table writes with an apostrophe, as they are."""
        found = sorted(one.address for one in self.recipients if is_altered(one.address))
        if not found:
            return ()
        told = _(
            "Un tableur prendrait ces adresses pour des formules : une apostrophe les précède dans "
            "la liste. Retirez-la avant de leur écrire."
        )
        return ("", told, *found)
