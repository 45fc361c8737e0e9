"""What newsletters adds elsewhere: the kind « numéro », files in `content/`, « Cité dans »."""

from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from inters4.core.access import Viewer
from inters4.core.content.citing import known_ids
from inters4.core.frontmatter import FrontMatter
from inters4.core.hooks import (
    ContentItem,
    ContentKind,
    DocumentKind,
    Earlier,
    Fragment,
    Hooks,
    MenuEntry,
    RetentionRule,
)
from inters4.core.i18n import _
from inters4.core.jobs import jobs
from inters4.core.mail import MailKind, kinds
from inters4.core.read_in import items
from inters4.members.services.consents import NEWSLETTER_AGREED, NEWSLETTER_WITHDRAWN
from inters4.members.services.own_address import MOVED
from inters4.newsletters.documents import confirm, every_id, load_document
from inters4.newsletters.exports import (
    issues,
    letters,
    newsletters,
    notices,
    own_issues,
    own_subscription,
    sending_notices,
)
from inters4.newsletters.exports.citations import cite
from inters4.newsletters.exports.figures import FIGURES
from inters4.newsletters.forms import read_issue, read_newsletter
from inters4.newsletters.jobs import SEND_SECONDS, run_sendings
from inters4.newsletters.jobs.clicks import CLICKS_JOB, CLICKS_SECONDS, sum_clicks
from inters4.newsletters.jobs.joining import JOIN_JOB, JOIN_SECONDS, join_who_agreed
from inters4.newsletters.jobs.reminding import REMIND_JOB, REMIND_SECONDS, remind
from inters4.newsletters.models import KIND
from inters4.newsletters.queries import (
    holder_of_number,
    ids_under,
    issues_citing,
    lock_issues,
    lock_newsletters,
    newsletter_ids,
)
from inters4.newsletters.queries.approvals import tasks_of
from inters4.newsletters.queries.items import is_read_by_everyone
from inters4.newsletters.queries.sequels import (
    practices_adopted,
    practices_proposed,
    sequels,
)
from inters4.newsletters.queries.subscribers import may_yet_subscribe
from inters4.newsletters.services import (
    every_bearer,
    following_members,
    index_again,
    save_issue,
    save_newsletter,
)
from inters4.newsletters.services.erasing import forget_maker
from inters4.newsletters.services.freezing import SEND_JOB
from inters4.newsletters.services.subscribing import KEPT_DAYS, purge_requests
from inters4.newsletters.services.telling_readers import tell_who_received
from inters4.newsletters.services.trial import TRIAL_KIND
from inters4.practices.models import Practice
from inters4.practices.queries import practice_ids
from inters4.veille.models import Summary
from inters4.veille.queries.summaries import is_team, summary_ids
from inters4.veille.services.summaries import (
    SUMMARY_CORRECTED,
    SUMMARY_REPLACED,
    SUMMARY_RETRACTED,
)
from inters4.vocabulary.queries import vocabulary
from inters4.vocabulary.services import TERM_CHANGED, bearers

_NUMBERS = "issue numbers"
_CITED_IN = "newsletters/_cited_in.html"


def register(hooks: Hooks) -> None:
    """Fill the registries."""
    hooks.add_document_kind(
        DocumentKind(
            kind=KIND,
            label=lambda: _("Infolettre"),
            plural=lambda: _("Numéros d’infolettre"),
            icon="newspaper",
            load=load_document,
            every_id=every_id,
            confirm=confirm,
            url=lambda _id, fields: f"/infolettres/{fields['newsletter']}/{fields['number']}",
            cite=cite,
            under_theme=ids_under,
        )
    )
    hooks.on(TERM_CHANGED, index_again)
    items.known_by(is_read_by_everyone)
    for telling in (practices_proposed, practices_adopted):
        sequels.told_by(telling)
    for told in sending_notices.KINDS:
        hooks.add_notice_kind(told)
    jobs.periodic(SEND_JOB, every=SEND_SECONDS)(run_sendings)
    jobs.periodic(CLICKS_JOB, every=CLICKS_SECONDS)(sum_clicks)
    jobs.periodic(JOIN_JOB, every=JOIN_SECONDS)(join_who_agreed)
    for bearer in every_bearer():
        bearers.add(bearer)
    _register_subscribers(hooks)
    hooks.add_menu(MenuEntry(lambda: _("Infolettres"), "newsletters.index", "/infolettres", 30))
    hooks.add_fragment("practice.after", Fragment(_CITED_IN, _citing_practice))
    hooks.add_fragment("summary.after", Fragment(_CITED_IN, _citing_summary))
    _register_desk(hooks)
    hooks.add_content_kind(
        ContentKind(
            name="newsletter",
            place=newsletters.FOLDER,
            order=50,
            read=_read_newsletter,
            lock=lock_newsletters,
            current=newsletters.newsletter_texts,
            export=newsletters.export_newsletters,
        )
    )
    hooks.add_content_kind(
        ContentKind(
            name="issue",
            place=issues.FOLDER,
            order=60,
            read=_read_issue,
            lock=lock_issues,
            current=issues.issue_texts,
            export=issues.export_issues,
        )
    )


