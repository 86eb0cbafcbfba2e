"""What is no article is told by its kind: an index, a gallery, a video, a live report, a forum, a shop, a manual."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata_pages import linked_data
from newsdesk.extract import verdict_model
from newsdesk.extract.addresses import read_address
from newsdesk.extract.verdict_model import WEIGHTS, chance
from newsdesk.model import Outcome
from verdict_pages import ARTICLE, PROSE, SITE, TITLE, URL, paragraphs, read, teasers


def test_a_home_page_and_a_list_are_indexes() -> None:
    assert read(f"<h1>News</h1>{teasers(20)}", "<title>The Example Times</title>", f"{SITE}/").outcome is Outcome.INDEX
    assert read(f"<h1>Harbour</h1>{teasers(12)}", "<title>Harbour</title>", f"{SITE}/news/").outcome is Outcome.INDEX
    head = "<title>Results</title>" + linked_data(**{"@type": "SearchResultsPage", "name": "Results"})
    assert read(teasers(3), head, f"{SITE}/search?q=ferry").outcome is Outcome.INDEX


def test_pictures_with_captions_are_a_gallery() -> None:
    figures = "".join(
        f"<figure><img src=/{n}.jpg><figcaption>Boat {n} at the quay.</figcaption></figure>" for n in range(9)
    )
    by_markup = linked_data(**{"@type": "ImageGallery", "name": "Boats"})
    assert read(f"<h1>The boats</h1>{figures}", "<title>The boats</title>" + by_markup).outcome is Outcome.GALLERY
    for section in ("pictures", "bilder", "diaporama", "fotogalerias"):
        found = read(
            f"<h1>The boats</h1>{figures}", "<title>The boats</title>", f"{SITE}/{section}/the-boats-of-spring"
        )
        assert found.outcome is Outcome.GALLERY, found.reason


def test_a_player_and_a_sentence_are_a_video() -> None:
    sentence = (
        "<h1>Watch: the ferry turns</h1><p>The new ferry turned in the harbour on Monday, to the applause of many.</p>"
    )
    head = "<title>Watch: the ferry turns</title>"
    assert read(f"<video src=/a.mp4></video>{sentence}", head).outcome is Outcome.VIDEO
    player = '<iframe src="https://www.youtube.com/embed/abc"></iframe>'
    assert read(player + sentence, head, f"{SITE}/video/the-ferry-turns").outcome is Outcome.VIDEO
    by_markup = linked_data(**{"@type": "VideoObject", "name": "The ferry turns"})
    assert read(sentence, head + by_markup).outcome is Outcome.VIDEO


def test_a_report_with_a_video_in_it_is_an_article() -> None:
    head = TITLE + linked_data(**{"@type": "VideoObject", "name": "The ferry turns"})
    assert read(f"<video src=/a.mp4></video>{ARTICLE}", head).outcome is None


def test_a_live_report_is_live_and_keeps_its_text() -> None:
    updates = [{"@type": "BlogPosting", "headline": f"Entry {n}"} for n in range(7)]
    by_markup = linked_data(**{"@type": "LiveBlogPosting", "headline": "Ferry", "liveBlogUpdate": updates})
    found = read(ARTICLE, TITLE + by_markup)
    assert (found.outcome, "7 entries" in (found.reason or "")) == (Outcome.LIVE, True)
    assert PROSE[0] in (found.text or "")


@pytest.mark.parametrize(
    "title",
    [
        "Storm live: ferries stay in port",
        "Sturm im Liveticker",
        "Tempête en direct",
        "Temporal, minuto a minuto",
        "Mareggiata, la diretta",
    ],
)
def test_a_live_report_without_markup_is_known_by_its_times_and_its_title(title: str) -> None:
    entries = "".join(f"<p>1{n}:{n}5 {PROSE[n % 5]}</p>" for n in range(8))
    html = f"<article><h1>{title}</h1>{entries}</article>"
    assert read(html, f"<title>{title}</title>").outcome is Outcome.LIVE
    plain = html.replace(title, "How the storm came")
    assert read(plain, "<title>How the storm came</title>").outcome is None


def test_a_forum_a_product_and_documentation_are_no_articles() -> None:
    posts = "".join(f"<div class=message><b>sailor{n}</b><p>{PROSE[n % 5]}</p></div>" for n in range(8))
    thread = read(
        posts,
        "<title>Which rope?</title>" + linked_data(**{"@type": "DiscussionForumPosting"}),
        f"{SITE}/forum/threads/which-rope.88/",
    )
    product = read(
        f"<h1>Rope, 12 mm</h1><span class=price>€ 18</span><button>Add to cart</button>{paragraphs(*PROSE[:2])}",
        "<title>Rope</title><meta property=og:type content=product>" + linked_data(**{"@type": "Product", "name": "Rope"}), f"{SITE}/products/rope-12",
    )  # fmt: skip
    manual = read(
        f"<h1>Install</h1>{paragraphs(*PROSE)}<pre><code>ferry --start</code></pre>" * 3,
        "<title>Install</title><meta name=generator content='Sphinx 7'>", "https://docs.example.com/en/install.html",
    )  # fmt: skip
    for found in (thread, product, manual):
        assert found.outcome is Outcome.NOT_ARTICLE, found.reason


def test_the_reason_names_the_strongest_signs_in_words() -> None:
    html = f"<h1>Our services</h1>{paragraphs('We help you to move your boat. Call us today and get your quote.' * 4)}"
    found = read(html + "<div class=testimonial>Great!</div>", "<title>Services</title>", f"{SITE}/services/")
    assert found.outcome is not None
    assert "rather than an article" in (found.reason or "")
    assert "service" in (found.reason or "")


def test_an_address_tells_its_kind() -> None:
    assert read_address(URL).kinds == {"article"}
    assert read_address(URL).is_dated
    assert read_address("https://forum.example.com/t/which-rope/88").kinds == {"forum"}
    assert read_address(f"{SITE}/blog").ends_in_section
    assert read_address(f"{SITE}/?p=5031").depth == 1
    assert read_address(f"{SITE}/?ref=abc").depth == 0


@given(st.text(max_size=80))
def test_any_string_has_an_address(text: str) -> None:
    assert read_address(text).depth >= 0
    assert read_address(f"https://{text}").depth >= 0


def test_each_feature_has_a_weight_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, float]] = []
    monkeypatch.setattr("newsdesk.extract.verdict.chance", lambda features: seen.append(features) or 1.0)
    assert read(ARTICLE, TITLE).outcome is not None
    assert seen[0].keys() == WEIGHTS.keys() == verdict_model._WORDS.keys()


@given(st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.floats(0, 1e6)))
def test_the_chance_is_between_0_and_1_whatever_the_features(values: dict[str, float]) -> None:
    assert 0 <= chance(dict.fromkeys(WEIGHTS, 0.0) | values) <= 1
