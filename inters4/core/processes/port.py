"""The address the portal listens on, and what to do when it cannot."""

import errno
import os
import socket

from inters4.core.console import fail
from inters4.core.i18n import _
from inters4.core.speech import reason_of
from inters4.settings import Settings

_BACKLOG = 512


def open_listener(settings: Settings) -> socket.socket:
    """A listening socket, or one clear line and exit status 1."""
    try:
        family = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0][0]
        return socket.create_server(
            (settings.host, settings.port), family=family, backlog=_BACKLOG, reuse_port=False
        )
    except OSError as error:
        fail(_why(error, settings))


def _why(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return _(
            "Le port %(port)s est déjà pris. Arrêtez le programme qui l’occupe, ou choisissez un "
            "autre port avec INTERS4_PORT.",
            port=settings.port,
        )
    if error.errno == errno.EACCES:
        return _(
            "Le port %(port)s est réservé au système. Choisissez-en un au-dessus de 1024 avec "
            "INTERS4_PORT.",
            port=settings.port,
        )
    if isinstance(error, socket.gaierror):
        reason = _("ce nom est inconnu")
    else:
        number = error.errno or 0  # Python adds what it attempted to the words of the system
        reason = reason_of(OSError(number, os.strerror(number)))
    return _(
        "Impossible d’écouter sur l’adresse « %(host)s » (%(reason)s). Corrigez INTERS4_HOST.",
        host=settings.host,
        reason=reason,
    )
