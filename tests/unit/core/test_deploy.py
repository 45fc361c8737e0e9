"""What ships under deploy/ is what its programs read, where they are installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from inters4.settings import Settings, declarations

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def test_the_environment_of_the_sample_is_accepted(tmp_path: Path) -> None:
    lines = (DEPLOY / "inters4.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    settings = Settings.from_env({**given, "INTERS4_DATA_DIR": str(tmp_path)})

    assert settings.is_served_over_tls
    assert settings.proxies == 1
    assert set(given) <= {variable for variable, _default, _explanation in declarations()}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_keeps_its_data_to_itself_and_stops_politely(unit: Path) -> None:
    text = unit.read_text()

    assert "StateDirectoryMode=0700" in text
    assert "UMask=0077" in text
    assert "KillMode=mixed" in text
    assert re.search(r"^ExecStart=/\S+/inters4 (serve|web|worker)$", text, re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace("/opt/inters4/.venv/bin/inters4", "/bin/true"))

    told = subprocess.run(
        ["systemd-analyze", "verify", str(here)], capture_output=True, text=True, check=False
    )

    assert unit.name not in told.stderr, told.stderr


def test_nginx_accepts_the_sample(tmp_path: Path) -> None:
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx is not installed")
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    subprocess.run(
        ["openssl", "req", "-x509", *made, "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=a"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    site = (DEPLOY / "nginx.conf").read_text()
    site = re.sub(r"/etc/letsencrypt/\S+/fullchain\.pem", f"{tmp_path}/c.pem", site)
    site = re.sub(r"/etc/letsencrypt/\S+/privkey\.pem", f"{tmp_path}/k.pem", site)
    site = re.sub(r"^ *listen \[.*\n", "", site, flags=re.MULTILINE)
    site = re.sub(r"listen (\d+)", rf"listen unix:{tmp_path}/\1", site)  # nothing of this machine
    (tmp_path / "site.conf").write_text(site)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}}\n"
        f"http {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )

    told = subprocess.run(
        ["nginx", "-t", "-e", f"{tmp_path}/log", "-c", f"{tmp_path}/nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("page", sorted((DEPLOY / "pages").glob("*.html")), ids=lambda p: p.name)
def test_a_page_that_the_proxy_shows_alone_is_french_and_asks_nothing_of_the_portal(
    page: Path,
) -> None:
    text = page.read_text()

    assert '<html lang="fr-CA">' in text
    assert not re.search(r"<(link|script|img)\b", text)
    assert "/static/" not in text
