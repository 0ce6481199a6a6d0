"""Ask the Python Package Index whether a pinned package has a published weakness: `make audit`.

Status 0: all were checked and none has one; 1: some have; 2: not all could be checked, which is no verdict at all.
pip-audit runs in an environment of its own, .venv/audit, with the packages of requirements-audit.txt.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv" / "audit"
WANTED = ROOT / "requirements-audit.txt"
AUDITED = ROOT / "requirements-dev.txt"  # takes requirements.txt along
SECONDS = 600.0


@dataclass(frozen=True)
class Outcome:
    """What an audit found, in words, and the status with which the command ends."""

    status: int
    words: str


def outcome(report: Sequence[dict[str, Any]]) -> Outcome:
    """The verdict on pip-audit's list of packages; a package that it could not look up is not one without weakness."""
    weak = [each for each in report if each.get("vulns")]
    skipped = [each for each in report if "skip_reason" in each]
    lines = []
    for each in weak:
        for found in each["vulns"]:
            fixed = ", ".join(found.get("fix_versions") or ()) or "no version yet"
            lines.append(f"{each['name']} {each['version']}: {found['id']}, mended in {fixed}")
    checked = len(report) - len(skipped)
    if weak:
        return Outcome(1, "\n".join([f"{len(weak)} of {checked} packages have a published weakness:", *lines]))
    if skipped or not report:
        named = ", ".join(each["name"] for each in skipped[:3]) or "none"
        return Outcome(2, unknown(f"{len(skipped)} packages could not be looked up, beginning with {named}"))
    return Outcome(0, f"None of {checked} pinned packages has a published weakness.")


def unknown(why: str) -> str:
    """Said when there is no verdict."""
    return (
        f"No verdict: {why}. The list of published weaknesses is at pypi.org (its JSON pages); a mirror that has\n"
        "only the packages is not enough. Run `make audit` where pypi.org can be reached, through a proxy if need be\n"
        "(HTTPS_PROXY)."
    )


def prepared() -> Path:
    """The Python of .venv/audit, with the pinned packages in it. CalledProcessError."""
    python, stamp = HOME / "bin" / "python", HOME / ".stamp"
    wanted = WANTED.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    venv.create(HOME, with_pip=True, clear=True)
    quiet = ("--quiet", "--no-input", "--disable-pip-version-check")
    subprocess.run([python, "-m", "pip", "install", *quiet, "-r", WANTED], check=True)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def first_pinned(requirements: str) -> str:
    """The first pinned package of a requirements file, to ask about before all others."""
    return next(line.split()[0] for line in requirements.splitlines() if "==" in line and not line.startswith("#"))


def asked(python: Path) -> Outcome:
    """What pip-audit answers about the pinned packages; only about one of them when it knows nothing even of that."""
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder, "one.txt")
        one.write_text(first_pinned(AUDITED.read_text(encoding="utf-8")) + "\n", encoding="utf-8")
        first = _asked(python, one)
    return first if first.status == 2 else _asked(python, AUDITED)


def _asked(python: Path, requirements: Path) -> Outcome:
    command = [str(python), "-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json", "--timeout", "15"]
    command += ["--progress-spinner", "off", "--requirement", str(requirements)]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
        report = json.loads(told.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return Outcome(2, unknown(f"no answer within {SECONDS:.0f} s"))
    except (json.JSONDecodeError, KeyError):
        said = told.stderr.strip().splitlines() or ["it said nothing"]
        return Outcome(2, unknown(f"pip-audit gave up ({said[-1][:300]})"))
    return outcome(report)


def main() -> int:
    try:
        python = prepared()
    except subprocess.CalledProcessError:
        print("pip-audit could not be installed; pip's message is above.", file=sys.stderr)
        return 2
    found = asked(python)
    print(found.words, file=sys.stderr if found.status else sys.stdout)
    return found.status


if __name__ == "__main__":
    sys.exit(main())
