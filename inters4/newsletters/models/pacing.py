"""From when the next message may leave: what senders share of their pace."""

from sqlalchemy.orm import Mapped, mapped_column

from inters4.core.db import Model, Moment


class SendSlot(Model):
    """When messages may leave again: to one domain, or to anybody when `domain` is empty."""

    __tablename__ = "send_slots"

    domain: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[Moment]
