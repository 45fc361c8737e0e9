"""`python -m inters4.cli`: the same command, where the console script is not on the path."""

from inters4.cli.main import main

main()
