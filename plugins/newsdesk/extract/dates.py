"""When an article was published and modified: which of the page's many dates counts.

The first telling source gives the day: JSON-LD, meta, microdata, `<time>` by the headline, a date written there, the
address, htmldate. Where later sources agree with each other on another day they outvote it: a system that fills a
field wrongly is met more often than two that err alike. A source that tells the time, or the zone, of the same day
sharpens it. No instant lies after the fetch, and the day of the fetch is never a guess's answer: pages show clocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.html import HtmlElement

from newsdesk.extract import jsonld
from newsdesk.extract.markup import Meta, after, before, short_text_of, squeeze
from newsdesk.extract.moments import EARLIEST, MAX_LENGTH, WIDEST_ZONE, Moment, dates_in, moment_of, zone_of
from newsdesk.model import JsonObject, Page

_PUBLISHED_META = ("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
                   "article:published", "sailthru.date", "publishdate", "publish_date", "publish-date", "published_date", "publicationdate",
                   "publication_date", "pubdate", "originalpublicationdate", "citation_publication_date", "date.issued", "dc.date.issued",
                   "dcterms.created", "dc.date.created", "dcterms.issued", "cxenseparse:recs:publishtime", "cxenseparse:recs:articlepublishtime",
                   "article.published", "article.created", "shareaholic:article_published_time", "vr:published_time", "rnews:datepublished",
                   "date", "dc.date", "dcterms.date", "datecreated", "last-published")  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "dcterms.modified", "dc.date.modified",
                  "article:modified", "article.updated", "lastmod", "last-modified", "last_updated_date", "parsely-updated", "revised")  # fmt: skip
_TIME_OF_ARTICLE = "(//article | //main | //header)//time[@datetime]"
Marks = Mapping[str, list[HtmlElement]]  # see markup.read_marks
_MODIFIED_WORDS = re.compile(
    r"modif|updat|revis|edited|aktualis|stand\b|geändert|mis à jour|actualiz|aggiorn|atualiz|bijgewerkt|opdater|oppdater|uppdater|"
    r"päivitetty|aktualiz|обновл|оновлен|изменен|güncelle|diperbarui|cập nhật|更新|수정",
    re.IGNORECASE,
)
_OTHERS_DATES = re.compile(r"comment|event|related|teaser|copyright|footer|sidebar", re.IGNORECASE)
_OTHERS_BOX = re.compile(r"\bcomments?\b|related|teaser", re.IGNORECASE)
_FRAME = frozenset({"footer", "nav", "aside"})  # of the page, with clocks and other things' dates
_NEAR = 60  # elements after the headline among which its date stands
_AROUND = 60  # characters that may stand around a date in words
_BEFORE = 12  # elements before it
_DEEP = 2  # paragraphs of prose below which no dateline stands
_PROSE = 80  # characters of one
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:(?P<s>[/_.-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})|(?P<mm>\d{2})/?(?P<dd>\d{2}))(?!\d)"
)
_ONE_DAY = timedelta(days=1)
_ANY_ZONE = (timedelta(hours=-12), WIDEST_ZONE)  # behind and ahead of UTC
_MONTH_FIRST = re.compile(r"en(?:[-_](?:us|ph))?\Z", re.IGNORECASE)  # how 03/04/2026 is meant there


def published_of(
    tree: HtmlElement, meta: Meta, marks: Marks, article: JsonObject, about: JsonObject, page: Page,
    headline: HtmlElement | None,
) -> Moment | None:  # fmt: skip
    """The publication as the page tells it. about: the JSON-LD object of the page itself; headline: its element."""
    month_first = bool(_MONTH_FIRST.match(tree.get("lang") or "en"))
    zone = zone_of(page.timezone)
    told = [
        moment
        for raw, source in _published_texts(meta, marks, article, about, headline)
        if (moment := moment_of(raw, source, zone, page.fetched_at, month_first=month_first))
    ]
    in_url = _day_of_url(page)
    if (
        len({moment.day for moment in told}) == 1
        and len({moment.source for moment in told}) > 1
        and not _is_utc(told[0])
    ):
        return _sharpened(told[0], told)
    written, changed = _by_heading(tree, headline, zone, page, month_first)
    seen = [moment for moment in (written, in_url) if moment]
    if told:
        days = [moment.day for moment in (*told, *seen) if not _is_utc(moment)]
        return _on_its_own_day(_sharpened(_voted([*told, *seen], changed), told), days, zone)
    if written and (not in_url or abs(written.day - in_url.day) <= _ONE_DAY):
        return written
    marked = (
        moment
        for element in _times_of_article(tree)
        if (moment := moment_of(element.get("datetime"), "time", zone, page.fetched_at))
        and not (_is_masthead(element) and moment.day in _days_of_fetch(page, zone))
    )
    return in_url or written or next(marked, None) or changed or _by_htmldate(tree, page, zone)


def modified_of(
    meta: Meta, marks: Marks, article: JsonObject, about: JsonObject, page: Page, published: Moment | None
) -> Moment | None:
    """None also where it would lie before the publication."""
    zone = zone_of(page.timezone)
    texts = [
        (jsonld.text(article.get("dateModified")), "json-ld"),
        *((raw, "meta") for raw in meta.all(*_MODIFIED_META)),
        *((_value(element), "microdata") for element in marks.get("dateModified", ())[:2]),
        (jsonld.text(about.get("dateModified")), "json-ld page"),
    ]
    for raw, source in texts:
        moment = moment_of(raw, source, zone, page.fetched_at)
        if moment and (published is None or moment.at >= published.at):
            return moment
    return None


def _published_texts(
    meta: Meta, marks: Marks, article: JsonObject, about: JsonObject, headline: HtmlElement | None
) -> Iterator[tuple[str | None, str]]:
    yield jsonld.text(article.get("datePublished")), "json-ld"
    for raw in meta.all(*_PUBLISHED_META):
        yield raw, "meta"
    for element in (*marks.get("datePublished", ())[:3], *marks.get("pubdate", ())[:1]):
        yield _value(element), "microdata"
    yield jsonld.text(article.get("dateCreated")), "json-ld"
    yield jsonld.text(about.get("datePublished")), "json-ld page"
    near = after(headline, _NEAR) if headline is not None else []
    for element in [element for element in near if element.tag == "time" and not _is_other(element)][:1]:
        yield element.get("datetime") or element.text, "time"


def _value(element: HtmlElement) -> str | None:
    return element.get("datetime") or element.get("content") or short_text_of(element, MAX_LENGTH)


def _times_of_article(tree: HtmlElement) -> list[HtmlElement]:
    """The first `<time>` of the article's own parts, unless it is another thing's."""
    return [element for element in tree.xpath(_TIME_OF_ARTICLE)[:1] if not _is_other(element)]


def _is_masthead(element: HtmlElement) -> bool:
    above = {str(box.tag) for box in element.iterancestors()}
    return "header" in above and not above & {"article", "main"}


def _is_other(element: HtmlElement) -> bool:
    """The time of a change, a comment or an event."""
    parent = element.getparent()
    marks = f"{element.get('class') or ''} {(parent.get('class') or '') if parent is not None else ''}"
    boxes = (f"{above.get('class') or ''} {above.get('id') or ''}" for above in islice(element.iterancestors(), 4))
    if any(map(_OTHERS_BOX.search, boxes)):
        return True
    around = short_text_of(parent, MAX_LENGTH) if parent is not None and len(parent) <= 3 else ""
    before = around.partition(short_text_of(element, MAX_LENGTH) or "\0")[0]
    said = f"{element.get('itemprop') or ''} {element.text or ''} {before}"
    return bool(_MODIFIED_WORDS.search(said[-MAX_LENGTH:]) or _OTHERS_DATES.search(marks))


def _by_heading(
    tree: HtmlElement, headline: HtmlElement | None, zone: tzinfo, page: Page, month_first: bool
) -> tuple[Moment | None, Moment | None]:
    """As `_written`, by the headline, else by the page's first h1."""
    for heading in dict.fromkeys((headline, next(tree.iter("h1"), None))):
        if heading is not None and any(found := _written(heading, zone, page, month_first)):
            return found
    return None, None


