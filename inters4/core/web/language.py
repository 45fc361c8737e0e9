"""In which language this request is answered: `?lang=`, then cookie, account, Accept-Language.

The cookie holds what someone asked for in this browser: it wins over the account.
"""

from flask import Flask, Response, request
from flask_login import current_user

from inters4.core.i18n import current_locale, set_locale
from inters4.core.web import cookies
from inters4.settings import Settings

COOKIE = "langue"


def install(app: Flask, settings: Settings) -> None:
    """Choose before each request, and remember what `?lang=` asked for."""

    @app.before_request
    def _choose() -> None:
        if request.blueprint == "health":  # answered even while the database cannot be read
            set_locale(settings.languages[0])
            return
        set_locale(_wanted(settings.languages))

    @app.after_request
    def _remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in settings.languages and cookies.held(COOKIE) != asked:
            cookies.hold(response, COOKIE, asked, seconds=cookies.YEAR_SECONDS)
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = current_locale()
        return response


def _wanted(offered: tuple[str, ...]) -> str:
    account = current_user.viewer.locale if current_user.viewer.is_signed_in else None
    for code in (request.args.get("lang"), cookies.held(COOKIE), account):
        if code in offered:
            return code
    return request.accept_languages.best_match(offered, default=offered[0]) or offered[0]
