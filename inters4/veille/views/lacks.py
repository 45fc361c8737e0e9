"""What a draft lacks before readers may have it, as the team reads it."""

from inters4.core.i18n import _
from inters4.veille.exports.files import file_of
from inters4.veille.models import Summary, paragraph_lacks, publishing_lacks
from inters4.veille.views.wording import FIELDS


def lacks_of(summary: Summary) -> list[str]:
    """What it waits for, in the words of who wrote it, then what the rules ask for."""
    values = {**file_of(summary).values, "missing": ()}
    found = [*publishing_lacks(values, summary.source), *paragraph_lacks(summary.source)]
    return [
        *summary.missing,
        *(
            _("Il manque %(what)s.", what=FIELDS[lack.field]) if lack.field else lack.sentence
            for lack in found
        ),
    ]
