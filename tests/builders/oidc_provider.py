"""A real provider of identities on loopback, which can misbehave on demand.

Discovery, authorisation with PKCE, tokens signed by RS256 or ES256, keys, and what it says of a
person elsewhere. `faults` names what it does wrong; everything else stays right.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "portail", "un secret: avec des signes %"
_RSA = RSAKey.generate_key(2048, {"kid": "r1", "use": "sig"})
_OTHER_RSA = RSAKey.generate_key(2048, {"kid": "r1", "use": "sig"})
_EC = ECKey.generate_key("P-256", {"kid": "e1", "use": "sig"})


@dataclass
class Person:
    """Whom the provider says has come."""

    subject: str = "u-1"
    claims: dict[str, Any] = field(
        default_factory=lambda: {
            "email": "ariane@exemple.ca",
            "email_verified": True,
            "name": "Ariane Essai",
        }
    )


class Provider:
    """Runs in a thread until it is closed.

    Attributes:
        person: who signs in next; None for someone who cancels.
        faults: what it does wrong.
        algorithm: how tokens are signed.
        asked: every path that was asked for, with its form.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.person: Person | None = Person()
        self.faults: set[str] = set()
        self.algorithm = "RS256"
        self.key: RSAKey | ECKey = _RSA
        self.shown: list[Any] = [_RSA, _EC]
        self.extra: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, Person] = {}
        self.over = threading.Event()
        self._server = _Server(self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def issuer(self) -> str:
        return f"http://{self.host}:{self.port}/org"

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def sign_with_ec(self) -> None:
        self.algorithm, self.key = "ES256", _EC

    def rotate(self) -> None:
        """Another key, under a new name; the former one is forgotten."""
        self.key = RSAKey.generate_key(2048, {"kid": f"r{secrets.token_hex(2)}", "use": "sig"})
        self.shown = [self.key]

    def count(self, path: str) -> int:
        return sum(1 for one, _form in self.asked if one == path)

    # What each door answers: (status, headers, body).

    def discovery(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        }
        if "other_issuer" in self.faults:
            found["issuer"] = "https://ailleurs.example"
        if "plain_endpoint" in self.faults:
            found["token_endpoint"] = "http://ailleurs.example/token"
        if "no_endpoint" in self.faults:
            del found["token_endpoint"]
        if "names_itself" in self.faults:
            found["authorization_response_iss_parameter_supported"] = True
        if "posted_secret" in self.faults:
            found["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
        return found

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        back = {"state": query["state"]}
        if "cancel" in self.faults or self.person is None:
            back["error"] = "access_denied"
        elif "overloaded" in self.faults:
            back["error"] = "temporarily_unavailable"
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = {**query, "asked_at": str(int(time.time()))}
            back["code"] = code
        if "names_itself" in self.faults:
            back["iss"] = self.issuer
        if "names_another" in self.faults:
            back["iss"] = "https://ailleurs.example"
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code, which serves once."""
        if authorization:
            pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            given = tuple(unquote(part) for part in pair.split(":"))
        else:
            given = (form.get("client_id", ""), form.get("client_secret", ""))
        if given != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        shown = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if asked is None or shown != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"] or self.person is None:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.tokens[access] = self.person
        return 200, {
            "token_type": "Bearer",
            "access_token": access,
            "id_token": self.id_token(asked),
            "expires_in": 60,
        }

    def userinfo(self, token: str) -> dict[str, Any]:
        """What it says elsewhere of the person of this token."""
        person = self.tokens[token]
        subject = "u-9" if "userinfo_of_another" in self.faults else person.subject
        return {"sub": subject, **person.claims}

    def id_token(self, asked: dict[str, str]) -> str:
        assert self.person is not None
        moment = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.person.subject,
            "aud": CLIENT_ID,
            "iat": moment,
            "exp": moment + 300,
            "nonce": asked["nonce"],
            **({} if "claims_elsewhere" in self.faults else self.person.claims),
        }
        if "prompt" in asked:
            stale = "stale_proof" in self.faults
            claims["auth_time"] = moment - (3_600 if stale else 0)
        wrong: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "another"},
            "aud": {"aud": "another"},
            "two_auds": {"aud": [CLIENT_ID, "another"]},
            "azp": {"aud": [CLIENT_ID, "another"], "azp": "another"},
            "iss": {"iss": "https://ailleurs.example"},
            "expired": {"exp": moment - 120},
            "future": {"iat": moment + 600},
            "old": {"iat": moment - 3_600},
            "huge_iat": {"iat": 10**40},
            "nan_exp": {"exp": float("nan")},
            "empty_sub": {"sub": ""},
            "odd_sub": {"sub": ["u-1"]},
            "at_hash": {"at_hash": "AAAA"},
            "odd_auth_time": {"auth_time": "hier"},
        }
        for fault in self.faults & set(wrong):
            claims |= wrong[fault]
        claims |= self.extra
        if "no_nonce" in self.faults:
            del claims["nonce"]
        return self._signed(claims)

    def _signed(self, claims: dict[str, Any]) -> str:
        if "alg_none" in self.faults:
            return ".".join((_b64({"alg": "none", "typ": "JWT"}), _b64(claims), ""))
        if "alg_hs256" in self.faults:  # the public key, taken for a shared secret
            return _hmac_signed({"alg": "HS256", "kid": "r1"}, claims, _RSA.as_pem(private=False))
        if "altered" in self.faults:
            header, body, signature = self._plain(claims).split(".")
            held = json.loads(base64.urlsafe_b64decode(body + "==="))
            return ".".join((header, _b64({**held, "sub": "u-admin"}), signature))
        if "other_key" in self.faults:
            return jwt.encode({"alg": "RS256", "kid": "r1"}, claims, _OTHER_RSA)
        if "unknown_key" in self.faults:
            return jwt.encode({"alg": "RS256", "kid": "r9"}, claims, _OTHER_RSA)
        return self._plain(claims)

    def _plain(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if "no_kid" in self.faults:
            del header["kid"]
        return jwt.encode(header, claims, self.key)


def _b64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _hmac_signed(header: object, claims: object, secret: bytes) -> str:
    text = f"{_b64(header)}.{_b64(claims)}"
    made = hmac.digest(secret, text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        path = parts.path.removeprefix("/org")
        provider = self.server.provider
        provider.asked.append((path, query))
        if self._misbehaves(path):
            return
        if path == "/.well-known/openid-configuration":
            self._json(200, provider.discovery())
        elif path == "/keys":
            self._json(200, {"keys": [one.as_dict(private=False) for one in provider.shown]})
        elif path == "/authorize" and "asks" in provider.faults:
            page = _PAGE.format(escape(provider.authorize(query)))
            self._send(200, page.encode(), media_type="text/html")
        elif path == "/authorize":
            self._redirect(provider.authorize(query))
        elif path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._json(200, provider.userinfo(token))
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        form = dict(parse_qsl(self.rfile.read(size).decode()))
        path = self.path.removeprefix("/org")
        self.server.provider.asked.append((path, form))
        if not self._misbehaves(path):
            authorization = self.headers.get("Authorization", "")
            self._json(*self.server.provider.redeem(form, authorization))

    def _misbehaves(self, path: str) -> bool:
        """`down:token` and the like: what goes wrong at one door."""
        name = path.rpartition("/")[2]
        mine = {fault.partition(":")[0] for fault in self.server.provider.faults if name in fault}
        for fault in mine & set(_BODIES):
            self._send(*_BODIES[fault])
            return True
        if "redirect" in mine:
            self._redirect("http://127.0.0.1:1/ailleurs")
        elif "slow" in mine:
            self.server.provider.over.wait(30)
        return bool(mine & {"redirect", "slow"})

    def _redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, status: int, value: object) -> None:
        self._send(status, json.dumps(value).encode())

    def _send(self, status: int, body: bytes, *, media_type: str = "application/json") -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


_PAGE = (
    '<!doctype html><html lang="fr"><title>Organisation</title><link rel="icon" href="data:,">'
    '<h1>Organisation</h1><a href="{}">Entrer</a></html>'
)
_BODIES = {
    "down": (503, b"{}"),
    "not_json": (200, b"<html>Bonjour</html>"),
    "array": (200, b"[]"),
    "deep": (200, b"[" * 200_000),
    "huge": (200, b'{"a": "' + b"x" * 2_000_000 + b'"}'),
    "empty": (200, b"{}"),
}
