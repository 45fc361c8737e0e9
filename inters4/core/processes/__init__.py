"""The processes of the portal: one that answers pages, one that works, one that watches both."""

from inters4.core.processes.commands import refuse_busy_port, serve, web, worker

__all__ = ["refuse_busy_port", "serve", "web", "worker"]
