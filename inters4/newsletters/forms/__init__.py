"""Shape of what comes in: files of `content/`, what the composer sends."""

from inters4.newsletters.forms.files import read_issue, read_newsletter

__all__ = ["read_issue", "read_newsletter"]
