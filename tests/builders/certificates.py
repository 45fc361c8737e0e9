"""An authority of one's own, and the certificates that a server on loopback shows."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from inters4.core.clock import now

_AUTHORITY = "autorite"


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs.

    Attributes:
        folder: where certificates are written.
        key: its own.
    """

    folder: Path
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def made(cls, folder: Path) -> "Authority":
        """One that nobody knows yet."""
        authority = cls(folder, ec.generate_private_key(ec.SECP256R1()))
        authority.file.write_bytes(
            authority._signed(
                _AUTHORITY,
                authority.key.public_key(),
                x509.BasicConstraints(ca=True, path_length=0),
                _usage(is_authority=True),
            )
        )
        return authority

    @property
    def file(self) -> Path:
        """What whoever trusts it is given."""
        return self.folder / f"{_AUTHORITY}.pem"

    def context(self, name: str = "127.0.0.1") -> ssl.SSLContext:
        """What a server needs to show a certificate of `name`, an address or that of a host."""
        key = ec.generate_private_key(ec.SECP256R1())
        public, private = (self.folder / f"{name}.{kind}" for kind in ("pem", "key"))
        names = x509.SubjectAlternativeName([_host(name)])
        public.write_bytes(
            self._signed(
                "relais",
                key.public_key(),
                names,
                x509.BasicConstraints(ca=False, path_length=None),
                _usage(is_authority=False),
            )
        )
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(public, private)
        return context

    def _signed(
        self, name: str, key: ec.EllipticCurvePublicKey, *extensions: x509.ExtensionType
    ) -> bytes:
        built = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(_AUTHORITY))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - timedelta(days=1))
            .not_valid_after(now() + timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        for extension in extensions:
            is_critical = not isinstance(extension, x509.SubjectAlternativeName)
            built = built.add_extension(extension, critical=is_critical)
        return built.sign(self.key, SHA256()).public_bytes(Encoding.PEM)


def _host(name: str) -> x509.GeneralName:
    with suppress(ValueError):
        return x509.IPAddress(ip_address(name))
    return x509.DNSName(name)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
