"""What a front matter holds at most, and what it never holds: the same for all who read it."""

import re

MAX_DEPTH = 8
MAX_KEY_CHARS = 100
# Embeddings, overrides and isolates: what is read on the screen is not what is written.
TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
