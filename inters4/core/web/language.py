"""In which language this request is answered: `?lang=`, then account, cookie, Accept-Language.

What someone signed in asks for wins over their account until they leave: the page session holds it,
which each sign-in and sign-out empties. The cookie holds what was asked for in this browser.
"""

from flask import Flask, Response, request
from flask import session as page_session
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
        if request.args.get("lang") in settings.languages and _is_signed_in():
            page_session[COOKIE] = current_locale()

    @app.after_request
    def _remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in settings.languages and cookies.held(COOKIE) != asked:
            cookies.hold(response, COOKIE, asked, seconds=cookies.YEAR_SECONDS)
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = current_locale()
        return response


def _wanted(offered: tuple[str, ...]) -> str:
    for code in (request.args.get("lang"), *_of_the_account(), cookies.held(COOKIE)):
        if code in offered:
            return code
    return request.accept_languages.best_match(offered, default=offered[0]) or offered[0]


def _of_the_account() -> tuple[str | None, ...]:
    if not _is_signed_in():
        return ()
    return page_session.get(COOKIE), current_user.viewer.locale


def _is_signed_in() -> bool:
    is_signed_in: bool = current_user.viewer.is_signed_in
    return is_signed_in