def _register_desk(hooks: Hooks) -> None:
    for told in notices.KINDS:
        hooks.add_notice_kind(told)
    hooks.add_figures(FIGURES)
    kinds.add(TRIAL_KIND)
    jobs.periodic(REMIND_JOB, every=REMIND_SECONDS)(remind)
    hooks.on_member_erased(forget_maker)
    hooks.add_member_export("issues", own_issues.issues_by)
    hooks.add_fragment(
        "account-menu", Fragment("newsletters/_account_link.html", _link_of_the_team, order=115)
    )
    hooks.add_fragment("account.board", Fragment("newsletters/_board.html", _on_board, order=40))


def _link_of_the_team(_session: Session | None, viewer: Viewer) -> Mapping[str, Any] | None:
    return {} if is_team(viewer) else None


def _on_board(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    if viewer.member_id is None or not is_team(viewer):
        return None
    found = tasks_of(session, viewer.member_id)
    tasks = [(notices.task_word(task), issue) for task, issue in found]
    return {"tasks": tasks} if tasks else None


def _register_subscribers(hooks: Hooks) -> None:
    kinds.add(MailKind(letters.SUBSCRIPTION, letters.subscription))
    kinds.add(MailKind(letters.CORRECTION, letters.correction))
    kinds.add(MailKind(letters.WAY_OUT, letters.way_out))
    for event in (SUMMARY_CORRECTED, SUMMARY_REPLACED, SUMMARY_RETRACTED):
        hooks.on(event, tell_who_received)
    link = Fragment("newsletters/_preferences_link.html", lambda _session, _viewer: {})
    hooks.add_fragment("preferences.newsletter", link)
    hooks.add_fragment("home-side", Fragment("newsletters/_invitation.html", _to_subscribe))
    hooks.on(NEWSLETTER_AGREED, following_members.subscribe_member)
    hooks.on(NEWSLETTER_WITHDRAWN, following_members.unsubscribe_member)
    hooks.on(MOVED, following_members.follow_address)
    hooks.on_member_erased(following_members.forget_member)
    hooks.add_member_export("subscription", own_subscription.subscription_of)
    hooks.add_member_export("subscribers_handled", own_subscription.handling_by)
    hooks.add_retention(
        RetentionRule(
            name="subscription_requests",
            reason=lambda: _(
                "Abonnements à l’infolettre que personne n’a confirmés, avec l’adresse donnée; "
                "formulaires reçus, qui limitent les envois."
            ),
            days=KEPT_DAYS,
            purge=purge_requests,
        )
    )


def _to_subscribe(session: Session, viewer: Viewer) -> Mapping[str, Any] | None:
    return {} if may_yet_subscribe(session, viewer) else None


def _citing_practice(
    session: Session, viewer: Viewer, *, practice: Practice
) -> Mapping[str, Any] | None:
    found = issues_citing(session, viewer=viewer, practice_id=practice.id)
    return {"issues": found} if found else None


def _citing_summary(
    session: Session, viewer: Viewer, *, summary: Summary
) -> Mapping[str, Any] | None:
    found = issues_citing(session, viewer=viewer, summary_id=summary.id)
    return {"issues": found} if found else None


def _known(session: Session, earlier: Earlier) -> Mapping[str, Container[str]]:
    held = {
        "themes": vocabulary(session).citable("themes"),
        "newsletters": newsletter_ids(session),
        "practices": practice_ids(session),
        "summaries": summary_ids(session),
    }
    return known_ids(held, earlier)


def _read_newsletter(
    session: Session, document: FrontMatter, earlier: Earlier
) -> Sequence[ContentItem]:
    file = read_newsletter(document, known=_known(session, earlier))
    return [
        ContentItem(
            id=file.values["id"],
            line=document.lines["id"],
            text=newsletters.write_file(file),
            apply=partial(save_newsletter, session, file),
            gives=(("newsletters", file.values["id"]),),
        )
    ]


def _read_issue(session: Session, document: FrontMatter, earlier: Earlier) -> Sequence[ContentItem]:
    numbers = earlier.get(_NUMBERS, {})
    file = read_issue(
        document,
        known=_known(session, earlier),
        holder_of_number=lambda newsletter, number: (
            numbers.get(f"{newsletter}/{number}") or holder_of_number(session, newsletter, number)
        ),
    )
    values = file.values
    return [
        ContentItem(
            id=values["id"],
            line=document.lines["id"],
            text=issues.write_file(file),
            apply=partial(save_issue, session, file),
            gives=((_NUMBERS, f"{values['newsletter']}/{values['number']}"),),
        )
    ]
