"""What leaves the domain as files, feeds, citations and tables."""
