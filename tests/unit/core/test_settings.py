"""Settings: every mistake at once, secrets that nobody else reads."""

import stat
from pathlib import Path

import pytest

from inters4.settings import MailTransport, Settings, SettingsError


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

    told = "\n".join(caught.value.problems)
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
