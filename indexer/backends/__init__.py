"""One family of modules per backend; `whoosh_*` alone import Whoosh."""
