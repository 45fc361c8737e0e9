"""Files of `content/` on their way into the database and out of it.

`content/` is a seed: after the first import the database is the truth, and a later import changes
a row only if it still equals what was last imported. A file is applied whole or not at all.
"""
