"""Are a source's articles what they should be? Their length, language, variety, and how late they are found."""

from __future__ import annotations

from newsdesk.alerting.facts import Content, SourceFacts
from newsdesk.alerting.problem import MIN_PAGES, Problem, Verdicts
from newsdesk.model import Outcome, Source

ENOUGH = 10  # articles of a day
ENOUGH_BEFORE = 50
FOREIGN = 0.1  # share that a language had before, below which it is not the source's
LATE = 120.0  # minutes below which nothing is late
MUCH_LATER = 4.0  # times the usual


def judge_content(source: Source, facts: SourceFacts) -> Verdicts:
    return {
        **_length(source, facts),
        **_language(source, facts.content),
        **_same_text(facts.content),
        **_lag(facts.content),
    }


def _length(source: Source, facts: SourceFacts) -> Verdicts:
    published = facts.outcomes.get(Outcome.PUBLISHED, 0)
    if source.expect.body_words is None or facts.median_words is None or published < MIN_PAGES:
        return {}
    least, most = source.expect.body_words
    if least <= facts.median_words <= most:
        return {"length": None}
    return {
        "length": Problem(
            "length",
            f"half of the bodies have {facts.median_words} words or fewer, {least} to {most} were expected",
            "Compare an article's text with its page: on the source's page, under “Latest articles”.",
            grave=True,
        )
    }


def _language(source: Source, content: Content) -> Verdicts:
    """Most of a day's articles are in languages that the source did not write in before; else that its file does not name."""
    told, before = sum(content.languages.values()), sum(content.past_languages.values())
    if told < ENOUGH:
        return {}
    if before >= ENOUGH_BEFORE:
        own = {language for language, n in content.past_languages.items() if n >= FOREIGN * before}
        own |= {source.language} if source.language else set()
    elif source.language:
        own = {source.language}
    else:
        return {}
    foreign = {language: n for language, n in content.languages.items() if language not in own}
    count = sum(foreign.values())
    if 2 * count <= told:
        return {"language": None}
    return {
        "language": Problem(
            "language",
            f"{count} of {told} articles are in {', '.join(sorted(foreign))}; {', '.join(sorted(own))} was usual",
            "The site may send us another edition (by our address), or an endpoint names another site's pages. Look at “Latest "
            "articles” on the source's page; name the right edition's endpoints, or its new language, in the source file.",
            grave=True,
        )
    }


def _same_text(content: Content) -> Verdicts:
    if content.articles < ENOUGH:
        return {}
    usual = content.past_same / content.past if content.past >= ENOUGH_BEFORE else 0.0
    if 2 * content.same <= content.articles or content.same / content.articles <= 2 * usual:
        return {"same_text": None}
    return {
        "same_text": Problem(
            "same_text",
            f"{content.same} of {content.articles} articles have the same text",
            "The site may show one notice in place of its articles (consent, maintenance). Look at “Latest articles” on the "
            "source's page beside the archived pages; withdraw what is none with `newsdesk withdraw`.",
            grave=True,
        )
    }


def _lag(content: Content) -> Verdicts:
    if content.articles < ENOUGH or content.lag is None:
        return {}
    if content.past < ENOUGH_BEFORE or content.past_lag is None or content.past_long_lag is None:
        return {}
    if content.lag <= max(LATE, MUCH_LATER * content.past_lag, content.past_long_lag):
        return {"lag": None}
    return {
        "lag": Problem(
            "lag",
            f"half of the articles are found {content.lag / 60:.0f} hours after their publication or later; "
            f"{content.past_lag / 60:.1f} were usual",
            "On the source's page: are its endpoints polled as often as before, and do runs end in time? Articles that were "
            "held back by their site, or by a rest of its host, come late once.",
            grave=False,
        )
    }
