"""`/admin/courriels`: what to publish so that messages are believed, and what is published."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from inters4.core.access import Role
from inters4.core.mail.names import ask_dns, can_ask
from inters4.core.mail.published import Verdict, look, records_of
from inters4.core.web.requests import requires
from inters4.members.views.sign_in import bp


@bp.get("/admin/courriels")
@requires(Role.COORDINATION, Role.ADMIN)
def mail_records() -> ResponseReturnValue:
    """The records, ready to be copied; `?verifier=oui` asks DNS about each, all at once."""
    settings = current_app.config["SETTINGS"]
    records = records_of(settings)
    findings = []
    if request.args.get("verifier") and can_ask():
        with ThreadPoolExecutor(len(records)) as together:
            asked = [
                together.submit(copy_context().run, look, record, ask_dns) for record in records
            ]
        findings = [one.result() for one in asked]
    return render_template(
        "members/mail_records.html",
        settings=settings,
        records=records,
        findings=findings,
        verdicts=Verdict,
        can_ask=can_ask(),
    )
