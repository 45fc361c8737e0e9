"""Settings: every mistake at once, in one line each; secrets that nobody else reads."""

import re
import stat
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from inters4.settings import MailTransport, Settings, SettingsError

ROOT = Path(__file__).resolve().parents[3]


def read(tmp_path: Path, **variables: str) -> Settings:
    return Settings.from_env({"INTERS4_DATA_DIR": str(tmp_path), **variables})


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path / 'inters4.db'}"
    assert settings.mail is MailTransport.MAILDIR


def test_all_mistakes_are_reported_together(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(
            tmp_path,
            INTERS4_PORT="beaucoup",
            INTERS4_URL="exemple.ca",
            INTERS4_MAIL="pigeon",
            INTERS4_DATABASE_URL="mysql://x",
        )

    told = str(caught.value)
    for name in ("INTERS4_PORT", "INTERS4_URL", "INTERS4_MAIL", "INTERS4_DATABASE_URL"):
        assert name in told


@pytest.mark.parametrize(
    "url", ["sqlite:", "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///f?mode=memory"]
)
def test_a_database_that_every_process_would_have_for_itself_is_refused(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(SettingsError, match="nommer un fichier"):
        read(tmp_path, INTERS4_DATABASE_URL=url)


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="INTERS4_PROT"):
        read(tmp_path, INTERS4_PROT="8001")


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key

    assert read(tmp_path).secret_key == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="trop courte"):
        read(tmp_path, INTERS4_SECRET_KEY="court")


def test_a_directory_that_cannot_be_written_gets_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="INTERS4_DATA_DIR") as caught:
        read(tmp_path / "file" / "var")

    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("value", ["en", "fr,de", "", "fr,fr"])
def test_french_is_always_offered_first(tmp_path: Path, value: str) -> None:
    if not value:
        assert read(tmp_path, INTERS4_LANGUAGES=value).languages == ("fr", "en")
        return
    with pytest.raises(SettingsError, match="INTERS4_LANGUAGES"):
        read(tmp_path, INTERS4_LANGUAGES=value)


def test_the_public_address_has_no_path(tmp_path: Path) -> None:
    assert read(tmp_path, INTERS4_URL="https://a.example/").url == "https://a.example"
    with pytest.raises(SettingsError, match="retirez le chemin"):
        read(tmp_path, INTERS4_URL="https://a.example/portail")


def test_an_address_for_everyone_is_shown_as_this_machine(tmp_path: Path) -> None:
    assert read(tmp_path, INTERS4_HOST="0.0.0.0").url == "http://127.0.0.1:8000"


def test_a_damaged_secret_is_named_rather_than_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")

    with pytest.raises(SettingsError, match="secret_key"):
        read(tmp_path)


ABSURD = (
    "-1",
    "0",
    "3.5",
    "99999",
    "9" * 5000,
    "é" * 100_000,
    "a\nb",
    "a\x1b[2Jb",
    "a\udcffb",
    "\u202eabc",
    ",",
    "::",
    ":",
    "[",
    "[::1",
    "@",
    "%",
    "%(name)s",
    "http://",
    "https://a.example:99999",
    "https://a.example:0",
    "https://a.example:abc",
    "https://[::1",
    "https://moi:secret@a.example",
    "https://a..example",
    "https://a b.example",
    "ftp://a.example",
    "//a.example",
    "javascript:alert(1)",
    "redis://",
    "redis://h:99999/0",
    "redis://h/abc",
    "redis://h/0?socket_timeout=abc",
    "rediss://h?ssl_cert_reqs=none",
    "sqlite:////",
    "sqlite:////etc",
    "postgresql://a/b",
    "postgresql+psycopg://a:99999/b",
    "postgresql+psycopg://a b/c",
    "postgresql+psycopg://a",
    "/dev/null",
    "/nulle/part",
    "~personne-de-ce-nom/var",
    "a" * 64 + ".example",
    "999.999.999.999",
    "a.example:80:90",
    "a.example:99999",
    "a@b",
    "<a@b.example>",
    "a@b.example, c@d.example",
    "beaucoup",
)
ENGLISH = re.compile(r"\b(invalid|range|must|port out|could|not|literal|the)\b", re.IGNORECASE)
VARIABLES = [item.metadata["variable"] for item in fields(Settings)]
SECRETS = [item.metadata["variable"] for item in fields(Settings) if item.metadata["is_secret"]]


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_value_is_taken_or_refused_in_one_clear_line_that_names_the_setting(
    tmp_path: Path, variable: str
) -> None:
    refused = 0
    for value in ABSURD:
        given = {"INTERS4_DATA_DIR": str(tmp_path), variable: value}
        given.setdefault("INTERS4_SECRET_KEY", "k" * 40)
        try:
            Settings.from_env(given)
        except SettingsError as error:
            (problem,) = error.problems
            told = str(problem)
            assert told.startswith(variable), value
            assert told.isprintable() or told.replace("\u00a0", "").isprintable(), value
            assert told.endswith("."), value
            assert len(told) < 400, value
            assert not ENGLISH.search(told.removeprefix(f"{variable}={value}")), told
            refused += 1
    assert refused >= 4  # what is too long, breaks a line, or hides is refused everywhere


