"""Documents in Markdown with a YAML front matter: read with line numbers, written one way only.

Every scalar is read as text (`01`, `no`, `2019-01-01` stay as written); the schema of each kind
converts it. The file is refused by name and line, several mistakes at once.
"""

from inters4.core.frontmatter.disk import read_document, read_plain_file
from inters4.core.frontmatter.reading import parse, storable
from inters4.core.frontmatter.sections import Section, below_sections, is_closed, split_sections
from inters4.core.frontmatter.values import (
    ContentError,
    ContentErrors,
    FrontMatter,
    Group,
    Items,
    Plain,
    Reading,
    Scalar,
    Value,
)
from inters4.core.frontmatter.writing import dump

__all__ = [
    "ContentError",
    "ContentErrors",
    "FrontMatter",
    "Group",
    "Items",
    "Plain",
    "Reading",
    "Scalar",
    "Section",
    "Value",
    "below_sections",
    "dump",
    "is_closed",
    "parse",
    "read_document",
    "read_plain_file",
    "split_sections",
    "storable",
]
