"""Pages as tagged PDF (PDF/UA), made by a child process; the extra `pdf` brings what makes them."""

from inters4.core.paper.making import Lack, PaperRefused, lacking, make_pdf, missing_libraries

__all__ = ["Lack", "PaperRefused", "lacking", "make_pdf", "missing_libraries"]
