"""The files of a content folder: listed without following anything, read through one door."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from inters4.core.frontmatter import (
    ContentError,
    ContentErrors,
    FrontMatter,
    Scalar,
    parse,
    read_document,
    read_plain_file,
)
from inters4.core.hooks import ContentKind
from inters4.core.i18n import _
from inters4.core.values import dataclass

MAX_RAW_BYTES = 100_000_000
"""Of a file that is no document; its kind has a limit of its own."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import; `path` is relative to the content folder."""

    kind: ContentKind
    path: Path


def list_files(root: Path, kinds: Sequence[ContentKind]) -> list[SourceFile]:
    """The files of each kind, in the order of import of their kinds.

    Hidden files are left alone; whatever else is not a Markdown file is listed all the same, so
    that reading it refuses it by name.
    """
    return [
        SourceFile(kind, path)
        for kind in sorted(kinds, key=lambda item: item.order)
        for path in sorted(_paths(root, kind))
    ]


def _paths(root: Path, kind: ContentKind) -> Iterator[Path]:
    if kind.place.endswith(".yaml"):
        if (root / kind.place).exists() or (root / kind.place).is_symlink():
            yield Path(kind.place)
        return
    folder = root / kind.place
    if folder.is_symlink():
        yield Path(kind.place)
    elif folder.is_dir():
        yield from (
            Path(kind.place) / entry.name
            for entry in folder.iterdir()
            if not entry.name.startswith(".")
        )


def read_file(source: SourceFile, root: Path) -> FrontMatter:
    """What the file says.

    Raises:
        ContentErrors: the file is refused, or cannot be read.
    """
    name = source.path.as_posix()
    if source.kind.is_raw:
        data = read_plain_file(source.path, root, limit=MAX_RAW_BYTES)
        return FrontMatter(path=name, entries={}, body="", body_line=1, lines={}, data=data)
    if source.path.suffix == ".yaml" and source.kind.place == name:
        return _read_reference(source.path, root)
    if source.path.suffix != ".md" and not (root / source.path).is_symlink():
        raise ContentErrors(
            [ContentError(name, 1, _("Seuls les fichiers « .md » sont importés d’ici."))]
        )
    return read_document(source.path, root)


def _read_reference(relative: Path, root: Path) -> FrontMatter:
    """A YAML file is the front matter of a document without body: only the last line is added."""
    data = read_plain_file(relative, root)
    return parse(data.rstrip(b"\n") + b"\n---\n", path=relative.as_posix())


def in_order(
    files: Sequence[SourceFile], root: Path
) -> Iterator[tuple[SourceFile, FrontMatter | ContentErrors]]:
    """Each file and what it says, or why it is refused; within a kind, translations come last.

    A translation cites its original, whatever the names of their files.
    """
    for _name, group in groupby(files, key=lambda source: source.kind.name):
        translations = []
        for source in group:
            document = _read(source, root)
            if isinstance(document, FrontMatter) and _is_translation(document):
                translations.append((source, document))
            else:
                yield source, document
        yield from translations


def _read(source: SourceFile, root: Path) -> FrontMatter | ContentErrors:
    try:
        return read_file(source, root)
    except ContentErrors as refusal:
        return refusal


def _is_translation(document: FrontMatter) -> bool:
    original = document.entries.get("translation_of")
    return isinstance(original, Scalar) and bool(original.text.strip())
