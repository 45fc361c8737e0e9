"""What is asked of the search page, what readers keep, and what is asked of the index worker."""

from inters4.search.models.criteria import PARAMETERS, SORTS, Arguments, Criteria
from inters4.search.models.keeping import BROWSER_LIMIT, MEMBER_LIMIT, KeptDocument, read_keys
from inters4.search.models.place import NOWHERE, Place
from inters4.search.models.requests import IndexRequest, IndexTask, RequestState

__all__ = [
    "BROWSER_LIMIT",
    "MEMBER_LIMIT",
    "NOWHERE",
    "PARAMETERS",
    "SORTS",
    "Arguments",
    "Criteria",
    "IndexRequest",
    "IndexTask",
    "KeptDocument",
    "Place",
    "RequestState",
    "read_keys",
]
