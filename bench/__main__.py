"""`python -m bench`: every benchmark, one after the other; each may be run alone, and larger."""

import sys

from bench import balance, community, desk, joining, pages, search, sending, start, veille

sys.stdout.write("Start of the processes (python -m bench.start)\n\n")
sys.stdout.flush()
start.main()
sys.stdout.write("\nPages (python -m bench.pages)\n\n")
sys.stdout.flush()
pages.main()
sys.stdout.write("\nKnown and unknown addresses (python -m bench.joining)\n\n")
sys.stdout.flush()
joining.main([])
sys.stdout.write("\nVisits to sources (python -m bench.veille --feeds 60)\n\n")
sys.stdout.flush()
veille.main(["--feeds", "60"])
sys.stdout.write("\nDesk of the watch (python -m bench.desk)\n\n")
sys.stdout.flush()
desk.main([])
sys.stdout.write("\nCommunities (python -m bench.community --posts 20000)\n\n")
sys.stdout.flush()
community.main(["--posts", "20000"])
sys.stdout.write("\nBalance sheet (python -m bench.balance)\n\n")
sys.stdout.flush()
balance.main([])
sys.stdout.write("\nSearch (python -m bench.search --documents 2000 --queries 40)\n\n")
sys.stdout.flush()
search.main(["--documents", "2000", "--queries", "40"])
sys.stdout.write("\nAn issue to its readers (python -m bench.sending --recipients 2000)\n\n")
sys.stdout.flush()
sending.main(["--recipients", "2000"])
