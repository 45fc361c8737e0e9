"""The three columns of a stored text, the same wherever a row holds one.

Trusted HTML is made when the text is written, not at each page; the version of the renderer is
kept beside it, so that what an older one made is rendered again.
"""

from markupsafe import Markup
from sqlalchemy.orm import Mapped

from inters4.core.richtext.profiles import Profile
from inters4.core.richtext.rendering import RENDERER_VERSION, Rendered, render
from inters4.core.richtext.stored import stored


class RichColumns:
    """Mixed into a model: Markdown, and the HTML that `renderer` made of it.

    A class whose text needs more than `render` overrides `rendered`.
    """

    source: Mapped[str]
    html: Mapped[str]
    renderer: Mapped[int]

    def rendered(self) -> Rendered:
        """What the renderer of today makes of the source."""
        return render(self.source, profile=Profile.DOCUMENT)

    def write(self, source: str) -> None:
        """Keep `source`; it is rendered only when it must be.

        Raises:
            TooLarge: the text is too long for its profile.
            TooIntricate: it nests or repeats signs beyond reason.
        """
        if self.source == source and self.renderer == RENDERER_VERSION:
            return
        self.source = source
        made = self.rendered()
        self.html, self.renderer = str(made.html), made.version

    @property
    def markup(self) -> Markup:
        """The HTML to show."""
        return stored(
            self.html, renderer=self.renderer, profile=Profile.DOCUMENT, again=self.rendered
        )
