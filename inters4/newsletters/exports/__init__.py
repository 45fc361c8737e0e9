"""What leaves the domain: files of `content/`, feeds, citations."""
