"""Puts the pages of members, the session cookie and the demonstration's banner in the app."""

from flask import Flask

from inters4.members.views import (
    account,
    administration,
    approvals,
    browser,
    demo,
    domains,
    downloads,
    forgotten,
    health,
    identities,
    incidents,
    invitations,
    journal,
    mail_records,
    my_data,
    organisation_form,
    organisations,
    outgoing,
    own_address,
    people,
    proof,
    provider,
    provider_account,
    records,
    registration,
    second_factor,
    security,
    sign_in,
    unconfirmed,
)

__all__ = [
    "account",
    "administration",
    "approvals",
    "domains",
    "forgotten",
    "health",
    "identities",
    "incidents",
    "invitations",
    "journal",
    "mail_records",
    "my_data",
    "organisation_form",
    "organisations",
    "outgoing",
    "own_address",
    "people",
    "proof",
    "provider",
    "provider_account",
    "records",
    "registration",
    "second_factor",
    "security",
    "unconfirmed",
]


def install(app: Flask) -> None:
    """Called once, when the application is built."""
    browser.install(app)
    demo.install(app)
    downloads.install(app)
    app.register_blueprint(sign_in.bp)
