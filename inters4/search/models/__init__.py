"""What is asked of the search page, and what is asked of the index worker."""

from inters4.search.models.criteria import PARAMETERS, SORTS, Arguments, Criteria
from inters4.search.models.requests import IndexRequest, IndexTask, RequestState

__all__ = [
    "PARAMETERS",
    "SORTS",
    "Arguments",
    "Criteria",
    "IndexRequest",
    "IndexTask",
    "RequestState",
]
