"""A name server on loopback that publishes what a case gives it."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress

from dns import flags, message, rcode, resolver, rrset

HOST = "127.0.0.1"
Published = Mapping[tuple[str, str], list[str]]


class NameServer:
    """Answers from `published`, by name and type; says nothing at all when it is None."""

    def __init__(self, published: Published | None) -> None:
        self._published = published
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def resolver(self) -> resolver.Resolver:
        """What asks this server; it waits for what answers, and not for what never does."""
        made = resolver.Resolver(configure=False)
        made.nameservers, made.port = [HOST], self._socket.getsockname()[1]
        made.lifetime = 0.1 if self._published is None else 5.0
        return made

    def stop(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                data, address = self._socket.recvfrom(4_096)
                if self._published is not None:
                    self._socket.sendto(self._answer(self._published, data), address)

    @staticmethod
    def _answer(published: Published, data: bytes) -> bytes:
        asked = message.from_wire(data)
        (question,) = asked.question
        name = question.name.to_text(omit_final_dot=True)
        answer = message.make_response(asked)
        answer.flags |= flags.RA
        kind = question.rdtype.name
        if found := published.get((name, kind)):
            answer.answer.append(rrset.from_text_list(question.name, 60, "IN", kind, found))
        elif not any(known == name for known, _kind in published):
            answer.set_rcode(rcode.NXDOMAIN)
        return answer.to_wire()