@pytest.mark.parametrize("variable", VARIABLES)
def test_an_empty_setting_is_one_that_is_not_set(tmp_path: Path, variable: str) -> None:
    if variable == "INTERS4_DATA_DIR":
        return
    assert read(tmp_path, **{variable: "  "}) == read(tmp_path)


@pytest.mark.parametrize(
    ("variable", "value", "advice"),
    [
        ("INTERS4_URL", "https://a.example:0", "un port est un nombre entier de 1 à 65535"),
        ("INTERS4_URL", "https://moi:mot@a.example", "retirez le compte"),
        ("INTERS4_HOST", "http://0.0.0.0", "sans « http:// »"),
        ("INTERS4_PORT", "-1", "de 1 à 65535"),
        ("INTERS4_DATA_DIR", "https://a.example/var", "le chemin d’un dossier"),
        ("INTERS4_FETCH_PORTS", ",", "au moins un port"),
        ("INTERS4_FETCH_ALLOW", "10.0.0.1:99999", "de 1 à 65535"),
        ("INTERS4_QUEUE_URL", "redis://h/abc", "numéro de base"),
        ("INTERS4_DATABASE_URL", "sqlite:////etc", "c’est un dossier"),
        ("INTERS4_SMTP_CA", "/nulle/part.pem", "ce chemin n’existe pas"),
        ("INTERS4_MAIL_SENDER", "Nous <a@b.example>", "sans adresse"),
        ("INTERS4_SMTP_PASSWORD", "x", "INTERS4_SMTP_USER"),
        ("INTERS4_SSO_ISSUER", "connexion.exemple.ca", "l’adresse du fournisseur"),
        ("INTERS4_SSO_ISSUER", "http://connexion.exemple.ca", "commence par « https:// »"),
        ("INTERS4_SSO_ISSUER", "https://a:b@connexion.exemple.ca", "retirez le compte"),
        ("INTERS4_SSO_ISSUER", "https://connexion.exemple.ca?x=1", "l’adresse du fournisseur"),
        ("INTERS4_SSO_ISSUER", "https://connexion.exemple.ca", "donnez les trois"),
        ("INTERS4_SSO_CLIENT_ID", "portail", "sans INTERS4_SSO_ISSUER"),
        ("INTERS4_SSO_SECRET", "x", "sans INTERS4_SSO_ISSUER"),
        ("INTERS4_SSO_DOMAINS", "*,exemple.ca", "ou « * » pour tous"),
        ("INTERS4_SSO_SCOPES", "email profile", "« openid » parmi elles"),
        ("INTERS4_SSO_SECOND_FACTOR", "mfa otp", "sans espace ni accent"),
        ("INTERS4_SSO_LABEL", "x" * 61, "60 signes au plus"),
    ],
)
def test_a_refusal_says_what_to_do(tmp_path: Path, variable: str, value: str, advice: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **{variable: value})

    assert advice.replace("« ", "«\u00a0").replace(" »", "\u00a0»") in str(caught.value)