def _written(headline: HtmlElement, zone: tzinfo, page: Page, month_first: bool) -> tuple[Moment | None, Moment | None]:
    """(the first date in words by the headline, the first that is said to be a change's).

    A clock without a zone, in no known zone, tells a day only. The day of the fetch counts only between the headline and
    the text: above and below, pages tell their readers what day it is.
    """
    changed: Moment | None = None
    today = _days_of_fetch(page, zone)
    passed = 0  # paragraphs of prose
    others: set[HtmlElement] = set()  # boxes of other things' dates
    below = after(headline, _NEAR)
    for place, element in enumerate((*below, *before(headline, _BEFORE))):
        is_frame = element.tag in _FRAME or _OTHERS_DATES.search(element.get("class") or "")
        if is_frame or element.getparent() in others:
            others.add(element)
            continue
        text = short_text_of(element, MAX_LENGTH)
        is_far = place >= len(below) or passed >= _DEEP
        passed += element.tag == "p" and not 0 < len(text) < _PROSE and any(map(str.strip, element.itertext()))
        if len(element) > 6:
            continue
        last = 0
        for start, end, local, precision in dates_in(text, month_first):
            said = text[last:start]
            last = end
            if len(text) - (end - start) > _AROUND:
                break  # a sentence, a caption
            moment = _as_moment(local, precision if page.timezone else "day", zone, page)
            if moment is None or (moment.day in today and is_far):
                continue
            if _MODIFIED_WORDS.search(said):
                changed = changed or moment
            elif not (changed and moment.day == changed.day):  # else the same again, without its words
                return moment, changed
    return None, changed


