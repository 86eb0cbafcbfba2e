"""Stories: articles of the same event, in other words, are one group."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelled_data import labelled_rows
from newsdesk.local.newsroom.outlets import OUTLETS
from newsdesk.local.newsroom.truth import expected_rows
from newsdesk.model import Text
from newsdesk.stories.grouping import Grouper, Placed, group_corpus
from newsdesk.stories.linkage import average_link
from newsdesk.stories.terms import MIDDLE, NAME, NUMBER, SHORT, WORD, Terms, packed, terms_of, unpacked
from newsdesk.stories.window import Window

FERRY = (
    "A ferry with 212 passengers ran aground off Brackwater on Monday night, and 14 people were taken to hospital.",
    "Fourteen hurt as Brackwater ferry hits a sandbank; all 212 passengers were brought ashore by lifeboats.",
    "Lifeboat crews worked until dawn to empty the ferry that ran onto a sandbank near Brackwater harbour.",
)
DAM = (
    "Engineers have begun to lower the water behind the Hollin dam after a crack 30 metres long was found.",
    "The crack in the Hollin dam is no danger to the valley, its operator says, while the water is lowered.",
    "Residents below the Hollin dam were told to leave their homes as engineers looked at the crack in it.",
)
STRIKE = (
    "Bus drivers in Aldermoor walked out for a second week over pay, leaving 40 routes without service.",
    "Talks to end the strike of bus drivers in Aldermoor broke down; the union wants six per cent more pay.",
)
MONDAY = datetime(2024, 3, 4, 8, tzinfo=UTC)


def texts(*bodies: str, language: str | None = "en", every: timedelta | None = None) -> list[Text]:
    return [
        Text(str(place), None, body, published=MONDAY + place * every if every else None, language=language)
        for place, body in enumerate(bodies)
    ]


def parts(grouped: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(name for name, story in grouped.items() if story == one) for one in set(grouped.values())}


def terms(body: str) -> Terms:
    return terms_of(Text("x", None, body))


def test_reports_of_one_event_are_one_story_and_those_of_others_are_not() -> None:
    assert parts(group_corpus(texts(*FERRY, *DAM, *STRIKE))) == {
        frozenset("012"),
        frozenset("345"),
        frozenset("67"),
    }


def test_a_storys_id_is_that_of_the_article_that_came_first() -> None:
    assert group_corpus(texts(*FERRY))["2"] == "0"


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_events_stay_apart_whatever_comes_first(order: tuple[int, ...]) -> None:
    given_texts = texts(*FERRY[:2], *DAM[:2], *STRIKE)
    shuffled = [given_texts[place] for place in (*order, 4, 5)]
    assert {"0", "1"} in [set(part) for part in parts(group_corpus(shuffled))]


def test_texts_in_different_languages_are_different_stories() -> None:
    english, other = texts(FERRY[0])[0], texts(FERRY[0], language="fr")[0]
    assert len(parts(group_corpus([english, Text("fr", None, other.body, language="fr")]))) == 2


def test_variants_of_a_language_are_one() -> None:
    one, two = texts(*FERRY[:2])
    regional = Text(two.id, None, two.body, language="en-GB")
    assert (
        len(parts(group_corpus([one, regional, *(Text(f"d{n}", None, b, language="en") for n, b in enumerate(DAM))])))
        == 2
    )


def test_an_article_outside_the_window_begins_a_story_of_its_own() -> None:
    near = group_corpus(texts(*FERRY, every=timedelta(days=1)))
    far = group_corpus(texts(*FERRY, every=timedelta(days=8)))
    assert len(set(near.values())) == 1
    assert len(set(far.values())) == 3


def test_a_story_goes_on_for_as_long_as_no_gap_is_longer_than_the_window() -> None:
    again = [FERRY[n % 3] for n in range(6)]
    assert len(set(group_corpus(texts(*again, every=timedelta(days=3))).values())) == 1


def test_an_article_that_bridges_two_stories_joins_them() -> None:
    grouper = Grouper(threshold=0.3)
    first = grouper.add(terms("Alpha Bravo Charlie Delta"))
    second = grouper.add(terms("Echo Foxtrot Golf Hotel"))
    other = grouper.add(terms("India Juliett Kilo Lima"))
    assert len({grouper.story_of(row) for row in (first, second, other)}) == 3
    for _ in range(2):
        grouper.add(terms("Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel"))
    assert grouper.story_of(first) == grouper.story_of(second) != grouper.story_of(other)
    assert grouper.ended()


def test_older_articles_of_a_story_that_is_joined_go_with_it() -> None:
    day = 86_400.0
    alpha, echo = terms("Alpha Bravo Charlie Delta"), terms("Echo Foxtrot Golf Hotel")
    grouper = Grouper(next_story=3, threshold=0.3)
    grouper.load(
        [
            Placed(alpha, 0.0, 1),
            Placed(alpha, 6 * day, 1),
            *(Placed(echo, 6 * day, 2) for _ in range(3)),
            *(Placed(terms(f"Other{n} Thing{n}"), 0.0, 1_000 + n) for n in range(30)),
        ]
    )
    for _ in range(3):
        grouper.add(terms("Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel"), 9 * day)
    assert grouper.story_of(1) == 2
    assert grouper.story_of(0) == 2
    assert grouper.ended() == {1: 2}


def test_a_text_in_new_words_keeps_its_storys_id() -> None:
    grouper = Grouper(next_story=8)
    grouper.load([Placed(terms(DAM[0]), 0.0, 3)])
    row = grouper.add(terms(FERRY[0]), 0.0, story=7)
    assert grouper.story_of(row) == 7


def test_a_large_story_is_not_taken_apart_and_still_grows() -> None:
    grouper = Grouper()
    for n in range(60):
        grouper.add(terms(f"{FERRY[0]} Paragraph {n}."))
        grouper.add(terms(f"{DAM[0]} Remark {n}."))
    sizes = sorted(len(grouper.members_of(story)) for story in {grouper.story_of(row) for row in range(120)})
    assert sizes[-2:] == [60, 60]


def test_the_most_typical_article_is_the_one_most_like_the_others() -> None:
    grouper = Grouper(next_story=2)
    bodies = ("Alpha Bravo Xray", "Alpha Bravo Charlie", "Alpha Charlie Yankee", "Bravo Charlie Zulu")
    grouper.load([Placed(terms(body), 0.0, 1) for body in bodies])
    assert grouper.most_typical(1) == 1


@pytest.mark.parametrize("body", ["", " \n", "!?", "\ud800", "12"])
def test_texts_without_words_are_stories_of_their_own(body: str) -> None:
    assert len(set(group_corpus([Text("a", None, body), Text("b", None, body)]).values())) in (1, 2)
    assert set(group_corpus([Text("a", None, body)]).values()) == {"a"}


def kinds_of(text: Text) -> list[int]:
    return sorted(terms_of(text)["kind"].tolist())


def test_names_and_numbers_are_told_from_words() -> None:
    found = kinds_of(Text("x", "Police Close Harbour", "Police closed Brackwater harbour at 9pm. Then police left."))
    # closed, harbour, police; Brackwater; 9pm; at; close, then, left
    assert found == [WORD, WORD, WORD, NAME, NUMBER, SHORT, MIDDLE, MIDDLE, MIDDLE]


@pytest.mark.parametrize(
    "body", ["Police left.", "they left. Police stayed", 'she said: "Police left"', "Police: police"]
)
def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name(body: str) -> None:
    assert NAME not in kinds_of(Text("x", None, body))


def test_a_headline_tells_of_names_unless_most_of_its_words_have_capitals() -> None:
    assert NAME in kinds_of(Text("x", "Ferry off Brackwater is empty", "none"))
    assert NAME not in kinds_of(Text("x", "Ferry Off Brackwater Is Empty", "none"))


def test_names_that_were_looked_for_count_where_letters_have_no_case() -> None:
    body = "وصل القطار الى الميناء"
    without, with_names = terms_of(Text("x", None, body)), terms_of(Text("x", None, body, names=("الميناء",)))
    assert [int((found["kind"] == NAME).sum()) for found in (without, with_names)] == [0, 1]


def test_text_without_spaces_gives_pairs_of_characters() -> None:
    assert len(terms_of(Text("x", None, "渡輪在港口擱淺"))) == 6


@given(st.text(max_size=300), st.text(max_size=40))
def test_terms_are_sorted_each_once_and_survive_packing(body: str, title: str) -> None:
    found = terms_of(Text("x", title, body))
    assert (np.diff(found["term"].astype(object)) > 0).all()
    assert (unpacked(packed(found)) == found).all()


@given(
    st.lists(st.sampled_from("Alpha Bravo charlie delta 7 eight".split()), min_size=1, max_size=30), st.integers(0, 5)
)
def test_likeness_is_the_same_in_both_indexes_and_of_an_article_with_itself_is_one(words: list[str], late: int) -> None:
    window = Window()
    bodies = [" ".join(words), *(f"{a} filler{n}" for n, a in enumerate(words))]
    window.load([terms(body) for body in bodies])
    rows = [window.add(terms(f"{words[0]} late{n} tail{n}")) for n in range(late)]
    for row in (0, *rows):
        like = window.likeness(row)
        assert like[row] == pytest.approx(1)
        among = window.likeness_among([[each] for each in range(len(window))])
        assert like == pytest.approx(among[row])


def test_groups_of_items_are_joined_by_the_average_of_their_pairs() -> None:
    like = np.array([[1, 0.9, 0.5], [0.9, 1, 0.1], [0.5, 0.1, 1]])
    assert average_link(like, [1, 1, 1], 0.31) == [0, 0, 2]
    assert average_link(like, [1, 1, 1], 0.29) == [0, 0, 0]
    assert average_link(like, [3, 1, 1], 0.31) == [0, 0, 0]  # (3 · 0.5 + 0.1) / 4


def test_articles_on_different_events_are_different_stories_even_where_they_are_all_there_is() -> None:
    long_texts = [
        "The council said on Tuesday that it would pay for the new roof of the swimming pool in Otterby, which has been "
        "shut since the winter, and that the work was to begin in the spring after a vote in which most were for it.",
        "In a letter to the bank the owners of the mill wrote that they had paid what they owed, and that the rest of the "
        "money would come when the wheel turned again; the bank said that it had not yet seen the letter.",
        "At the end of a long night the singers of the valley had won the cup for the third time in a row, and the "
        "conductor said that it was the best that they had ever sung and that she had not slept since Sunday.",
    ]
    assert len(set(group_corpus(texts(*long_texts)).values())) == 3


def test_the_same_arrivals_give_the_same_stories() -> None:
    given_texts = texts(*FERRY, *DAM, *STRIKE, every=timedelta(hours=1))
    assert group_corpus(given_texts) == group_corpus(list(reversed(given_texts)))


def test_the_newsrooms_reports_of_one_event_are_one_story_and_its_other_articles_are_not() -> None:
    rows = expected_rows({outlet.id: f"https://{outlet.id}.example" for outlet in OUTLETS}, 2)
    different = {row.group or row.url: row for row in rows if row.body}.values()  # reprints once
    found = group_corpus(
        Text(row.url, row.title, row.body or "", row.published_at, row.source_id, row.language) for row in different
    )
    of_title = {row.title: found[row.url] for row in different}
    assert (
        of_title["Le pont des Tanneurs fermé six mois à Valbrune"]
        == of_title["Une navette gratuite pendant les travaux du pont des Tanneurs"]
    )
    assert max(Counter(found.values()).values()) <= 4


def test_labelled_events_are_told_apart() -> None:
    rows = labelled_rows("stories/dev.jsonl.gz")
    random.Random(0).shuffle(rows)
    found = group_corpus(Text(row["id"], None, row["text"], language=row["lang"]) for row in rows)
    truth, ours = Counter(row["cluster"] for row in rows), Counter(found.values())
    both = Counter((row["cluster"], found[row["id"]]) for row in rows)
    precision = sum(count * count / ours[story] for (_, story), count in both.items()) / len(rows)
    recall = sum(count * count / truth[event] for (event, _), count in both.items()) / len(rows)
    assert 2 * precision * recall / (precision + recall) >= 0.89  # B-cubed; average link over all at once reaches .904
