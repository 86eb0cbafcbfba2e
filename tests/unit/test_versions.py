"""What makes another version of an article and what does not, and how the difference reads."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsdesk import moving_text
from newsdesk.article_versions import CUT, MOST_DIFF, State, compare
from newsdesk.revisits import DEFAULT_AGES, read_ages, write_age
from newsdesk.settings import read_settings

SEEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
STORY = (
    "The ferry ran aground off Port Ellery on Monday. Five people were hurt, the coast guard said.\n\n"
    "The company had sold 500 shares to its crew, 3 years ago."
)
FIRST = State(
    "Ferry aground off Port Ellery", STORY, ("Nora Whitfield",), datetime(2026, 3, 2, 7, 41, tzinfo=UTC), "minute", None, SEEN,
)  # fmt: skip


def later(hours: float = 2, **values: Any) -> State:
    return replace(FIRST, seen_at=SEEN + timedelta(hours=hours), **values)


def with_line(state: State, line: str) -> State:
    return replace(state, body=f"{state.body}\n\n{line}" if line else state.body)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("57 shares", "114 shares"), ("57 people shared this", "58 people shared this"), ("Share · Email · Shared 57 times", "Share · Email · Shared 114 times"),
        ("1.2K views", "1.3K views"), ("12 comments", "13 comments"), ("12 comments", ""), ("", "1 comment"), ("1204", "1310"),
        ("57 Mal geteilt", "61 Mal geteilt"), ("Compartido 57 veces", "Compartido 98 veces"), ("57 commentaires", "61 commentaires"),
        ("57 просмотров", "61 просмотров"), ("阅读1234次", "阅读2234次"), ("57 مشاهدة", "61 مشاهدة"), ("조회수 57", "조회수 61"),
        ("5 min read", "6 min read"), ("Lesezeit 5 min", "Lesezeit 6 min"),
    ],
)  # fmt: skip
def test_a_moving_count_makes_no_version(before: str, after: str) -> None:
    assert compare(with_line(FIRST, before), with_line(later(), after)).changed == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated 3 hours ago", "Updated 5 hours ago"), ("An hour ago", "3 hours ago"), ("vor 3 Stunden", "vor 5 Stunden"), ("il y a 3 heures", "il y a 5 heures"),
        ("hace 3 horas", "hace 5 horas"), ("3 ore fa", "5 ore fa"), ("há 3 horas", "há 5 horas"), ("3 uur geleden", "5 uur geleden"),
        ("för 3 timmar sedan", "för 5 timmar sedan"), ("3 часа назад", "5 часов назад"), ("3小时前", "5小时前"), ("3時間前", "5時間前"),
        ("3시간 전", "5시간 전"), ("منذ 3 ساعات", "منذ 5 ساعات"), ("3 saat önce", "5 saat önce"), ("3 godziny temu", "5 godzin temu"),
        ("By Nora Whitfield, 3 hours ago", "By Nora Whitfield, 5 hours ago"), ("It ran aground 3 hours ago, said the mate.", "It ran aground 5 hours ago, said the mate."),
    ],
)  # fmt: skip
def test_a_time_told_from_now_that_grew_with_the_clock_makes_no_version(before: str, after: str) -> None:
    assert compare(with_line(FIRST, before), with_line(later(2), after)).changed == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Monday, 2 March 2026", "Tuesday, 3 March 2026"), ("Castlemere, Monday, 2 March 2026", "Castlemere, Tuesday, 3 March 2026"),
        ("Montag, 2. März 2026", "Dienstag, 3. März 2026"), ("2026年3月2日", "2026年3月3日"),
        ("Updated: 2 March 2026, 14:05", "Updated: 3 March 2026, 9:15"), ("Mis à jour le 2 mars 2026 à 14h05", "Mis à jour le 3 mars 2026 à 9h15"),
    ],
)  # fmt: skip
def test_a_date_of_today_and_a_stamp_make_no_version(before: str, after: str) -> None:
    assert compare(with_line(FIRST, before), with_line(later(24), after)).changed == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("He said \"no\" - it's over...", "He said “no” — it’s over…"), ("«mot »", "« mot »"), ("„ja“", '"ja"'), ("- item", "• item"),
        ("one  two\tthree", "one two three"), ("one\u00a0two", "one two"), ("co\u00adoperate", "cooperate"), ("ﬁre", "fire"), ("cafe\u0301", "café"),
        ("One.\n\nTwo.", "One. Two."), ("中 国 。", "中国。"), ("３月", "3月"),
    ],
)  # fmt: skip
def test_typesetting_makes_no_version(before: str, after: str) -> None:
    assert compare(with_line(FIRST, before), with_line(later(), after)).changed == ()
    if before != "- item":
        assert compare(replace(FIRST, title=before), later(title=after)).changed == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Five people", "Seven people"), ("500 shares", "600 shares"), ("3 years ago", "4 years ago"), ("Monday", "Tuesday"), (" of", ""), ("hurt,", "hurt"),
    ],
)  # fmt: skip
def test_a_figure_or_word_of_a_sentence_makes_a_version(before: str, after: str) -> None:
    changed = STORY.replace(before, after, 1) if before in STORY else f"{STORY} One{after}"
    base = FIRST if before in STORY else replace(FIRST, body=f"{STORY} One{before}")
    assert compare(base, later(body=changed)).changed == ("body",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dead: 5", "Dead: 7"), ("Hearing: 5 March 2026", "Hearing: 6 March 2026"), ("5 March 2026", "6 March 2026"), ("2 - 1", "2 - 2"),
        ("Fund sold 500 shares", "Fund sold 600 shares"), ("It sank 3 hours ago.", "It sank 9 hours ago."), ("10%", "10"), ("$5", "€5"),
        ("The vote is on 2 March 2026", "The vote is on 3 March 2026"), ("Seats\n57\n12\n4", "Seats\n58\n12\n4"), ("5 people died", "7 people died"),
        ("Shares rose 5 times.", "Shares rose 6 times."), ("polish workers", "Polish workers"), ("", "Correction: the ship is called Aurora."),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_count_or_clock_makes_a_version(before: str, after: str) -> None:
    assert compare(with_line(FIRST, before), with_line(later(), after)).changed == ("body",)


def test_each_field_that_changed_is_named() -> None:
    change = compare(
        FIRST,
        later(title="Ferry freed", body=STORY.replace("Five", "Seven"), authors=("Nora Whitfield", "Peter Stanhope"),
              published_at=FIRST.published_at + timedelta(hours=1), modified_at=SEEN),  # type: ignore[operator]
    )  # fmt: skip
    assert change.changed == ("title", "body", "authors", "published_at", "modified_at")
    assert (change.added, change.removed) == (1, 1)
    assert change.is_version


def test_a_moved_time_of_change_alone_makes_no_version() -> None:
    assert not compare(FIRST, later(modified_at=SEEN)).is_version


@pytest.mark.parametrize("authors", [("NORA WHITFIELD",), ("Nora  Whitfield",)])
def test_a_byline_set_otherwise_is_the_same(authors: tuple[str, ...]) -> None:
    assert compare(FIRST, later(authors=authors)).changed == ()
    both = ("Nora Whitfield", "Peter Stanhope")
    assert compare(replace(FIRST, authors=both), later(authors=both[::-1])).changed == ()


def test_a_headline_in_capitals_is_the_same_headline() -> None:
    assert compare(FIRST, later(title="FERRY AGROUND OFF PORT ELLERY")).changed == ()


@pytest.mark.parametrize(
    ("before", "precision", "after", "new_precision", "hours", "changed"),
    [
        ("2026-03-02T00:00Z", "day", "2026-03-02T07:41Z", "minute", 2, False),  # told more finely
        ("2026-03-02T07:41Z", "minute", "2026-03-02T07:41:12Z", "second", 2, False),
        ("2026-03-02T07:41Z", "minute", "2026-03-02T08:41Z", "minute", 2, True),
        ("2026-03-01T00:00Z", "day", "2026-02-28T00:00Z", "day", 24, True),
        ("2026-03-02T00:00Z", "day", "2026-03-03T00:00Z", "day", 24, False),  # today's date, both times
        ("2026-03-02T10:00Z", "minute", "2026-03-02T12:00Z", "minute", 2, False),  # the moment of reading, both times
        ("2026-03-02T07:41Z", "minute", None, None, 2, True),
    ],
)
def test_a_time_of_publication_changes_only_where_it_is_another(
    before: str, precision: str, after: str | None, new_precision: str | None, hours: int, changed: bool
) -> None:
    old = replace(FIRST, published_at=datetime.fromisoformat(before), published_precision=precision)
    new = later(hours, published_at=after and datetime.fromisoformat(after), published_precision=new_precision)
    assert compare(old, new).is_version is changed


def test_a_block_that_is_left_out_as_furniture_now_was_not_removed_by_its_publisher() -> None:
    before = with_line(FIRST, "The Courier is printed on paper from the county’s own 7 woods.")
    after = later(left_out=("The Courier is printed on paper from the county's own 9",))
    change = compare(before, after)
    assert (change.changed, change.better_read) == ((), True)
    assert not compare(before, later()).better_read
    assert compare(before, later()).is_version
    assert compare(before, later(left_out=("The",))).is_version  # another block, not the beginning of this one


def test_a_difference_reads_as_old_and_new_words_with_few_others() -> None:
    far = " ".join(f"w{n}" for n in range(40))
    before = replace(FIRST, body=f"{far} It killed five people. {far}\n\n57 shares\n\nThe “end” of it.")
    after = later(
        title="Ferry freed off Port Ellery",
        body=f'{far} It killed seven people. {far}\n\n61 shares\n\nThe "end" of it all.',
    )
    diff = compare(before, after).diff
    assert diff is not None
    title, first, second = diff.splitlines()
    assert title == "title: Ferry [-aground-] {+freed+} off Port Ellery"
    assert first == f"{CUT} w34 w35 w36 w37 w38 w39 It killed [-five-] {{+seven+}} people. w0 w1 w2 w3 w4 w5 w6 {CUT}"
    assert second == f'{CUT} w35 w36 w37 w38 w39 ¶ The "end" of [-it.-] {{+it all.+}}'
    assert "shares" not in diff


def test_a_text_that_is_another_altogether_has_a_bounded_difference() -> None:
    change = compare(replace(FIRST, body="old word\n\n" * 20_000), later(body="new text\n\n" * 20_000))
    assert change.diff is not None
    assert len(change.diff) <= MOST_DIFF + len(CUT) + 1
    assert (change.added, change.removed) == (40_000, 40_000)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1\n" * 1_900, "2\n" * 1_900), (f"a{' ' * 200_000}b", f"a{' ' * 200_000}c"), ("x. " * 15_000, "x. " * 15_001), ("vor " * 40_000, "vor " * 39_999),
        ("3 hours ago, " * 9_000, "9 hours ago, " * 9_000), ("2 March 2026. " * 9_000, "3 March 2026. " * 9_000), ("中" * 150_000, "国" * 150_000),
    ],
)  # fmt: skip
def test_hostile_texts_are_compared_too(before: str, after: str) -> None:
    assert compare(replace(FIRST, body=before), later(body=after)).is_version


# ---- whatever the text

TEXTS = st.text(alphabet=st.sampled_from("abcÄ中ห 0123.,;:!?'\"«»“”’—-…\u00a0\u00ad\n•%$"), max_size=120)
STATES = st.builds(lambda body, title: replace(FIRST, body=body, title=title), TEXTS, st.none() | TEXTS)
_RESET = str.maketrans({'"': "“", "'": "’", "-": "–", "…": "...", " ": "\u00a0"})


@given(STATES, st.floats(0, 10_000))
def test_a_state_seen_again_is_no_version(state: State, hours: float) -> None:
    again = replace(state, seen_at=SEEN + timedelta(hours=hours))
    assert compare(state, again).changed == ()


@given(TEXTS)
def test_a_text_set_anew_is_no_version(body: str) -> None:
    lines = [line for line in body.splitlines() if not moving_text._BULLET.match(line)]
    body = "\n".join(lines)
    assert compare(replace(FIRST, body=body), later(body=body.translate(_RESET) + "\u200b \n")).changed == ()


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.sampled_from(["{} shares", "Shared {} times", "{} Kommentare", "{}", "Vues : {}"]),
)
def test_no_count_makes_a_version_however_it_moves(before: int, after: int, form: str) -> None:
    assert compare(with_line(FIRST, form.format(before)), with_line(later(), form.format(after))).changed == ()


@given(st.integers(0, 30), st.text(alphabet="abcdefghij", min_size=3, max_size=8))
def test_any_word_of_a_sentence_makes_a_version(at: int, word: str) -> None:
    words = STORY.split(" ")
    at %= len(words)
    assume(words[at] != word)
    assert compare(FIRST, later(body=" ".join([*words[:at], word, *words[at + 1 :]]))).is_version


@given(TEXTS, TEXTS)
def test_both_ways_are_the_same_change(before: str, after: str) -> None:
    there, back = (
        compare(replace(FIRST, body=before), later(0, body=after)),
        compare(replace(FIRST, body=after), later(0, body=before)),
    )
    assert there.changed == back.changed
    assert (there.added, there.removed) == (back.removed, back.added)


@given(TEXTS, TEXTS)
def test_a_version_has_a_difference_to_be_read_and_nothing_else_has(before: str, after: str) -> None:
    change = compare(replace(FIRST, body=before), later(body=after))
    assert bool(change.diff) is change.is_version
    if change.diff:
        assert re.search(r"\[-|\{\+", change.diff)


# ---- when articles are looked at again


def test_ages_are_read_ascending_and_written_back() -> None:
    ages = read_ages(["1d", "90m", "2w", "1h", "24h"])
    assert ages == (timedelta(hours=1), timedelta(minutes=90), timedelta(days=1), timedelta(weeks=2))
    assert [write_age(age) for age in ages] == ["1h", "90m", "1d", "2w"]
    assert read_ages(map(write_age, DEFAULT_AGES)) == DEFAULT_AGES
    for wrong in ("", "1", "0h", "-1h", "1 h", "1y", "1.5h"):
        with pytest.raises(ValueError, match="not an age"):
            read_ages([wrong])


@pytest.mark.parametrize(
    ("raw", "ages"),
    [(None, DEFAULT_AGES), ("", DEFAULT_AGES), ("none", ()), ("30m, 6h", (timedelta(minutes=30), timedelta(hours=6)))],
)
def test_the_settings_tell_the_ages(raw: str | None, ages: tuple[timedelta, ...]) -> None:
    assert read_settings({"NEWSDESK_REVISITS": raw} if raw is not None else {}).revisits == ages
