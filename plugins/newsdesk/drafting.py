"""A new source's file, drafted from what was found of its site: for the operator to read, change and keep."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from newsdesk import urls
from newsdesk.discover.candidates import Yield, window
from newsdesk.endpoint_finding import Finding
from newsdesk.errors import SourceError
from newsdesk.model import Source
from newsdesk.sources import MAX_ID, id_of, is_id, load_sources, read_source

_MOST_OTHERS = 12  # candidates that were not taken, named in comments
_LESS, _MORE = 0.25, 3.0  # of the articles a day that were seen: quiet Sundays, busy Mondays
_PART = ".part"  # not read as a source file


def suggest_id(homepage: str) -> str:
    """`example-times` of https://www.example-times.co.uk/; of an IP address its numbers."""
    host = urls.host(homepage).removeprefix("www.")
    site = urls.site(homepage)
    name = host if ":" in host or re.fullmatch(r"[\d.]+", host) else host.removesuffix(site) + site.partition(".")[0]
    return id_of(name) or "source"


def file_for(folder: Path, source_id: str) -> Path:
    """Where the file of a new source belongs. SourceError where the id is taken, or is no id."""
    if not is_id(source_id):
        raise SourceError(
            f"{source_id!r} is no id: use lower-case letters, digits and single hyphens, {MAX_ID} at most"
        )
    file = folder / f"{source_id}.yaml"
    if file.exists() or file.with_suffix(".yml").exists():
        raise SourceError(
            f"{file} exists and is not overwritten. Choose another id with --id, or change the file by hand"
        )
    taken = [source for source in load_sources(folder)[0] if source.id == source_id] if folder.is_dir() else []
    if taken:
        raise SourceError(f"the id {source_id!r} is taken by another file in {folder}. Choose another one with --id")
    return file


def draft(source: Source, found: Finding, now: datetime) -> str:
    """The YAML text. Strings from the web are written as JSON, which YAML reads as they are."""
    span = window(found.chosen)
    lines = [
        f"# Drafted by `newsdesk sources add` on {now:%Y-%m-%d}; yours to change.",
        f"id: {source.id}",
        f"name: {_quoted(source.name)}",
        f"homepage: {_quoted(source.homepage)}",
    ]
    if found.about.language:
        lines.append(f"language: {found.about.language}")
    if found.about.region:
        lines.append(f'# country: "{found.about.region}"  # as the homepage\'s markup says; often only its template')
    lines += ["# timezone: Europe/Paris  # the zone of dates on its pages that tell none", "endpoints:"]
    for one in found.chosen:
        lines.append(f"  # {_what(one, span, now)}; {one.where}")
        lines.append(f"  - {{{one.endpoint.kind}: {_quoted(one.endpoint.url)}}}")
    if not found.chosen:
        lines.append("  # nothing that names articles was found: the homepage itself, and only a guess")
        lines += [f"  - {{{endpoint.kind}: {_quoted(endpoint.url)}}}" for endpoint in found.endpoints]
    lines += _expectations(found.per_day)
    if source.allow_private:
        lines.append("allow_private: true  # only for test servers")
    lines += _left_out(found, span, now)
    return "\n".join(lines) + "\n"


def write(file: Path, text: str) -> None:
    """Put the text where the pipeline reads it, once it is known to be readable; nothing is overwritten."""
    part = file.with_name(file.name + _PART)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        _, faults = read_source(part)
        if faults:
            raise SourceError(f"the draft cannot be read: {faults[0]}")
        os.link(part, file)  # fails where the file exists
    except FileExistsError:
        raise SourceError(f"{file} exists and is not overwritten") from None
    except OSError as error:
        raise SourceError(f"{file} cannot be written: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def _what(one: Yield, span: timedelta | None, now: datetime) -> str:
    parts = [f"{len(one.items)} links"]
    if one.newest and span:
        count = len(one.recent(one.newest - span))
        if span < timedelta(days=365):
            parts.append(f"{count} of the {span.days} days before the newest, {one.newest:%Y-%m-%d %H:%M} UTC")
    if one.dated < len(one.items):
        parts.append("no dates" if not one.dated else f"{one.dated} dated")
    if one.documents > 1:
        parts.append(f"{one.documents} sitemaps")
    if one.newest and now - one.newest > timedelta(days=30):
        parts.append("NOTHING NEW FOR LONG")
    return ", ".join(parts)


def _expectations(per_day: float | None) -> list[str]:
    if per_day is None:
        return ["# expect: {articles_per_day: [5, 200]}  # its rhythm could not be seen"]
    least, most = math.floor(per_day * _LESS), max(5, math.ceil(per_day * _MORE))
    return [
        f"# a suggestion: about {per_day:.1f} articles a day were seen; fewer or more are reported",
        f"expect: {{articles_per_day: [{least}, {most}]}}",
    ]


def _left_out(found: Finding, span: timedelta | None, now: datetime) -> Iterator[str]:
    useful = [one for one in found.others if not one.problem][:_MOST_OTHERS]
    if useful:
        yield "# found too, and superfluous beside these:"
    for one in useful:
        yield f"#   {one.endpoint.kind}: {one.endpoint.url}  ({_what(one, span, now)})"


def _quoted(text: str) -> str:
    plain = text.isascii() and re.fullmatch(r"[A-Za-z][\w .&'/-]*|https?://[\w./~%=&?+-]+", text)
    # what YAML would take for something else than a string
    return (
        text
        if plain and not re.search(r": | #|\s$", text) and not _means_something(text)
        else json.dumps(text, ensure_ascii=False)
    )


def _means_something(text: str) -> bool:
    return (
        text.lower() in ("yes", "no", "on", "off", "true", "false", "null", "y", "n") or urlsplit(text).fragment != ""
    )
