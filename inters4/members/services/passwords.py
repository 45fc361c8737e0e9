"""Passwords: argon2id, no rule of composition, common and personal ones refused.

Hashing takes tens of milliseconds and megabytes on purpose. It is done outside any transaction,
and at most two at a time, so that a flood of sign-ins does not starve the pages.
"""

import re
import unicodedata
from base64 import b64encode
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from inters4.core.errors import DomainError
from inters4.core.i18n import _

SHORTEST = 12
LONGEST = 128
_MEMORY_KIB, _PASSES, _LANES = 47_104, 1, 1  # OWASP Password Storage Cheat Sheet, argon2id
_TELLING_CHARACTERS = 5  # distinct ones, beside the words everyone tries
_SHORTEST_WORD = 4  # shorter ones are found inside any phrase
_YEAR = re.compile(r"(?:19|20)\d\d")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_DISGUISES = str.maketrans("0134578@$!", "oieastbasi")

_hasher = PasswordHash(
    (Argon2Hasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES),)
)
_two_at_a_time = BoundedSemaphore(2)
# No password opens it, but looking costs as much as a real one: the salt and digest are zeros.
DECOY_HASH = (
    f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}"
    f"${b64encode(bytes(16)).decode().rstrip('=')}${b64encode(bytes(32)).decode().rstrip('=')}"
)


class WeakPassword(DomainError):
    """The password is too easy to guess; the message says why."""


def hash_password(password: str) -> str:
    """The argon2id hash to keep. Two spellings of the same accents are one password."""
    with _two_at_a_time:
        return _hasher.hash(_normalised(password))


def matches(password: str, kept: str) -> bool:
    """True when `password` is the one behind `kept`; false for a hash nobody knows."""
    try:
        with _two_at_a_time:
            return _hasher.verify(_normalised(password), kept)
    except UnknownHashError:
        return False


def is_outdated(kept: str) -> bool:
    """True when `kept` was made with weaker parameters than today's."""
    return _hasher.current_hasher.check_needs_rehash(kept)


def check_strength(password: str, *, context: tuple[str, ...] = ()) -> None:
    """Refuse what is guessed first; `context` is what others know: name, address, organisation.

    Raises:
        WeakPassword: says what to change.
    """
    password = _normalised(password)
    if len(password) < SHORTEST:
        raise WeakPassword(
            _("Choisissez un mot de passe d’au moins %(count)s caractères.", count=SHORTEST)
        )
    if len(password) > LONGEST:
        raise WeakPassword(
            _("Choisissez un mot de passe d’au plus %(count)s caractères.", count=LONGEST)
        )
    personal = _personal_words(context)
    is_trivial = _is_little_else(password, frozenset())
    if not is_trivial and _is_little_else(password, personal):
        raise WeakPassword(
            _("Ce mot de passe reprend votre nom, votre adresse ou le nom du portail.")
        )
    if is_trivial or _is_little_else(password, personal | _common_words()):
        raise WeakPassword(
            _("Ce mot de passe est trop courant. Quelques mots sans lien entre eux conviennent.")
        )


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _is_little_else(password: str, words: frozenset[str]) -> bool:
    """True when `password` is `words`, a year, and too few other characters to be a secret."""
    bare = _YEAR.sub("", _bare(password))
    for spelling in (bare, bare.translate(_DISGUISES)):
        rest = spelling
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(set(rest)) < _TELLING_CHARACTERS:
            return True
    return False


def _bare(text: str) -> str:
    """`text` without case, accents or spaces.

    Not the `fold` of the search engine: that one remembers what it folded.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        character
        for character in decomposed
        if not character.isspace() and not unicodedata.combining(character)
    )


def _personal_words(context: tuple[str, ...]) -> frozenset[str]:
    words = {"inters4", "inters"}
    for text in context:
        parts = (_bare(part) for part in _BETWEEN_WORDS.split(text))
        words.update(part for part in parts if len(part) >= _SHORTEST_WORD)
    return frozenset(words)


@cache
def _common_words() -> frozenset[str]:
    """The bundled list, written as `_bare` writes."""
    text = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8")
    return frozenset(_bare(line) for line in text.splitlines() if line and not line.startswith("#"))