def test_the_public_address_is_kept_as_browsers_send_it(tmp_path: Path) -> None:
    assert read(tmp_path, INTERS4_URL="https://Santé.Example").url == "https://xn--sant-epa.example"
    assert read(tmp_path, INTERS4_URL="http://[::1]:8000/").url == "http://[::1]:8000"


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_is_never_repeated(tmp_path: Path, variable: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **{variable: "mon-secret\n" * 300})

    assert "mon-secret" not in str(caught.value)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s" * 40 + "\n")

    assert read(tmp_path, INTERS4_SECRET_KEY_FILE=str(tmp_path / "secret")).secret_key == "s" * 40


@pytest.mark.parametrize("variable", SECRETS)
@pytest.mark.parametrize("held", ["missing", "folder", "device", "empty", "huge", "binary"])
def test_a_file_that_gives_no_secret_is_named(tmp_path: Path, variable: str, held: str) -> None:
    file = Path("/dev/zero") if held == "device" else tmp_path / "secret"
    if held == "folder":
        file.mkdir()
    elif held not in {"missing", "device"}:
        file.write_bytes({"empty": b"\n", "huge": b"s" * 20_000, "binary": b"\xff" * 40}[held])

    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **{f"{variable}_FILE": str(file)})

    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{variable}_FILE={file}"[:100])


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s" * 40)

    with pytest.raises(SettingsError, match="un seul des deux"):
        read(
            tmp_path,
            INTERS4_SECRET_KEY="k" * 40,
            INTERS4_SECRET_KEY_FILE=str(tmp_path / "secret"),
        )


@pytest.mark.parametrize("held", [b"\xff\xfe" * 20, b"   \n"])
def test_a_kept_secret_that_is_no_text_is_named(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(held)

    with pytest.raises(SettingsError, match="est vide ou abîmé"):
        read(tmp_path)


PROVIDER = {
    "INTERS4_SSO_ISSUER": "https://connexion.exemple.ca/org/",
    "INTERS4_SSO_CLIENT_ID": "portail",
    "INTERS4_SSO_SECRET": "secret",
}


def test_a_provider_is_kept_as_it_names_itself(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        **PROVIDER,
        INTERS4_SSO_DOMAINS="Exemple.ca, exemple.org",
        INTERS4_SSO_SECOND_FACTOR="mfa,urn:fort",
    )

    assert settings.sso_issuer == "https://connexion.exemple.ca/org/"
    assert settings.sso_domains == ("exemple.ca", "exemple.org")
    assert settings.sso_second_factor == ("mfa", "urn:fort")


@pytest.mark.parametrize("host", ["127.0.0.1:8123", "localhost:8123", "[::1]:8123"])
def test_a_provider_on_this_machine_needs_no_tls(tmp_path: Path, host: str) -> None:
    issuer = f"http://{host}/org"

    assert read(tmp_path, **{**PROVIDER, "INTERS4_SSO_ISSUER": issuer}).sso_issuer == issuer


def test_a_provider_without_its_library_is_one_line(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['authlib'] = None;"
        "import importlib.util as u; u.find_spec = lambda name: None if name == 'authlib' else 1;"
        "from inters4.settings import Settings, SettingsError\n"
        "try: Settings.from_env()\n"
        "except SettingsError as error: print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={"INTERS4_DATA_DIR": str(tmp_path), **PROVIDER},
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(told.stdout.splitlines()) == 1
    assert "pip install inters4[sso]" in told.stdout


def test_the_library_of_a_provider_is_not_read_before_someone_signs_in() -> None:
    code = (
        "import sys, inters4.app; inters4.app.load_domains();"
        "import inters4.members.views; print({'authlib', 'httpx'} & set(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "set()"
