"""The file that a form sends with « Pièces »: taken, or refused with a sentence."""

from flask import current_app, request

from inters4.core.errors import DomainError
from inters4.core.files import KINDS, StoredFile, file_store
from inters4.core.i18n import _
from inters4.core.values import dataclass
from inters4.core.web.requests import viewer
from inters4.settings import Settings

DEPOSIT = "depot"
"""Name of the field."""
_BUTTON = "deposer"


@dataclass(frozen=True, slots=True)
class Received:
    """What came: a file that is no row yet, or why it was refused."""

    stored: StoredFile | None = None
    refused: str = ""
    status: int = 200

    def discard(self) -> None:
        """The sheet did not take the file: nothing of it stays."""
        if self.stored is not None:
            file_store(current_app.config["SETTINGS"]).discard(self.stored)


NOTHING = Received()


@dataclass(frozen=True, slots=True)
class Deposit:
    """What the field shows: why a file was refused, and what may be deposited."""

    refused: str

    @property
    def megabytes(self) -> int:
        """The largest file that this installation takes."""
        settings: Settings = current_app.config["SETTINGS"]
        return settings.upload_megabytes

    @property
    def endings(self) -> str:
        """The kinds of files, as the field of HTML names them."""
        return ",".join(f".{kind.extension}" for kind in KINDS)


def not_received(why: str) -> Received:
    """The answer to a file that cannot be taken, whatever it is."""
    given = request.files.get(DEPOSIT)
    if given is None or not given.filename:
        return _none_chosen()
    return Received(refused=why, status=422)


def received() -> Received:
    """The file of this request, checked and kept."""
    given = request.files.get(DEPOSIT)
    if given is None or not given.filename:
        return _none_chosen()
    store = file_store(current_app.config["SETTINGS"])
    try:
        return Received(store.receive(given.stream, given.filename, by=viewer()))
    except DomainError as refusal:
        return Received(refused=refusal.message, status=refusal.status)
    finally:
        given.close()


def _none_chosen() -> Received:
    """Nothing, but for whoever pressed « Déposer »."""
    if _BUTTON not in request.form:
        return NOTHING
    return Received(refused=_("Choisissez un fichier."), status=422)
