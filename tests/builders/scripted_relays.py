"""A relay on loopback that says what it is told to say, and keeps each message as it travelled."""

import socket
import ssl
import threading
from contextlib import suppress

HOST = "127.0.0.1"
HANG = "hang"
CUT = "cut"
Script = dict[str, str | list[str]]


class ScriptedRelay:
    """Answers each command as the script says; `cut` hangs up and `hang` says nothing more.

    A naive one asks for a message that it has nobody to give to. `tls` protects the connection once
    it has said 220 to STARTTLS, but for the connection whose number is `forget_tls_at`.
    """

    def __init__(self, script: Script) -> None:
        self.script = {
            verb: [said] if isinstance(said, str) else [*said] for verb, said in script.items()
        }
        self.messages: list[bytes] = []
        self.connections = 0
        self.is_naive = False
        self.tls: ssl.SSLContext | None = None
        self.forget_tls_at = 0
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._say(connection, "greeting", "220 relais"):
                self._listen(connection)

    def _listen(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            has_reader = False
            for line in lines:
                verb = line.split()[0].upper().decode("latin-1")
                go = "354 allez" if has_reader or self.is_naive else "503 pour qui"
                usual = {"DATA": go, "QUIT": "221 au revoir"}.get(verb, "250 d'accord")
                said = self._say(connection, verb, usual)
                if not said:
                    return
                if verb == "STARTTLS" and said[0] == "2" and self.tls is not None:
                    if self.connections == self.forget_tls_at:
                        connection.sendall(b"pas du TLS du tout")
                        return
                    with self.tls.wrap_socket(connection, server_side=True) as protected:
                        self._listen(protected)
                    return
                has_reader = said[0] == "2" if verb in {"MAIL", "RCPT"} else has_reader
                if said == "354 allez":
                    message = b""
                    for row in lines:
                        if row == b".\r\n":
                            break
                        message += row
                    else:
                        return
                    self.messages.append(message)
                    if not self._say(connection, "message", "250 pris"):
                        return
                if verb == "QUIT":
                    connection.close()
                    return

    def _say(self, connection: socket.socket, verb: str, usual: str) -> str:
        """What it answered; nothing when that was the end."""
        prepared = self.script.get(verb)
        said = (prepared.pop(0) if len(prepared) > 1 else prepared[0]) if prepared else usual
        if said == HANG:
            while connection.recv(1_000):
                pass
            return ""
        if said == CUT:
            connection.shutdown(socket.SHUT_RDWR)
            return ""
        connection.sendall(said.encode() + b"\r\n")
        return said
