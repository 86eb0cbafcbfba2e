"""The operator's source files: read and checked, each fault with file, line and remedy; and what a source's file says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from newsdesk import urls
from newsdesk.model import Endpoint, EndpointKind, Expectations, JsonObject, Source
from newsdesk.revisits import read_ages, write_age
from newsdesk.source_checking import line_of, problems
from newsdesk.source_text import Unreadable, read_yaml

MAX_ID = 64  # characters

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class SourceFault:
    """What is wrong with a source file, and what to do about it."""

    file: Path
    line: int  # from 1
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}"


def load_sources(folder: Path) -> tuple[list[Source], list[SourceFault]]:
    """Every readable source of the folder, and the faults of those that are not: one bad file stops no other."""
    if not folder.is_dir():
        return [], [
            SourceFault(folder, 1, "there is no such folder", "Set NEWSDESK_SOURCES to the folder of source files.")
        ]
    files = sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))
    if not files:
        return [], [SourceFault(folder, 1, "there is no .yaml file in it", "Put one file for each source there.")]
    sources: dict[str, Source] = {}
    faults: list[SourceFault] = []
    for file in files:
        source, found = read_source(file)
        faults += found
        if source is None:
            continue
        if source.id in sources:
            faults.append(
                SourceFault(file, 1, f"id {source.id!r} is taken by another file", "Give each source an id of its own.")
            )
            continue
        sources[source.id] = source
    return list(sources.values()), faults


def read_source(file: Path) -> tuple[Source | None, list[SourceFault]]:
    """The source that a file describes, or its faults."""
    try:
        tree, data = read_yaml(file)
    except Unreadable as why:
        return None, [SourceFault(file, why.line, why.what, why.remedy)]
    faults = [SourceFault(file, line_of(tree, path), what, remedy) for path, what, remedy in problems(data)]
    return (None, faults) if faults else (from_definition(data), [])


def to_definition(source: Source) -> JsonObject:
    """The source in the form of its file, with nothing that is absent: for storage as JSON."""
    expect = {
        key: list(value)
        for key, value in (
            ("articles_per_day", source.expect.articles_per_day),
            ("body_words", source.expect.body_words),
        )
        if value
    }
    whole: JsonObject = {
        "id": source.id,
        "name": source.name,
        "homepage": source.homepage,
        "language": source.language,
        "country": source.country,
        "timezone": source.timezone,
        "tags": list(source.tags),
        "endpoints": [{endpoint.kind.value: endpoint.url} for endpoint in source.endpoints],
        "expect": expect,
        "include": list(source.include),
        "exclude": list(source.exclude),
        "crawl_delay": source.crawl_delay,
        "max_per_run": source.max_per_run,
        "headers": source.headers,
        "enabled": source.enabled,
        "allow_private": source.allow_private,
    }
    told = {key: value for key, value in whole.items() if value not in (None, [], {})}
    if source.revisit is not None:  # none at all is told too
        told["revisit"] = [write_age(age) for age in source.revisit]
    return told


def from_definition(data: JsonObject) -> Source:
    """The Source of a file whose content was checked, or that `to_definition` wrote down."""
    expect = data.get("expect", {})

    def span(name: str) -> tuple[int, int] | None:
        return (expect[name][0], expect[name][1]) if name in expect else None

    return Source(
        id=data["id"],
        name=data["name"],
        homepage=data["homepage"],
        language=data.get("language"),
        country=data.get("country"),
        timezone=data.get("timezone"),
        tags=tuple(data.get("tags", ())),
        endpoints=tuple(
            Endpoint(EndpointKind(kind), url) for item in data.get("endpoints", ()) for kind, url in item.items()
        ),
        expect=Expectations(span("articles_per_day"), span("body_words")),
        include=tuple(data.get("include", ())),
        exclude=tuple(data.get("exclude", ())),
        crawl_delay=data.get("crawl_delay"),
        max_per_run=data.get("max_per_run"),
        headers=data.get("headers"),
        enabled=data.get("enabled", True),
        allow_private=data.get("allow_private", False),
        revisit=read_ages(data["revisit"]) if "revisit" in data else None,
    )


def own_addresses(source: Source) -> tuple[str, ...]:
    """The addresses that its file names."""
    return source.homepage, *(endpoint.url for endpoint in source.endpoints)


def own_hosts(source: Source) -> frozenset[str]:
    """Their hosts, as `urls.host` has them."""
    return frozenset(map(urls.host, own_addresses(source)))


def own_sites(source: Source) -> frozenset[str]:
    """Their sites (registrable domains)."""
    return frozenset(map(urls.site, own_addresses(source)))


def is_id(text: str) -> bool:
    """As `source.schema.json` has it."""
    return len(text) <= MAX_ID and _ID.fullmatch(text) is not None


def id_of(name: str, longest: int = MAX_ID) -> str:
    """The letters and digits of a name as an id; empty where it has none that ids are made of."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:longest].strip("-")
