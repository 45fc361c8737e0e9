"""`inters4 community`: what people are told of their communities, sent now or only counted."""

import click

from inters4.community.jobs.telling import tell_new_posts
from inters4.community.queries.digests import count_news, count_waiting
from inters4.core.clock import now
from inters4.core.console import say
from inters4.core.db import reading
from inters4.core.hooks import hooks
from inters4.core.i18n import _, format_number
from inters4.notices.jobs import make_digests
from inters4.notices.queries.digests import DigestTally, count_due


@click.group(
    help=_("Communautés de pratique : avis et résumés."),
    subcommand_metavar=_("COMMANDE [ARGUMENTS]…"),
)
def community() -> None:
    """Gather the commands of communities."""


@community.command(
    help=_("Annonce les nouveaux messages, et prépare les résumés dont l’heure est venue.")
)
@click.option("--dry-run", is_flag=True, help=_("Compte sans rien préparer."))
def digest(dry_run: bool) -> None:
    """Tell of new posts and make the digests that are due, or count both.

    A person has one digest for everything: making those of communities makes them all.
    """
    if dry_run:
        _count()
        return
    told = tell_new_posts()
    say(_("Messages annoncés : %(count)s", count=format_number(told)))
    due = make_digests()
    say(_("Résumés préparés : %(count)s", count=format_number(due.mailed)))
    _say_rest(due)


def _count() -> None:
    with reading() as session:
        moment = now()
        due, news = count_due(session, moment), count_news(session, moment)
        waiting = count_waiting(session)
    say(_("Messages à annoncer : %(count)s", count=format_number(waiting)))
    say(_("Résumés qui partiraient maintenant : %(count)s", count=format_number(due.mailed)))
    say(_("Avec du nouveau des communautés : %(count)s", count=format_number(news.people)))
    for name, count in sorted(news.lines.items()):
        label = hooks.notice_kinds[name].label()
        say("  " + _("%(name)s : %(value)s", name=label, value=format_number(count)))
    say(_("Lus ou fermés depuis : %(count)s", count=format_number(news.left_out)))
    _say_rest(due)


def _say_rest(due: DigestTally) -> None:
    say(_("Sans rien de nouveau : %(count)s", count=format_number(due.without_news)))
    say(_("Personnes absentes depuis 180 jours : %(count)s", count=format_number(due.absent)))
