"""What changes newsletters, issues and who receives them."""

from inters4.newsletters.services.bearing import every_bearer, index_again
from inters4.newsletters.services.importing import save_issue, save_newsletter

__all__ = ["every_bearer", "index_again", "save_issue", "save_newsletter"]
