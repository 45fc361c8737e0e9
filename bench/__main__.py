"""`python -m bench`: every benchmark, one after the other."""

from bench import pages, start

start.main()
pages.main()
