# -*- coding: utf-8 -*-
"""Make .venv and put the locked packages in it: `python3 requirements/install.py runtime`.

Other names may follow or stand alone: `postgres` and `redis` add a driver, `sso` what signing in by
OpenID Connect needs, `pdf` what makes sheets into PDF, `dkim` what signs messages and asks what is
published about them, `dev` holds everything.

Runs on any Python, with the standard library alone, so that an old one gets a clear line rather
than a syntax error. uv is installed first because it is several times quicker; pip is the way out.
Every package is checked against the hashes of the lock. A second call only writes bytecode again.
What was cut short (Ctrl-C, kill -9, a full disk) is made afresh, never taken for whole.
"""

import errno
import glob
import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
KNOWN = {"runtime", "postgres", "redis", "sso", "pdf", "dkim", "dev"}
BEGUN = VENV + ".begun"  # there while .venv is being made or completed
REASONS = {
    errno.EACCES: "permission refusée",
    errno.EPERM: "permission refusée",
    errno.EROFS: "disque en lecture seule",
    errno.ENOSPC: "disque plein",
    errno.EDQUOT: "espace alloué à ce compte épuisé",
}


def say(message):
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def stop(message):
    say(message)
    sys.exit(1)


def lock(name):
    return os.path.join(ROOT, "requirements", name + ".txt")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def wanted(name):
    """A fingerprint of what the environment must hold."""
    found = hashlib.sha256(sys.version.encode())
    for path in (lock(name), lock("uv"), os.path.join(ROOT, "pyproject.toml")):
        found.update(read(path))
    found.update(ROOT.encode())
    return found.hexdigest()


def is_done(name):
    """Every lock includes the packages of the portal, and the developers' include all others."""
    for held in sorted(
        {name, "dev"} | (KNOWN - {"runtime", "dev"} if name == "runtime" else set())
    ):
        try:
            if read(os.path.join(VENV, "." + held)).decode() == wanted(held):
                return True
        except OSError:
            pass
    return False


def megabytes(name):
    """What the lock says it downloads, written there when it was made."""
    for line in read(lock(name)).decode().splitlines():
        if line.startswith("# download:"):
            return int(line.split()[2])
    return 0


def is_usable():
    """True when .venv was made by this very Python: it is then completed, never taken away.

    One whose making was cut short may lack pip, or hold half a library that passes for installed.
    """
    if os.path.exists(BEGUN):
        return False
    try:
        told = subprocess.check_output([PYTHON, "-c", "import sys; print(sys.version)"])
    except (OSError, subprocess.CalledProcessError):
        return False
    return told.decode().strip() == sys.version


def make_environment():
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        stop(
            "Il manque le module venv de Python. Sous Debian ou Ubuntu : "
            "apt-get install python3-venv python3-pip make"
        )
    try:
        # a link, as `python3 -m venv` makes: a copy would miss the distribution's updates
        venv.create(VENV, with_pip=True, clear=os.path.isdir(VENV), symlinks=True)
    except subprocess.CalledProcessError as error:
        if os.strerror(errno.ENOSPC).encode() in (error.output or b""):
            stop("Impossible d’écrire dans {} ({}).".format(VENV, REASONS[errno.ENOSPC]))
        stop(
            "Python n’a pas pu préparer pip. Sous Debian ou Ubuntu : "
            "apt-get install python3-venv python3-pip"
        )


def run(command, quiet=False):
    environment = dict(
        os.environ,
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PYTHONWARNINGS="ignore",
        UV_SYSTEM_CERTS="true",  # networks that inspect traffic have a certificate of their own
    )
    output = subprocess.DEVNULL if quiet else None
    return subprocess.call(command, cwd=ROOT, env=environment, stdout=output, stderr=output) == 0


def held():
    """The names of what is in the environment: libraries, each with its version beside it."""
    return sorted(glob.glob(os.path.join(VENV, "lib", "python*", "site-packages", "*")))


def install(name):
    before = held()
    pip = [PYTHON, "-m", "pip", "install", "--quiet"]
    uv = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON]
    project = ["--no-deps", "--no-build-isolation", "--editable", "."]
    if run(pip + ["--require-hashes", "-r", lock("uv")], quiet=True):
        locked = uv + ["--compile-bytecode", "--require-hashes", "-r", lock(name)]
        if run(locked, quiet=True) and run(uv + project, quiet=True):
            return
        say("uv n’y est pas arrivé : reprise avec pip, plus lent.")
    if not (run(pip + ["--require-hashes", "-r", lock(name)]) and run(pip + project)):
        if held() == before:
            os.remove(BEGUN)  # what .venv could already do, it still can
        stop(
            "Les bibliothèques n’ont pas pu être installées. Vérifiez la connexion au dépôt de "
            "paquets Python (pip config list) et la place qui reste sur le disque, puis relancez "
            "la même commande."
        )


def compile_project():
    """Write the bytecode that a start reads, also where Python is told to write none by itself."""
    run([PYTHON, "-m", "compileall", "-q", "inters4", "indexer"], quiet=True)


def main():
    names = sys.argv[1:] or ["runtime"]
    if set(names) - KNOWN:
        stop(
            "Écrivez : python3 requirements/install.py, puis runtime, postgres, redis, sso, pdf, "
            "dkim ou dev."
        )
    for name in names:
        if not (os.path.exists(PYTHON) and is_done(name)):
            prepare(name)
    compile_project()


def prepare(name):
    if sys.version_info < OLDEST:
        stop(
            "InterS4 demande Python {}.{} ou plus récent; celui-ci est le {}.{}. Installez-en "
            "un, puis indiquez-le : make demo PYTHON=python3.11".format(
                *(OLDEST + tuple(sys.version_info[:2]))
            )
        )
    is_kept = is_usable()
    write(BEGUN, name)
    if not is_kept:
        say("1/2  Préparation de l’environnement Python dans .venv")
        make_environment()
    say(
        "2/2  Installation des bibliothèques verrouillées : environ {} Mo à télécharger".format(
            megabytes(name) + megabytes("uv")
        )
    )
    install(name)
    write(os.path.join(VENV, "." + name), wanted(name))
    os.remove(BEGUN)
    say("     Terminé.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("\nArrêté; relancez la même commande pour reprendre.")
    except OSError as error:
        told = REASONS.get(error.errno) or error.strerror
        stop("Impossible d’écrire dans {} ({}).".format(error.filename or VENV, told))
