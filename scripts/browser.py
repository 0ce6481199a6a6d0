"""Find a Chromium or Chrome that starts without a screen, or install one, and note its path in .venv/browser.

The browser tests use what is found here. CROSSOVER_BROWSER=/path/to/chrome names one instead of the search.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTE = ROOT / ".venv" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
)
HEADLESS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")
GREETING = "crossover browser check"


def find() -> str | None:
    """Path of a browser that starts headless, or None."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[str]:
    """Where a browser may be, cheapest look first."""
    if named := os.environ.get("CROSSOVER_BROWSER"):
        yield named
        return
    if NOTE.exists():
        yield NOTE.read_text(encoding="utf-8").strip()
    yield from filter(None, (shutil.which(name) for name in NAMES))
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (str(folder / app) for app in MAC_APPS)
    if path := playwrights_own():
        yield path


def playwrights_own() -> str | None:
    """Where `python -m playwright install chromium` puts its browser."""
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    return output_of([sys.executable, "-c", ask]).strip() or None


def starts(path: str) -> bool:
    """Whether the file is there and prints a page without a screen and without network."""
    if not path or not os.access(path, os.X_OK):
        return False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        page = f"data:text/html,<p>{GREETING}</p>"
        return GREETING in output_of([path, *HEADLESS, f"--user-data-dir={profile}", "--dump-dom", page])


def output_of(command: list[str]) -> str:
    """What a command prints; nothing when it does not start or does not end."""
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout


def install() -> None:
    """Try the ways of this system; whether one worked is for find() to say."""
    release = os_release()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    apt = root and release.get("ID") == "debian" and shutil.which("apt-get") is not None
    if apt and attempt(["apt-get", "update"]) and attempt(["apt-get", "install", "-y", "chromium"]):
        return
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    debian_like = {"debian", "ubuntu"} & {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if root and debian_like:  # Ubuntu's own chromium is a snap, which does not start in containers
        command.insert(-1, "--with-deps")
    attempt(command)


def attempt(command: list[str]) -> bool:
    """Run an installer and show what it did when it fails."""
    say(f"No browser found. Trying: {' '.join(command)}")
    try:
        answer = subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        say(f"  failed: {error}")
        return False
    if answer.returncode != 0:
        say("  failed: " + "\n  ".join(answer.stdout.strip().splitlines()[-8:]))
    return answer.returncode == 0


def os_release() -> dict[str, str]:
    """The ID and ID_LIKE of a Linux system; empty elsewhere."""
    file = Path("/etc/os-release")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {key: value.strip("\"'") for key, found, value in (line.partition("=") for line in lines) if found}


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    path = find()
    if path is None and (named := os.environ.get("CROSSOVER_BROWSER")):
        say(f"CROSSOVER_BROWSER={named} is no Chromium or Chrome that starts headless. Correct or unset it.")
        return 1
    if path is None:
        install()
        path = find()
    if path is None:
        say(
            "The browser tests need Chromium or Google Chrome, and none was found that starts headless.\n"
            "  Debian:          sudo apt install chromium\n"
            "  macOS:           brew install --cask google-chrome\n"
            "  anywhere else:   .venv/bin/python -m playwright install --with-deps chromium\n"
            "If one is installed in another place: CROSSOVER_BROWSER=/path/to/chrome make test"
        )
        return 1
    NOTE.parent.mkdir(exist_ok=True)
    NOTE.write_text(path + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
