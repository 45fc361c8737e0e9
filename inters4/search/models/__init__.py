"""What is asked of the search page, and what is asked of the index worker."""

from inters4.search.models.criteria import PAGE_SIZE, PARAMETERS, SORTS, Arguments, Criteria
from inters4.search.models.requests import IndexRequest, IndexTask, RequestState

__all__ = [
    "PAGE_SIZE",
    "PARAMETERS",
    "SORTS",
    "Arguments",
    "Criteria",
    "IndexRequest",
    "IndexTask",
    "RequestState",
]
