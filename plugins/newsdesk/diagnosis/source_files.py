"""The source files: there, readable, enabled, each with an id of its own; what they allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from newsdesk.connections import read_connection, variable
from newsdesk.diagnosis.checking import Finding, fault, ok, unknown, warn
from newsdesk.errors import ConfigError
from newsdesk.model import Source
from newsdesk.sources import SourceFault, load_sources

_MOST = 5  # faults that are told; `newsdesk sources check` tells all


def check(folder: Path, env: Mapping[str, str]) -> list[Finding]:
    sources, faults = load_sources(folder)
    twins = [one for one in faults if "is taken by another file" in one.what]
    others = [one for one in faults if one not in twins]
    return [
        _read(folder, sources, others),
        fault("source ids", _told(twins), "Give each source an id of its own") if twins else ok("source ids", "each has its own"),
        _enabled(folder, sources, others),
        _private(sources),
        _headers(sources, env),
    ]  # fmt: skip


def _read(folder: Path, sources: Sequence[Source], faults: Sequence[SourceFault]) -> Finding:
    if faults:
        remedy = faults[0].remedy if len(faults) == 1 else "`newsdesk sources check` tells line and remedy of each"
        return fault("source files", _told(faults), remedy)
    return ok("source files", f"{len(sources)} in {folder}")


def _told(faults: Sequence[SourceFault]) -> str:
    more = f" … and {len(faults) - _MOST} more" if len(faults) > _MOST else ""
    return "; ".join(f"{one.file}:{one.line}: {one.what}" for one in faults[:_MOST]) + more


def _enabled(folder: Path, sources: Sequence[Source], faults: Sequence[SourceFault]) -> Finding:
    enabled = sum(source.enabled for source in sources)
    if sources and not enabled:
        return fault(
            "sources enabled",
            f"none of {len(sources)}: a run would find nothing",
            f"Take `enabled: false` out of a file in {folder}",
        )
    if not sources and faults:
        return unknown("sources enabled", "no file can be read")
    if not sources:
        return fault(
            "sources enabled", "there is no source", "`newsdesk sources add https://a-paper.example/` writes one's file"
        )
    return ok("sources enabled", f"{enabled} of {len(sources)}")


def _private(sources: Sequence[Source]) -> Finding:
    open_ = [source.id for source in sources if source.allow_private and source.enabled]
    if open_:
        return warn(
            "private addresses", f"{', '.join(open_[:_MOST])} may make the fetcher talk to machines of your own network",
            "Take `allow_private: true` out of their files; it is for test servers only",
        )  # fmt: skip
    return ok("private addresses", "no source may lead to one")


def _headers(sources: Sequence[Source], env: Mapping[str, str]) -> Finding:
    """Headers by connection: outside Airflow, only the environment tells them."""
    wanted = {source.headers: source.id for source in sources if source.headers and source.enabled}
    missing = {name: source for name, source in wanted.items() if not _can_be_read(name, env)}
    if missing:
        return warn(
            "source headers",
            "; ".join(f"{source} wants the connection {name}, which the environment does not hold, or not readably" for name, source in missing.items()),
            f"Define {', '.join(map(variable, missing))} for commands; under Airflow add the connection there",
        )  # fmt: skip
    return ok("source headers", f"{len(wanted)} connections are named and there" if wanted else "no source needs any")


def _can_be_read(name: str, env: Mapping[str, str]) -> bool:
    try:
        return read_connection(name, env) is not None
    except ConfigError:
        return False


def loaded(folder: Path) -> list[Source]:
    return load_sources(folder)[0] if folder.is_dir() else []
