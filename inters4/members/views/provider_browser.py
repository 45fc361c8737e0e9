"""What a browser holds while it goes to the provider and comes back, and who it goes to."""

from typing import TYPE_CHECKING

from flask import Response, abort, current_app

from inters4.core.i18n import _
from inters4.core.web import cookies
from inters4.members.services.arrivals import KEPT, Arrived, from_cookie, to_cookie
from inters4.members.services.visits import new_browser
from inters4.settings import Settings

if TYPE_CHECKING:
    from inters4.core.oidc.client import Client

_HELD_SECONDS = 3_600
_SHORTEST = 40


def provider_label() -> str:
    """What follows « Continuer avec »; empty when the settings name no provider."""
    settings = _settings()
    if not settings.sso_issuer:
        return ""
    return settings.sso_label or _("le compte de votre organisation")


def client_or_404() -> "Client":
    """The provider of the settings; the page does not exist without one."""
    if not _settings().sso_issuer:
        abort(404)
    from inters4.core.oidc.client import client_of  # noqa: PLC0415  (goes out)

    return client_of(_settings())


def return_address() -> str:
    """Where the provider sends browsers back: an address of the settings, never of the request."""
    return f"{_settings().url}/connexion/organisation/retour"


def secret_of_browser() -> str:
    """What this browser holds since it left; empty when it did not leave, or long ago."""
    held = cookies.held("retour")
    return held if len(held) >= _SHORTEST else ""


def fresh_secret() -> str:
    """What the browser holds, or something new to hold."""
    return secret_of_browser() or new_browser()


def give_secret(response: Response, secret: str) -> None:
    """Let the browser come back, or open a letter within the hour.

    Always an hour: pressing the button again must not shut the letter that waits. A way back is
    open for less, as its own state says.
    """
    cookies.hold(response, "retour", secret, seconds=_HELD_SECONDS)


def arrived_of_request() -> Arrived | None:
    """Who came back to this browser and is not known yet."""
    return from_cookie(cookies.held("identite"))


def hold_arrived(response: Response, found: Arrived) -> None:
    """Keep who came back until they join or are known."""
    cookies.hold(response, "identite", to_cookie(found), seconds=int(KEPT.total_seconds()))


def forget_arrived(response: Response) -> None:
    """They joined, are known, or gave up."""
    cookies.take_back(response, "identite")


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
