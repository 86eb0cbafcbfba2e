"""Do a source's articles arrive? Its endpoints, how many came beside its own weeks and its file, what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from newsdesk.alerting.baselines import at_most, judgeable, too_few, too_many
from newsdesk.alerting.facts import SourceFacts
from newsdesk.alerting.problem import MIN_PAGES, Problem, Verdicts
from newsdesk.model import Outcome, Source

A_DAY = 24.0  # hours a source must be known before its daily count means anything
ENOUGH_VISITS = 50  # before, to say which share is usual
UNLIKELY = 1e-4

READ = (Outcome.PUBLISHED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)
NO_BODY = (Outcome.NO_TEXT, Outcome.NEEDS_JS, Outcome.WALL, Outcome.CHALLENGE, Outcome.QUARANTINED)
UNANSWERED = (
    Outcome.HTTP_ERROR, Outcome.RATE_LIMITED, Outcome.TIMEOUT, Outcome.CONNECTION, Outcome.DNS, Outcome.TLS, Outcome.PROTOCOL,
    Outcome.INCOMPLETE, Outcome.FORBIDDEN,
)  # fmt: skip

Tell = Callable[[SourceFacts, int, int], Problem]  # of the visits that ended so, and of those that were read


def judge_supply(source: Source, facts: SourceFacts) -> Verdicts:
    return {
        "endpoints": _endpoints(facts),
        **_counts(source, facts),
        **_share(facts, "no_text", NO_BODY, _no_text),
        **_share(facts, "robots", (Outcome.ROBOTS_DENIED,), _robots),
        **_share(facts, "refused", UNANSWERED, _refused),
    }


def _endpoints(facts: SourceFacts) -> Problem | None:
    if not facts.failing:
        return None
    return Problem(
        "endpoints",
        f"{facts.failing} of {facts.endpoints} endpoints failed ({facts.failing_reason})",
        "Open the address in a browser. If it has moved, change it in the source file. If it answers there, press "
        "“Poll again” beside it on the source's page (or `newsdesk sources switch-on URL`).",
        grave=facts.failing == facts.endpoints,
    )


def _counts(source: Source, facts: SourceFacts) -> Verdicts:
    """Quiet and flood: against the file's expectation where there is one, and against its own weeks."""
    found: dict[str, Problem | None] = {}
    expected = source.expect.articles_per_day
    if expected is not None and facts.known_for_hours >= A_DAY:
        least, most = expected
        today = f"{facts.published_today} articles in the last 24 hours"
        found["quiet"] = _quiet(f"{today}, at least {least} were expected") if facts.published_today < least else None
        found["flood"] = _flood(f"{today}, at most {most} were expected") if facts.published_today > most else None
    if judgeable(facts.rhythm):
        few, many = too_few(facts.rhythm, was_quiet="quiet" in facts.told), too_many(facts.rhythm)
        for kind, unusual, tell in (("quiet", few, _quiet), ("flood", many, _flood)):
            if unusual is not None and found.get(kind) is None:
                usual = f"{unusual.usual:.0f} are usual then" if unusual.usual else "and so it has been for weeks"
                found[kind] = tell(f"{unusual.came} articles in the last {_span(unusual.hours)}, {usual}")
            found.setdefault(kind, None)
    return found


def _quiet(what: str) -> Problem:
    return Problem(
        "quiet",
        what,
        "On the source's page: do its endpoints answer, and do they still name new articles? Compare with its front "
        "page. If it publishes less now, lower `expect` in its file.",
        grave=True,
    )


def _flood(what: str) -> Problem:
    return Problem(
        "flood",
        what,
        "On the source's page: does an endpoint name old or foreign pages? `exclude` them in its file.",
        grave=False,
    )


def _span(hours: int) -> str:
    return f"{hours} hours" if hours < 72 else f"{hours / 24:.0f} days"


def _share(facts: SourceFacts, kind: str, bad: tuple[Outcome, ...], tell: Tell) -> Verdicts:
    """More visits ended so than were read, and more than is usual for the source."""
    of_run = _window(facts.outcomes, bad)
    # few visits in a run: by the day, but not by hours from before it was mended
    window = of_run or (None if kind in facts.mended else _window(facts.outcomes_today, bad))
    if window is None:
        return {}
    ill, read = window
    if ill >= MIN_PAGES and ill > read and not _usual_share(facts.outcomes_before, bad, ill, read):
        return {kind: tell(facts, ill, read)}
    if kind in facts.told and of_run is None and not any(facts.outcomes.get(outcome) for outcome in READ):
        return {}  # the day's earlier hours were well: that takes nothing back
    return {kind: None}


def _window(outcomes: Mapping[str, int], bad: tuple[Outcome, ...]) -> tuple[int, int] | None:
    ill, read = (sum(outcomes.get(outcome, 0) for outcome in some) for some in (bad, READ))
    return (ill, read) if ill + read >= MIN_PAGES else None


def _usual_share(before: Mapping[str, int], bad: tuple[Outcome, ...], ill: int, read: int) -> bool:
    """As many of the visits ended so before, within chance: of a paper with a wall most do."""
    was_ill, was_read = (sum(before.get(outcome, 0) for outcome in some) for some in (bad, READ))
    if was_ill + was_read < ENOUGH_VISITS:
        return False
    # days differ: by more than chance, hence the same spread as of counts
    usual = (was_read + 1) / (was_ill + was_read + 2) * (ill + read)
    return at_most(read, usual, 0.25) > UNLIKELY and usual <= ill + read - usual


def _no_text(facts: SourceFacts, ill: int, read: int) -> Problem:
    worst = _most_frequent(facts, NO_BODY)
    return Problem(
        "no_text",
        f"{ill} pages gave no body, {read} did; most ended as {worst}",
        "The site may have a new template, or a wall. Look at the evidence of one on the page of refused URLs; once it is "
        "mended (by the site, or by a newer newsdesk) press “Retry the group” there.",
        grave=True,
        page=_refused_page(facts, worst),
    )


def _robots(facts: SourceFacts, ill: int, read: int) -> Problem:
    return Problem(
        "robots",
        f"robots.txt now forbids {ill} of {ill + read} pages",
        "Read the site's robots.txt. If that is what the publisher wants, ask them for leave, or set `enabled: false` in "
        "the source file; pages that are allowed again are retried on the page of refused URLs.",
        grave=True,
        page=_refused_page(facts, Outcome.ROBOTS_DENIED),
    )


def _refused(facts: SourceFacts, ill: int, read: int) -> Problem:
    worst = _most_frequent(facts, UNANSWERED)
    return Problem(
        "refused",
        f"{ill} of {ill + read} visits had no page for an answer; most ended as {worst}",
        "They are tried again by themselves. If its host rests (the head of the source's page says until when), wait; if it "
        "refuses us for days, write to the publisher, or set a larger `crawl_delay` in the source file.",
        grave=False,
        page=_refused_page(facts, worst),
    )


def _most_frequent(facts: SourceFacts, outcomes: Iterable[Outcome]) -> Outcome:
    """Of this run, or, where it had none of them, of today."""
    return max(outcomes, key=lambda outcome: facts.outcomes.get(outcome, 0) or facts.outcomes_today.get(outcome, 0))


def _refused_page(facts: SourceFacts, outcome: Outcome) -> str:
    return f"/quarantine?outcome={outcome}&source={quote(facts.source_id, safe='')}"
