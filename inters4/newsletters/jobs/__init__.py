"""What the worker does for newsletters: start what is due, send what was started."""

from inters4.newsletters.jobs.sending import SEND_SECONDS, run_sendings, send_issues

__all__ = ["SEND_SECONDS", "run_sendings", "send_issues"]
