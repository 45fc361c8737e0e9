"""`/bilan/FIGURE`: the list that a figure counts; it is as long as the figure says."""

from collections.abc import Iterator
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inters4.core.clock import local, now
from inters4.core.db import reading
from inters4.core.figures import Figure, Span
from inters4.core.tables import CSV
from inters4.core.web.downloads import as_file
from inters4.core.web.requests import public, site, viewer
from inters4.indicators.exports.balance import is_kept, lines_csv
from inters4.indicators.forms.periods import FROM, TO, in_words, read_period
from inters4.indicators.queries.balance import every_line, find_figure, list_figure
from inters4.indicators.views.balance import refused
from inters4.indicators.views.blueprint import bp


@bp.get("/bilan/<key>")
@public
def figure_list(key: str) -> ResponseReturnValue:
    """What a figure counts over a period, page by page."""
    figure = _figure(key)
    wanted = read_period(request.args, today=local(now()).date())
    if wanted.span is None:
        return refused(wanted)
    kept = _address(wanted.span)
    _check_kept(figure, wanted.span)
    with reading() as session:
        g.session = session
        found = list_figure(
            session,
            figure,
            wanted.span,
            page=request.args.get("page", 1, type=int),
            viewer=viewer(),
        )
        return render_template(
            "indicators/figure.html",
            figure=figure,
            found=found,
            period=in_words(wanted.span),
            kept=kept,
            url_of=lambda number: url_for(".figure_list", key=key, **kept, page=number),
        )


@bp.get("/bilan/<key>.csv")
@public
def figure_list_as_csv(key: str) -> ResponseReturnValue:
    """The whole list, for a spreadsheet; it names nobody."""
    figure = _figure(key)
    wanted = read_period(request.args, today=local(now()).date())
    span = wanted.span
    if span is None:
        return refused(wanted)
    _check_kept(figure, span)
    present, address = viewer(), site()

    def pieces() -> Iterator[str]:
        with reading() as session:
            lines = every_line(session, figure, span, viewer=present)
            yield from lines_csv(figure, lines, site=address)

    name = f"bilan-{key}-{span.first}-{span.last}.csv"
    return as_file(pieces(), CSV, name, is_private=bool(figure.roles))


def _figure(key: str) -> Figure:
    """The figure; what one may not see answers as what does not exist."""
    return find_figure(key, viewer=viewer()) or abort(404)


def _check_kept(figure: Figure, span: Span) -> None:
    """A list of which some lines were deleted would not be the whole one."""
    if not is_kept(figure, span, today=local(now()).date()):
        abort(404)


def _address(span: Span) -> dict[str, Any]:
    return {FROM: span.first.isoformat(), TO: span.last.isoformat()}
