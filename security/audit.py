"""Ask the known advisories about every package of the locks: `make audit`.

    .venv-audit/bin/python security/audit.py [--service pypi|osv] [LOCK…]

Without LOCK: all of them, so whatever `make` or the image installs. pip-audit asks; this tells apart what was found well
and what could not be asked about, which pip-audit alone ends well too. Ends with 0: all were asked about, nothing is
known · 1: advisories · 2: some or all could not be asked about. A service that cannot be reached is found out with one
package, not with hundreds.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(
    file
    for pattern in (
        "constraints.txt",
        "*/constraints*.txt",
        "*/requirements.txt",
        "bench/*/requirements.txt",
        "security/uv.txt",
    )
    for file in ROOT.glob(pattern)
    if not file.relative_to(ROOT).parts[0].startswith(".")
)
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)

Pins = dict[str, list[str]]  # `name==version` -> the locks that it is of


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi", help="whose advisories")
    parser.add_argument("lock", nargs="*", type=Path, default=LOCKS)
    options = parser.parse_args()
    pins = read_locks(options.lock)
    if (why := refusal(audit(["requests==2.32.0"], options.service))) is not None:
        print(f"NOT AUDITED: none of {len(pins)} packages. The advisories cannot be had here: {why}")
        return 2
    return told(merged(audit(some, options.service) for some in rounds(pins)), pins)


def read_locks(locks: Iterable[Path]) -> Pins:
    found: Pins = {}
    for lock in locks:
        path = lock.resolve()
        name = str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else lock)
        for pin in dict.fromkeys(pins_of(lock.read_text(encoding="utf-8"))):
            found.setdefault(pin, []).append(name)
    return found


def pins_of(text: str) -> list[str]:
    """`name==version` of each line of a lock, whatever Python or system it is for."""
    return [f"{name}=={version}" for name, version in _PIN.findall(text)]


def rounds(pins: Iterable[str]) -> list[list[str]]:
    """No package twice in one: pip-audit refuses a file that has two versions of one, and locks differ."""
    found: list[dict[str, str]] = []
    for pin in sorted(pins):
        package = pin.partition("==")[0]
        free = next((one for one in found if package not in one), None)
        if free is None:
            free = {}
            found.append(free)
        free[package] = pin
    return [list(one.values()) for one in found]


def merged(answers: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One answer of several; the error of the first that has one."""
    dependencies: list[Any] = []
    for answer in answers:
        if "error" in answer:
            return answer
        dependencies += answer["dependencies"]
    return {"dependencies": dependencies}


def audit(pins: list[str], service: str) -> dict[str, Any]:
    """pip-audit's answer; {"error": …} where it gave none."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        command = ["-m", "pip_audit", "-r", file.name, "--no-deps", "--disable-pip", "-s", service, "-f", "json"]
        done = subprocess.run(
            [sys.executable, *command, "--progress-spinner", "off"], capture_output=True, text=True, check=False
        )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"error": (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]}
    return found


def refusal(answer: dict[str, Any]) -> str | None:
    """Why the service told nothing of a package with known advisories; None: it did."""
    if "error" in answer:
        return str(answer["error"])
    (one,) = answer["dependencies"]
    return None if one.get("vulns") else str(one.get("skip_reason") or "it knows of no advisory, where there are some")


def told(answer: dict[str, Any], pins: Pins) -> int:
    """Print what was found, and what could not be seen. The exit code."""
    if "error" in answer:
        print(f"NOT AUDITED: none of {len(pins)} packages: {answer['error']}")
        return 2
    skipped = [one for one in answer["dependencies"] if "skip_reason" in one]
    found = [one for one in answer["dependencies"] if one.get("vulns")]
    for one in found:
        of = "of " + ", ".join(pins.get(f"{one['name']}=={one['version']}", ["a lock that writes it otherwise"]))
        for vuln in one["vulns"]:
            mended = ", ".join(vuln.get("fix_versions", ())) or "no version yet"
            print(f"{one['name']} {one['version']}: {vuln['id']}; mended in {mended}; {of}")
    for one in skipped:
        print(f"not audited: {one['name']}: {one['skip_reason']}")
    advisories = sum(len(one["vulns"]) for one in found)
    print(
        f"{len(pins) - len(skipped)} of {len(pins)} packages audited: {advisories} advisories in {len(found)} of them"
    )
    return 1 if found else 2 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