def _as_moment(local: datetime, precision: str, zone: tzinfo, page: Page) -> Moment | None:
    at = datetime(local.year, local.month, local.day, tzinfo=UTC) if precision == "day" else local.replace(tzinfo=zone)
    moment = moment_of(at.isoformat(), "written", zone, page.fetched_at)
    return replace(moment, precision=precision, offset=None, day=local.date()) if moment else None


def _voted(moments: list[Moment], changed: Moment | None) -> Moment:
    """The first, unless more kinds of source agree on another day.

    Nor where it stands alone and the page shows its readers an earlier day: what is put in a field may be the day of a
    move or of the last change, but no page shows itself, or its last change, older than it is. A day's difference is the
    zone's.
    """
    first = moments[0]
    sides: dict[date, set[str]] = {}
    for moment in moments:
        sides.setdefault(moment.day, set()).add(moment.source.partition(" ")[0])
    if first.precision != "day" and any(day != first.day and day in _days_of(first) for day in sides):
        return first
    day, kinds = max(sides.items(), key=lambda side: len(side[1]))
    if len(kinds) > len(sides[first.day]):
        return next(moment for moment in moments if moment.day == day)
    shown = next((moment for moment in moments if moment.source == "written"), changed or first)
    return shown if shown.day < first.day and len(sides[first.day]) == 1 else first


def _sharpened(first: Moment, told: list[Moment]) -> Moment:
    """The same moment as another source tells it with its zone, or at least its time."""
    if first.zoned:
        return first
    near = [moment for moment in told if abs(moment.day - first.day) <= _ONE_DAY and moment.precision != "day"]
    if first.precision == "day":
        near = [moment for moment in near if moment.day == first.day]
    return next((moment for moment in near if moment.zoned), near[0] if near else first)


def _is_utc(moment: Moment) -> bool:
    """Told in UTC, which few outlets live by: the day there may be the next one or the one before."""
    return moment.offset == timedelta(0) and moment.precision != "day"


def _on_its_own_day(moment: Moment, days: list[date], zone: tzinfo) -> Moment:
    """With the day that the page calls it by, where the instant was told in UTC and some zone has it on that day.

    Else with the day that it was in the source's zone.
    """
    if not _is_utc(moment) or moment.day in days:
        return moment
    own = moment.at.astimezone(zone).date()
    return replace(moment, day=next((day for day in days if day in _days_of(moment)), own))


def _days_of(moment: Moment) -> set[date]:
    """The days that it is anywhere on earth."""
    return {(moment.at + offset).date() for offset in _ANY_ZONE}


def _days_of_fetch(page: Page, zone: tzinfo) -> set[date]:
    """What a page that shows the present day shows; where no zone is known, anywhere on earth."""
    if page.fetched_at is None:
        return set()
    if page.timezone:
        return {page.fetched_at.astimezone(zone).date()}
    return {(page.fetched_at + offset).date() for offset in _ANY_ZONE}


def _day_of_url(page: Page) -> Moment | None:
    for found in _URL_DAY.finditer(urlsplit(page.url).path[:500]):
        text = f"{found['y']}-{int(found['m'] or found['mm']):02}-{int(found['d'] or found['dd']):02}"
        if moment := moment_of(text, "url", UTC, page.fetched_at):
            return moment
    return None


def _by_htmldate(tree: HtmlElement, page: Page, zone: tzinfo) -> Moment | None:
    """What htmldate finds in the text. No first of January (a lone year's stand-in) and no day of the fetch (a clock)."""
    limit = page.fetched_at or datetime.now(UTC)
    try:
        found = find_date(tree, original_date=True, extensive_search=True, url=page.url, max_date=f"{limit:%Y-%m-%d}")
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError):  # of its pattern code, on odd pages
        return None
    moment = moment_of(squeeze(found), "htmldate", UTC, limit) if found else None
    if (
        moment is None
        or moment.at < EARLIEST
        or moment.day in {limit.date()} | _days_of_fetch(page, zone)
        or (moment.day.month, moment.day.day) == (1, 1)
    ):
        return None
    return replace(moment, precision="day", offset=None)
