"""The few closed registries through which an upper domain reaches a lower one.

`register.py` of each domain fills them at start, then they are frozen: nothing else is dynamic.
A page names a slot and an upper domain fills it; a page whose slots are empty is whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from indexer import Document
from inters4.core.access import Viewer
from inters4.core.citations import Citation
from inters4.core.figures import Figure
from inters4.core.files import FileOwner
from inters4.core.frontmatter import FrontMatter
from inters4.core.notices import NobodyNotifies, NoticeKind, Notifier
from inters4.core.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What the card of a document says now, whatever the index still says."""

    title: str
    abstract: str = ""
    day: date | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """What a document is called, and the path of its page, which may say that it is gone."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document that search knows.

    Attributes:
        kind: the value of the `type` facet, `fiche` for instance.
        label: gives the French name in the reader's language.
        plural: the same, for a list.
        icon: name of the symbol in the sprite.
        load: permanent id -> the document as it must be in the index now, None when it must not.
        every_id: all permanent ids that should be in the index.
        confirm: permanent ids -> those that the viewer may see now, in a fixed number of
            statements; it stands between a reader and the hits of an older index.
        url: permanent id -> path of its page, given the stored fields of the hit, and `part`: the
            number of the part of the document that its passage comes from, where parts have one.
        cite: permanent ids -> citations of those that the viewer may read now, in a fixed number
            of statements; None for what nobody cites.
        under_theme: permanent ids of what is classified under a theme or below it, whoever may see
            it: what a theme page shows while no index can be read.
        named: permanent ids -> names of those that everyone reads, or reads to be gone, in one
            statement; None for what leaves no page behind.
        public_ids: of `every_id`, those that any visitor reads: what may be counted and listed for
            robots; None when that is all of them. It may change at once: no cache keeps it.
    """

    kind: str
    label: Callable[[], str]
    plural: Callable[[], str]
    icon: str
    load: Callable[[Session, str], Document | None]
    every_id: Callable[[Session], Iterator[str]]
    confirm: Callable[[Session, Sequence[str], Viewer], Mapping[str, Present]]
    url: Callable[[str, Mapping[str, str]], str]
    cite: Callable[[Session, Sequence[str], Viewer], Mapping[str, Citation]] | None = None
    under_theme: Callable[[Session, str], Sequence[str]] | None = None
    named: Callable[[Session, Sequence[str]], Mapping[str, Named]] | None = None
    public_ids: Callable[[Session], Iterator[str]] | None = None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry of the main menu; `section` marks it current on the pages below its path."""

    label: Callable[[], str]
    endpoint: str
    section: str
    order: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """What fills a slot: a template, and what it needs, read in the view's own session."""

    template: str
    context: Callable[..., Mapping[str, Any] | None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """What is kept, why, how long, and the purge that keeps the promise."""

    name: str
    reason: Callable[[], str]
    days: int
    purge: Callable[[Session, datetime], int]


Earlier = Mapping[str, Mapping[str, str]]
"""What earlier files of one run bring: by set, each identifier with the id of who brings it."""


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One object of a file of `content/`, read and checked.

    Attributes:
        id: permanent, unique in its kind.
        line: where it starts in the file.
        text: canonical text; the same object in the database gives the same.
        apply: create or change its row.
        gives: (set, identifier) of what later files may cite, or may no longer take.
    """

    id: str
    line: int
    text: str
    apply: Callable[[], object]
    gives: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ContentKind:
    """A kind of file of `content/`.

    Attributes:
        name: code name, `practice` for instance.
        place: a folder of Markdown documents, or one file whose name ends in `.yaml`.
        order: kinds are imported in this order, because they cite each other.
        read: what a file holds, changing nothing; raises `ContentErrors` with every mistake.
        lock: ids -> keep others from changing those rows until the transaction ends.
        current: ids -> canonical text of those that have a row, as it is now.
        export: (file name within `place`, text) of everything public; bytes for what is no text.
        is_raw: its files are no documents: `read` finds their bytes in `FrontMatter.data`.
    """

    name: str
    place: str
    order: int
    read: Callable[[Session, FrontMatter, Earlier], Sequence[ContentItem]]
    lock: Callable[[Session, Sequence[str]], object]
    current: Callable[[Session, Sequence[str]], Mapping[str, str]]
    export: Callable[[Session], Iterator[tuple[str, str | bytes]]]
    is_raw: bool = False


EventHandler = Callable[..., None]


@dataclass
class Hooks:
    """Every registry. A second registration of the same name is a mistake, and raises."""

    document_kinds: dict[str, DocumentKind] = field(default_factory=dict)
    content_kinds: dict[str, ContentKind] = field(default_factory=dict)
    menu: list[MenuEntry] = field(default_factory=list)
    footer: list[MenuEntry] = field(default_factory=list)
    feeds: list[MenuEntry] = field(default_factory=list)
    fragments: dict[str, list[Fragment]] = field(default_factory=dict)
    member_erased: list[Callable[[Session, int], None]] = field(default_factory=list)
    member_export: dict[str, Callable[[Session, int], Iterable[Mapping[str, Any]]]] = field(
        default_factory=dict
    )
    retention: dict[str, RetentionRule] = field(default_factory=dict)
    events: dict[str, list[EventHandler]] = field(default_factory=dict)
    file_owners: list[FileOwner] = field(default_factory=list)
    viewer_loader: Callable[[Session, int], Viewer] | None = None
    memberships: Callable[[ColumnElement[int]], Select[int]] | None = None
    containers: Callable[[Session, Viewer], frozenset[int]] = lambda _session, _viewer: frozenset()
    notice_kinds: dict[str, NoticeKind] = field(default_factory=dict)
    notifier: Notifier = field(default_factory=NobodyNotifies)
    figures: dict[str, Figure] = field(default_factory=dict)
    _frozen: bool = False

    def add_document_kind(self, kind: DocumentKind) -> None:
        """Let search, lists and the worker know a kind of document."""
        self._check(kind.kind in self.document_kinds, kind.kind)
        self.document_kinds[kind.kind] = kind

    def add_content_kind(self, kind: ContentKind) -> None:
        """Let `inters4 content` import, check and export a kind of file."""
        self._check(kind.name in self.content_kinds, kind.name)
        self.content_kinds[kind.name] = kind

    def add_menu(self, entry: MenuEntry) -> None:
        """Put an entry in the main menu."""
        self._check(any(entry.endpoint == other.endpoint for other in self.menu), entry.endpoint)
        self.menu.append(entry)
        self.menu.sort(key=lambda item: item.order)

    def add_footer(self, entry: MenuEntry) -> None:
        """Put a link at the foot of every page."""
        self._check(any(entry.endpoint == other.endpoint for other in self.footer), entry.endpoint)
        self.footer.append(entry)
        self.footer.sort(key=lambda item: item.order)

    def add_feed(self, entry: MenuEntry) -> None:
        """Name a feed at the foot of every page."""
        self._check(any(entry.endpoint == other.endpoint for other in self.feeds), entry.endpoint)
        self.feeds.append(entry)
        self.feeds.sort(key=lambda item: item.order)

    def add_fragment(self, slot: str, fragment: Fragment) -> None:
        """Fill `slot`; several fragments stand in their `order`."""
        taken = any(other.template == fragment.template for other in self.fragments.get(slot, ()))
        self._check(taken, f"{slot}/{fragment.template}")
        self.fragments.setdefault(slot, []).append(fragment)
        self.fragments[slot].sort(key=lambda item: item.order)

    def add_retention(self, rule: RetentionRule) -> None:
        """Keep something for a time only."""
        self._check(rule.name in self.retention, rule.name)
        self.retention[rule.name] = rule

    def add_member_export(
        self, name: str, export: Callable[[Session, int], Iterable[Mapping[str, Any]]]
    ) -> None:
        """Add a file to « Mes données »."""
        self._check(name in self.member_export, name)
        self.member_export[name] = export

    def on_member_erased(self, handler: Callable[[Session, int], None]) -> None:
        """Be told, in the same transaction, that a person must disappear."""
        self._check(handler in self.member_erased, handler.__qualname__)
        self.member_erased.append(handler)

    def on(self, event: str, handler: EventHandler) -> None:
        """Be called, in the caller's transaction, when a named thing happens."""
        self._check(handler in self.events.get(event, ()), event)
        self.events.setdefault(event, []).append(handler)

    def emit(self, event: str, session: Session, **facts: Any) -> None:
        """Tell every handler of `event`, in order of registration."""
        for handler in self.events.get(event, ()):
            handler(session, **facts)

    def add_file_owner(self, owner: FileOwner) -> None:
        """Say who may read the files that a domain keeps links to."""
        self._check(owner in self.file_owners, owner.__qualname__)
        self.file_owners.append(owner)

    def set_viewer_loader(self, loader: Callable[[Session, int], Viewer]) -> None:
        """Say how a member's id becomes a `Viewer`."""
        self._check(self.viewer_loader is not None, "viewer_loader")
        self.viewer_loader = loader

    def set_space_reader(
        self,
        *,
        memberships: Callable[[ColumnElement[int]], Select[int]],
        containers: Callable[[Session, Viewer], frozenset[int]],
    ) -> None:
        """Say which spaces a member belongs to, and which ones a viewer reads now."""
        self._check(self.memberships is not None, "space_reader")
        self.memberships, self.containers = memberships, containers

    def add_notice_kind(self, kind: NoticeKind) -> None:
        """Let people be told of something, and choose how."""
        self._check(kind.name in self.notice_kinds, kind.name)
        self.notice_kinds[kind.name] = kind

    def set_notifier(self, notifier: Notifier) -> None:
        """Say who keeps notices."""
        self._check(not isinstance(self.notifier, NobodyNotifies), "notifier")
        self.notifier = notifier

    def add_figures(self, figures: Iterable[Figure]) -> None:
        """Put figures, each with its list, in the balance sheet."""
        for figure in figures:
            self._check(figure.key in self.figures, figure.key)
            self.figures[figure.key] = figure

    def freeze(self) -> None:
        """Close the registries: start is over."""
        self._frozen = True

    def _check(self, is_taken: bool, name: str) -> None:
        if self._frozen:
            raise RuntimeError(f"the registries are closed: {name} came too late")
        if is_taken:
            raise RuntimeError(f"registered twice: {name}")


hooks = Hooks()
