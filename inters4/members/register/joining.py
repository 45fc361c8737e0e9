"""Joining: letters, the job that writes to those who decide, domains in `content/`, retention."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inters4.core.access import Role, Viewer
from inters4.core.content.citing import known_ids
from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import ContentItem, ContentKind, Earlier, Fragment, Hooks, RetentionRule
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.mail import MailKind, kinds
from inters4.members.exports import domains, letters
from inters4.members.exports.own_data import OWN_DATA
from inters4.members.forms.domains import read_domains
from inters4.members.jobs import EVERY_SECONDS, write_to_deciders
from inters4.members.models import Organisation
from inters4.members.queries.domains import lock_domains
from inters4.members.services.approvals import TELL_JOB
from inters4.members.services.domains import import_domain
from inters4.members.services.erasing import forget_member, remember_former
from inters4.members.services.invitations import purge_invitations
from inters4.members.services.own_address import MOVED
from inters4.members.services.registration import KEPT_DAYS, purge_registrations

_LETTERS = (
    MailKind(letters.REGISTRATION, letters.registration),
    MailKind(letters.REQUESTS, letters.requests),
    MailKind(letters.DECISION, letters.decision),
    MailKind(letters.INVITATION, letters.invitation),
    MailKind(letters.MESSAGE, letters.message),
    MailKind(letters.ADDRESS, letters.address),
    MailKind(letters.ADDRESS_CHANGED),
    MailKind(letters.IDENTITY, letters.identity),
)


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    for letter in _LETTERS:
        kinds.add(letter)
    jobs.periodic(TELL_JOB, every=EVERY_SECONDS)(write_to_deciders)
    hooks.add_content_kind(
        ContentKind(
            name="email-domain",
            place=domains.FILE,
            order=25,
            read=_read,
            lock=lock_domains,
            current=domains.domain_texts,
            export=domains.export_domains,
        )
    )
    hooks.add_fragment("account-menu", Fragment("members/_account_links.html", _links, order=10))
    for name, export in OWN_DATA.items():
        hooks.add_member_export(name, export)
    hooks.on_member_erased(forget_member)
    hooks.on(MOVED, remember_former)
    for rule in _retention():
        hooks.add_retention(rule)


def _retention() -> tuple[RetentionRule, ...]:
    return (
        RetentionRule(
            name="registrations",
            reason=lambda: _(
                "Inscriptions : nom, adresse, organisation et mot de passe haché, en attendant "
                "que l’adresse soit confirmée."
            ),
            days=KEPT_DAYS,
            purge=purge_registrations,
        ),
        RetentionRule(
            name="invitations",
            reason=lambda: _("Adresses des personnes invitées, après la fin de l’invitation."),
            days=30,
            purge=purge_invitations,
        ),
    )


def _links(_session: Session | None, viewer: Viewer) -> Mapping[str, Any] | None:
    """The person's own pages, and those of their roles."""
    if not viewer.is_signed_in:
        return None
    return {
        "is_decider": viewer.holds_any(Role.APPROVER, Role.COORDINATION, Role.ADMIN),
        "is_staff": viewer.is_staff,
    }


def _read(session: Session, document: FrontMatter, earlier: Earlier) -> Sequence[ContentItem]:
    held = {"organisations": frozenset(session.scalars(select(Organisation.slug)))}
    return [
        ContentItem(
            id=values["id"],
            line=line,
            text=domains.write_domain(values),
            apply=partial(import_domain, session, values),
        )
        for line, values in read_domains(document, known=known_ids(held, earlier))
    ]
