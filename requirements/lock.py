"""Write the locks again: `make lock`. For maintainers; needs uv and the network.

One resolution serves Linux (x86-64 and arm64) and macOS, Python 3.11 and newer. The first line of
each lock says how many megabytes an installation on Linux x86-64 downloads, so that the installer
can announce it.
"""

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "pyproject.toml"
COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"),
    *("--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"),
    *("--no-annotate", "--no-header"),
]


def write(name: str, *arguments: str) -> None:
    """Resolve `arguments` into `name`.txt, keeping present versions where they still fit."""
    target = HERE / f"{name}.txt"
    subprocess.run([*COMPILE, *arguments, "-o", str(target)], check=True, cwd=HERE.parent)
    body = "".join(
        line for line in target.read_text().splitlines(keepends=True) if not line.startswith("#")
    )
    target.write_text(f"# download: {megabytes(target)} MB on Linux x86-64\n{body}")


def megabytes(lock: Path) -> int:
    """Size of the files that an installation of `lock` would download here, rounded up."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"),
                *("--ignore-installed", "--no-deps", "--require-hashes", "-r", str(lock)),
                *("--report", report.name),
            ],
            check=True,
        )
        items = json.loads(Path(report.name).read_text())["install"]
    total = 0
    for item in items:
        request = urllib.request.Request(item["download_info"]["url"], method="HEAD")
        with urllib.request.urlopen(request) as answer:
            total += int(answer.headers["Content-Length"])
    return -(-total // 1_000_000)


def main() -> None:
    """Write every lock: what runs, each extra with it, what tests need, and uv."""
    build = str(HERE / "build.in")
    write("runtime", str(PROJECT), build)
    for extra in ("postgres", "redis", "sso", "pdf", "dkim"):
        write(extra, str(PROJECT), build, "--extra", extra, "-c", str(HERE / "runtime.txt"))
    everything = ("--all-extras", "--group", "dev", "-c", str(HERE / "runtime.txt"))
    write("dev", str(PROJECT), build, *everything)
    write("uv", str(HERE / "uv.in"))


if __name__ == "__main__":
    main()
