"""What lies in files: the archive of pages, and the models that recognise names."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from newsdesk.archive.places import open_place
from newsdesk.diagnosis.checking import Finding, fault, ok, warn
from newsdesk.diagnosis.machine import disk, writable
from newsdesk.enrich.models import model_for
from newsdesk.errors import NewsdeskError
from newsdesk.settings import Settings

_LIBRARIES = {"natasha": "newsdesk[ru]", "transformers": "transformers torch", "gliner": "gliner"}


def archive(settings: Settings) -> list[Finding]:
    if "://" in settings.archive and not settings.archive.startswith("file://"):
        return [_object_store(settings)]
    folder = Path(settings.archive.removeprefix("file://"))
    if why := writable(folder):
        return [
            fault(
                "archive",
                f"cannot be written: {why}",
                "Give the folder to this user, or set NEWSDESK_ARCHIVE to one of its own",
            )
        ]
    seen = f"{folder}{'' if folder.is_dir() else ' is not there yet; it will be made'}"
    return [ok("archive", seen), disk("archive's disk", folder, "NEWSDESK_ARCHIVE")]


def _object_store(settings: Settings) -> Finding:
    """The bucket is asked whether it is there; whether we may write to it, only a write would tell."""
    try:
        place = open_place(settings.archive, settings.archive_options)
        there = place.reachable()
    except NewsdeskError as error:
        return fault(
            "archive",
            str(error),
            "Mend NEWSDESK_ARCHIVE, NEWSDESK_ARCHIVE_OPTIONS or the store's credentials (AWS_ACCESS_KEY_ID …)",
        )
    if not there:
        return fault(
            "archive",
            f"there is no bucket of {settings.archive}",
            "Make the bucket, or set NEWSDESK_ARCHIVE to one that is there",
        )
    return ok("archive", f"{settings.archive} answers (reading; a write was not tried)")


def models(named: Mapping[str, str], versions: Mapping[str, str] | None = None) -> list[Finding]:
    """Installed, and made for the spaCy that is installed. `versions`: of packages, in place of what is installed."""
    missing, other, good = [], [], []
    for language, name in sorted(named.items()):
        if model_for(named, language) is None:
            continue
        library = name.partition(":")[0]
        if library in _LIBRARIES:
            if find_spec(library) is None:
                missing.append(f"{language}: {library} (pip install '{_LIBRARIES[library]}')")
            else:
                good.append(f"{language}={name}")
            continue
        meta = _meta(name)
        if meta is None:
            missing.append(f"{language}: {name} (pip install {name.replace('_', '-')})")
            continue
        spacy = (versions or {}).get("spacy") or importlib.metadata.version("spacy")
        wanted = str(meta.get("spacy_version", ""))
        if not _fits(spacy, wanted):
            other.append(f"{language}: {name} {meta.get('version', '')} is made for spaCy {wanted}, here is {spacy}")
        else:
            good.append(f"{language}={name} {meta.get('version', '')}".rstrip())
    return [
        fault("models", f"not installed: {'; '.join(missing)}", "Install what is named, or NEWSDESK_MODELS=xx=none for no names in that language")
        if missing
        else ok("models", ", ".join(good) or "none is asked for: texts have no names"),
        warn("models' version", "; ".join(other), "Install the model's release for this spaCy (the same major and minor number)")
        if other
        else ok("models' version", "as spaCy is, where that matters"),
    ]  # fmt: skip


def _meta(name: str) -> Mapping[str, object] | None:
    """What a spaCy package or folder says of itself, read without loading it."""
    if name.isidentifier():
        spec = find_spec(name)
        folders = list(spec.submodule_search_locations or ()) if spec else []
    else:
        folders = [name] if Path(name).is_dir() else []
    for folder in folders:
        try:
            return dict(json.loads((Path(folder) / "meta.json").read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return {} if folders else None


def _fits(version: str, wanted: str) -> bool:
    """`wanted`: bounds such as >=3.8.0,<3.9.0. What cannot be read fits."""
    have = _numbers(version)
    for sign, bound in re.findall(r"(>=|<=|==|<|>)\s*([\d.]+)", wanted):
        than = _numbers(bound)
        if not {">=": have >= than, "<=": have <= than, "==": have == than, "<": have < than, ">": have > than}[sign]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
