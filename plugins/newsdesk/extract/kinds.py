"""Of a page that is no article: which kind it is. By what it calls itself, or by what it looks like most."""

from __future__ import annotations

from newsdesk.extract import jsonld, notices
from newsdesk.extract.metadata import Metadata
from newsdesk.extract.signals import BodySignals, Signals
from newsdesk.extract.verdict_model import Features, is_dated
from newsdesk.model import Outcome

Answer = tuple[Outcome, str]

_PROSE = 150  # words of prose with which a page is more than its pictures, its video, its list
_LITTLE_PROSE = 60  # words, where only the page's looks speak against it
_LIVE_ENTRIES = 6  # blocks that begin with a time of day: a report in entries
_GALLERY_TYPES = frozenset({"ImageGallery", "MediaGallery"})
_INDEX_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList"})
_OTHER_TYPES = {
    "ProfilePage": "a profile", "ContactPage": "a contact page", "AboutPage": "an about page", "Product": "a product",
    "ProductGroup": "a product", "ItemPage": "an item's page", "QAPage": "questions and answers",
    "DiscussionForumPosting": "a forum's thread", "JobPosting": "a job offer", "Service": "a service",
    "ProfessionalService": "a service", "LocalBusiness": "a business", "SoftwareApplication": "software", "Event": "an event",
}  # fmt: skip
_OTHER_OG = {"product": "a product", "profile": "a profile", "music": "music"}


def kind_by_its_own_marks(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    """The kind that markup, address or title name, where little prose contradicts them."""
    return (
        _live(page, body, found)
        or _gallery(page, body, found)
        or _video(page, body, found)
        or _index(page, body, found)
        or _other(page, body, found)
    )


def _live(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    """A report in timed entries. Its text is kept with the document; while it grows it is no article."""
    if "LiveBlogPosting" in page.types:
        entries = max((len(u) for t in found.things if isinstance(u := t.get("liveBlogUpdate"), list)), default=0)
        return Outcome.LIVE, f"its markup calls it a live report, of {entries} entries"
    if body.clock_blocks < _LIVE_ENTRIES:
        return None
    words = " ".join(page.address.words)
    if said := notices.LIVE.search(found.title or page.page_title) or notices.LIVE.search(words):
        return Outcome.LIVE, f"a live report: {said.group()!r} and {body.clock_blocks} entries that begin with a time"
    return None


def _gallery(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if found.article and body.prose_words >= _LITTLE_PROSE:
        return None
    if (named := page.types & _GALLERY_TYPES) and body.prose_words < _PROSE:
        return (
            Outcome.GALLERY,
            f"its markup calls it a gallery ({', '.join(sorted(named))}), and it has {body.prose_words} words of prose",
        )
    pictures = max(page.elements["figure"], page.elements["picture"], page.elements["img"] // 2)
    if "gallery" in page.address.kinds and pictures >= 4 and body.prose_words < _LITTLE_PROSE:
        return (
            Outcome.GALLERY,
            f"a gallery by its address, with {pictures} pictures and {body.prose_words} words of prose",
        )
    return None


def _video(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if page.og_type.startswith("video") and body.prose_words < _PROSE:
        return Outcome.VIDEO, f"its markup calls it a video (og:type), and it has {body.prose_words} words of prose"
    if found.article and "VideoObject" not in page.types and "video" not in page.address.kinds and not page.has_player:
        return None
    if body.prose_words >= _LITTLE_PROSE:
        return None
    if _is_main(found, "VideoObject"):
        return Outcome.VIDEO, f"its markup calls it a video (VideoObject), and it has {body.prose_words} words of prose"
    if page.has_player and ("video" in page.address.kinds or page.teasers < 6):
        return Outcome.VIDEO, f"a player and {body.prose_words} words of prose"
    return None


def _is_main(found: Metadata, name: str) -> bool:
    return any(name in jsonld.types(thing) for thing in found.things) and not found.article


def _index(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    if (named := page.types & _INDEX_TYPES) and not found.article and body.prose_words < _PROSE:
        return (
            Outcome.INDEX,
            f"its markup calls it a list ({', '.join(sorted(named))}), and it has {body.prose_words} words of prose",
        )
    marked = bool(found.article) or page.og_type == "article"
    # teasers alone do not decide on a page that calls itself an article and has some text; the model does
    if page.teasers >= 6 and body.prose_words < _LITTLE_PROSE and not (marked and body.words):
        return Outcome.INDEX, f"an index: {page.teasers} teasers and {body.prose_words} words of prose"
    if not found.article and page.address.depth == 0 and page.teasers >= 3:
        return Outcome.INDEX, f"a home page with {page.teasers} teasers"
    return None


def _other(page: Signals, body: BodySignals, found: Metadata) -> Answer | None:
    # a report's page may list events or products beside it
    if found.article or page.og_type == "article" or is_dated(found) or body.prose_words >= _PROSE:
        return None
    other = next((word for name, word in _OTHER_TYPES.items() if name in page.types), None)
    other = other or _OTHER_OG.get(page.og_type.partition(".")[0])
    return (
        (Outcome.NOT_ARTICLE, f"its markup calls it {other}, and it has {body.prose_words} words of prose")
        if other
        else None
    )


def kind_by_looks(page: Signals, body: BodySignals, features: Features) -> Answer:
    """(outcome, what it is) of a page that the model takes for no article: its strongest kind."""
    if features["forum"]:
        return Outcome.NOT_ARTICLE, "a forum's thread"
    if features["product"] or page.og_type.startswith("product"):
        return Outcome.NOT_ARTICLE, "a product"
    if features["documentation"]:
        return Outcome.NOT_ARTICLE, "documentation"
    if "gallery" in page.address.kinds and body.prose_words < _PROSE:
        return Outcome.GALLERY, "a gallery"
    if "video" in page.address.kinds and page.has_player and body.prose_words < _PROSE:
        return Outcome.VIDEO, "a video"
    many_links = page.link_words > 0.45 * max(1, page.visible_words) or page.elements["article"] > 5
    if features["service"] and page.address.depth > 0 and not many_links:
        return Outcome.NOT_ARTICLE, "a service or company page"
    if (
        many_links
        or page.address.depth == 0
        or features["list"]
        or (page.teasers >= 12 and body.prose_words < 20 * page.teasers)
    ):
        return Outcome.INDEX, "an index"
    return Outcome.NOT_ARTICLE, "another kind of page"
