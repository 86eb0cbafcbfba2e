"""What a run brought in against what was expected of each source."""

from __future__ import annotations

from dataclasses import dataclass

from newsdesk.model import Outcome, Source
from newsdesk.store.reports import SourceFacts

MIN_PAGES = 5  # of fewer pages nothing is concluded
A_DAY = 24.0  # hours a source must be known before its daily count means anything

_READ = (Outcome.PUBLISHED, Outcome.UPDATED, Outcome.UNCHANGED)
_NO_BODY = (Outcome.NO_TEXT, Outcome.NEEDS_JS, Outcome.WALL, Outcome.CHALLENGE, Outcome.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a source that a person should look at. `grave`: its articles no longer arrive as they should."""

    kind: str
    what: str
    remedy: str
    grave: bool


def check_source(source: Source, facts: SourceFacts) -> list[Problem]:
    """What is not as expected. Says nothing on what it has too few pages to judge."""
    return [
        problem
        for problem in (_endpoints(facts), _text(facts), _quiet(source, facts), _length(source, facts))
        if problem
    ]


def _endpoints(facts: SourceFacts) -> Problem | None:
    if not facts.failing:
        return None
    dead = facts.failing == facts.endpoints
    return Problem(
        "endpoints",
        f"{facts.failing} of {facts.endpoints} endpoints failed ({facts.failing_reason})",
        "Open the address in a browser; if it has moved, change it in the source file. One that was switched off (410) "
        "comes back with `newsdesk sources switch-on URL`.",
        grave=dead,
    )


def _text(facts: SourceFacts) -> Problem | None:
    bodiless = sum(facts.outcomes.get(outcome, 0) for outcome in _NO_BODY)
    read = sum(facts.outcomes.get(outcome, 0) for outcome in _READ)
    if bodiless < MIN_PAGES or bodiless <= read:
        return None
    return Problem(
        "no_text",
        f"{bodiless} pages gave no body, {read} did",
        "The site may have a new template or a wall: look at one with `newsdesk explain URL`.",
        grave=True,
    )


def _quiet(source: Source, facts: SourceFacts) -> Problem | None:
    if source.expect.articles_per_day is None or facts.known_for_hours < A_DAY:
        return None
    least, most = source.expect.articles_per_day
    if facts.published_today < least:
        what = f"{facts.published_today} articles in the last 24 hours, at least {least} were expected"
        return Problem(
            "quiet",
            what,
            "See its endpoints' state in ops.endpoint; if it publishes less now, lower `expect`.",
            grave=True,
        )
    if facts.published_today > most:
        what = f"{facts.published_today} articles in the last 24 hours, at most {most} were expected"
        return Problem(
            "flood", what, "See whether an endpoint names old or foreign pages; `exclude` them.", grave=False
        )
    return None


def _length(source: Source, facts: SourceFacts) -> Problem | None:
    published = facts.outcomes.get(Outcome.PUBLISHED, 0)
    if source.expect.body_words is None or facts.median_words is None or published < MIN_PAGES:
        return None
    least, most = source.expect.body_words
    if least <= facts.median_words <= most:
        return None
    return Problem(
        "length",
        f"half of the bodies have {facts.median_words} words or fewer, {least} to {most} were expected",
        "Compare a page with its row in news.article: `newsdesk explain URL`.",
        grave=True,
    )
