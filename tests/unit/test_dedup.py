"""dedup: what is one text, what only looks like one."""

from __future__ import annotations

import pickle
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.dedup.candidates import candidate_pairs
from newsdesk.dedup.cluster import cluster_corpus, components, document_frequencies
from newsdesk.dedup.fingerprint import fingerprints
from newsdesk.dedup.verify import figures, is_duplicate, signature, similarity, weigh
from newsdesk.model import Text

START = datetime(2024, 3, 1, tzinfo=UTC)
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu"]
VOCABULARY = [first + last for first in SYLLABLES for last in ("lan", "mer", "tos", "vik", "ren")]

COUNCIL = """The harbour council voted late on Tuesday to close the old fish market and build a ferry terminal instead.
Traders who have rented stalls there for three generations said that nobody had asked them, and promised to appeal.
The mayor told reporters that the building is beyond repair: its roof leaks, its cold store failed twice last summer,
and the insurers refuse to cover another winter. Work is to begin in September and to cost 41 million crowns.
An engineer hired by the traders disagrees. Her survey, presented at the meeting, found the walls sound and put
the price of a new roof at a tenth of that sum. The council did not discuss it before the vote."""

CHINESE = (
    "港口委员会周二晚间投票决定关闭旧鱼市场，并在原址修建渡轮码头。租用摊位三代人的商贩表示，没有人征求过他们的意见，"
    "并承诺将提出上诉。市长告诉记者，这座建筑已无法修复，屋顶漏水，冷库去年夏天两次出现故障。"
)
ARABIC = (
    "صوّت مجلس الميناء في وقت متأخر من يوم الثلاثاء على إغلاق سوق السمك القديمة وبناء محطة للعبّارات في مكانها، "
    "وقال التجار الذين استأجروا الأكشاك هناك منذ ثلاثة أجيال إن أحدا لم يسألهم، وتعهدوا بالطعن في القرار أمام المحكمة، "
    "وقالت رئيسة البلدية للصحفيين إن المبنى لا يمكن إصلاحه لأن سقفه يسرب المياه وقد تعطلت غرفة التبريد مرتين."
)


def article(name: str, body: str, title: str | None = None, day: int = 0) -> Text:
    return Text(id=name, title=title, body=body, published=START + timedelta(days=day))


def invented(seed: int, length: int = 150) -> str:
    """A text of `length` words that shares no runs with one of another seed."""
    chooser = random.Random(seed)
    return " ".join(chooser.choice(VOCABULARY) + chooser.choice(VOCABULARY) for _ in range(length))


def alike(a: Text, b: Text) -> bool:
    """The verdict without any frequencies: the hardest case, the first two articles of a new database."""
    return is_duplicate(signature(a), signature(b), None, 2)[0]


def test_a_copy_inside_a_longer_text_shares_fingerprints() -> None:
    story, intro = invented(1).split(), invented(2, 40).split()
    assert len(set(fingerprints(story)) & set(fingerprints(intro + story))) >= 8


# --- verification ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [COUNCIL, CHINESE, ARABIC], ids=["en", "zh", "ar"])
@pytest.mark.parametrize("title", [None, "Old market to close"])
def test_the_same_text_is_a_duplicate(body: str, title: str | None) -> None:
    assert alike(article("a", body, title), article("b", body, title))


def test_house_edits_leave_a_duplicate() -> None:
    edited = COUNCIL.replace("late on Tuesday", "on Tuesday night").replace("beyond repair", "past saving")
    original = article("a", COUNCIL, "Council to close fish market for ferry terminal")
    assert alike(original, article("b", "HARBOURTOWN (Wire) - " + edited, "Fish market to close for ferry terminal"))
    assert alike(original, article("c", COUNCIL[: len(COUNCIL) // 2] + " [...]", "Council to close fish market"))


def test_different_reports_of_one_event_are_not_duplicates() -> None:
    other = """Fishmongers are furious after councillors decided to pull down their market hall to make way for ferries.
    The hall, a landmark since 1904, will be gone by next spring. A rival survey that called the walls sound was
    ignored, the traders say, and they will take the case to court. City hall points to a leaking roof."""
    assert not alike(
        article("a", COUNCIL, "Council to close fish market"), article("b", other, "Fury over fish market")
    )


MARKET = """Shares on the {city} exchange closed {direction} on {day}, with the main index at {a} points, up or down {b}
from the previous close. Turnover reached {c} million crowns. {winner} gained {d} crowns to {e} while {loser} lost {f}.
Of the shares traded, {g} rose, {h} fell and {i} were unchanged. The bond index stood at {j}."""
WEATHER = """{day}'s forecast for {city}: cloudy at first, clearing later, with a high of {a} degrees and a low of {b}.
Winds from the {direction} at {c} to {d} kilometres an hour. Rain: {e} millimetres. Sunrise {f}:{g}, sunset {h}:{i}."""
RESULT = """{winner} beat {loser} {a}-{b} in {city} on {day} in front of {c} spectators. {winner} led {d}-{e} at half time
and moved up to place {f} of the table with {g} points; {loser} stay on place {h} with {i} points."""


def filled_in(form: str, seed: int) -> str:
    chooser = random.Random(seed)
    return form.format(
        city=chooser.choice(["Norhaven", "Eastvik", "Sundby", "Lakeport"]),
        day=chooser.choice(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
        direction=chooser.choice(["higher", "lower", "mixed", "west", "east"]),
        winner=chooser.choice(["Gralltex", "Voroma", "Pelmar", "Hastinor"]),
        loser=chooser.choice(["Ombrial", "Quistan", "Tarvoll", "Zandor"]),
        **{letter: str(chooser.randrange(1, 4000)) for letter in "abcdefghij"},
    )


@pytest.mark.parametrize("form", [MARKET, WEATHER, RESULT], ids=["market", "weather", "result"])
def test_a_form_filled_in_anew_is_no_duplicate_with_or_without_frequencies(form: str) -> None:
    sheets = [article(str(number), filled_in(form, number), "Daily report") for number in range(12)]
    assert not any(alike(a, b) for a in sheets for b in sheets if a.id < b.id)
    assert len(set(cluster_corpus(sheets).values())) == len(sheets)


RATES = """The central bank entered the money market on {day} to lend {a}.5 billion crowns to banks overnight, a
spokesman said. Dealers said that funds were trading at {b}-{c}/16 percent when the bank began its temporary and
indirect supply of reserves to the banking system."""


def test_a_form_with_two_numbers_is_none_either_once_it_is_known_as_a_form() -> None:
    others = [article(f"other{number}", invented(number)) for number in range(100)]
    filled = {RATES.format(day="Monday", a=number % 4, b=6, c=number % 7 + 1): number for number in range(28)}
    sheets = [article(f"sheet{day:02}", body, "Bank adds reserves", day) for day, body in enumerate(filled)]
    found = cluster_corpus([*others, *sheets])
    assert len({found[sheet.id] for sheet in sheets}) == len(sheets)


def changed(light: str, heavy: str) -> float:
    """The share of changed numbers when no run is weighed."""
    a, b = weigh(signature(article("a", light)), None, 0), weigh(signature(article("b", heavy)), None, 0)
    return figures(a, b).changed


def test_a_number_is_changed_where_another_stands_in_its_place() -> None:
    assert changed(COUNCIL, COUNCIL) == 0
    assert changed(COUNCIL.replace("41", "57"), COUNCIL) > 0
    assert changed(COUNCIL.replace("41", "٤١"), COUNCIL) == 0


def test_numbers_of_what_one_house_adds_are_no_changed_numbers() -> None:
    box = " ".join(["Read more in our app for 2 crowns a week, 30 days free, and call 555 0100 if it fails."] * 2)
    shortened = COUNCIL[: COUNCIL.index("An engineer")]
    assert changed(f"{shortened} {invented(3, 8)} {box}", COUNCIL) == 0


def test_the_same_sheet_printed_twice_is_a_duplicate_all_the_same() -> None:
    sheets = [article(str(number), filled_in(MARKET, number), "Daily report") for number in range(12)]
    copy = article("copy", sheets[3].body, "Markets: daily report", day=1)
    found = cluster_corpus([*sheets, copy])
    assert found["copy"] == "3"
    assert len(set(found.values())) == len(sheets)


def test_boilerplate_that_many_pages_carry_makes_no_duplicates() -> None:
    box = "Sign up for our morning letter and never miss a story from the harbour. " + invented(999, 60)
    pages = [article(str(number), f"{invented(number, 45)} {box}") for number in range(60)]
    assert len(set(cluster_corpus(pages).values())) == len(pages)


def test_boilerplate_that_joined_two_early_pages_joins_no_later_ones_online() -> None:
    box = "Sign up for our morning letter and never miss a story from the harbour. " + invented(999, 90)
    pages = [article(f"{number:02}", f"{invented(number, 45)} {box}") for number in range(60)]
    found = cluster_corpus(pages, online=True)
    assert len({found[page.id] for page in pages[20:]}) == 40


def test_of_rows_with_one_id_the_order_does_not_matter_either() -> None:
    texts = [article("a", invented(1)), article("a", invented(2)), article("b", invented(2)), article("c", invented(1))]
    assert cluster_corpus(texts) == cluster_corpus(texts[::-1])


@given(st.text(max_size=300), st.text(max_size=300))
def test_similarity_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    a, b = signature(article("a", one, other)), signature(article("b", other, one))
    df = document_frequencies([a, b])
    for frequencies in (None, df):
        assert similarity(a, b, frequencies, 2) == similarity(b, a, frequencies, 2)
        assert 0 <= similarity(a, b, frequencies, 2) <= 1


def test_signatures_can_be_sent_to_another_process() -> None:
    one = signature(article("a", COUNCIL, "Council to close fish market"))
    assert similarity(pickle.loads(pickle.dumps(one)), one, None, 1) > 0.9


# --- groups ----------------------------------------------------------------------------------------------------------


@given(st.permutations([(1, 2), (2, 3), (5, 4), (7, 7)]))
def test_components_do_not_depend_on_the_order_of_pairs(pairs: list[tuple[int, int]]) -> None:
    assert components(range(1, 8), pairs) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 6, 7: 7}


def test_wire_copy_of_forty_houses_is_one_group_named_after_the_first() -> None:
    houses = [
        article(
            f"house{number:02}",
            f"{invented(1000 + number, 12 if number % 3 else 0)} {COUNCIL}",
            "Market to close",
            number,
        )
        for number in range(40)
    ]
    others = [article(f"other{number:02}", invented(number)) for number in range(20)]
    found = cluster_corpus(houses + others)
    assert {found[text.id] for text in houses} == {"house00"}
    assert all(found[text.id] == text.id for text in others)


@pytest.mark.parametrize("others", [0, 100])
@pytest.mark.parametrize("intro", [0, 30], ids=["as it is", "with an own intro"])
def test_forty_houses_that_each_edit_the_report_are_one_group_all_the_same(intro: int, others: int) -> None:
    lone = [article(f"other{number:03}", invented(1000 + number)) for number in range(others)]
    houses = []
    for number in range(40):
        chooser = random.Random(number)
        edited = [chooser.choice(VOCABULARY) if chooser.random() < 0.03 else word for word in invented(7, 220).split()]
        body = f"{invented(2000 + number, intro)} {' '.join(edited[: chooser.randrange(120, 221)])}"
        houses.append(replace(article(f"house{number:02}", body, "Fish market to close", number), source=f"{number}"))
    found = cluster_corpus([*lone, *houses])
    assert len({found[house.id] for house in houses}) == 1


def test_two_pages_with_a_long_box_are_no_duplicates_even_without_frequencies() -> None:
    box = invented(999, 90)
    assert not alike(article("a", f"{invented(1, 60)} {box}"), article("b", f"{invented(2, 60)} {box}"))


def test_a_box_that_one_house_prints_under_many_headlines_is_no_report() -> None:
    box = invented(999, 120)
    pages = [
        replace(article(f"{number:02}", f"{invented(number, 40)} {box}", f"About {invented(number, 4)}"), source="one")
        for number in range(60)
    ]
    assert len(set(cluster_corpus(pages).values())) == len(pages)


def mixed_corpus() -> list[Text]:
    """Reprints, forms, pages with one box and lone texts."""
    box = invented(999, 40)
    return [
        *(article(f"copy{number}", f"{invented(50 + number, 9)} {COUNCIL}", "Market to close", number) for number in range(4)),
        *(article(f"form{number}", filled_in(MARKET, number), "Daily report", number) for number in range(6)),
        *(article(f"page{number}", f"{invented(70 + number, 60)} {box}", None, number) for number in range(6)),
        *(Text(f"undated{number}", None, invented(number % 2)) for number in range(4)),
    ]  # fmt: skip


EXPECTED = cluster_corpus(mixed_corpus())


@settings(max_examples=25, deadline=None)
@given(st.permutations(mixed_corpus()))
def test_groups_are_the_same_in_whatever_order_the_texts_come(texts: list[Text]) -> None:
    assert cluster_corpus(texts) == EXPECTED
    assert len(set(EXPECTED.values())) == 1 + 6 + 6 + 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(100, 400), max_size=60, unique=True))
def test_unrelated_texts_neither_split_nor_join_what_was_there(seeds: list[int]) -> None:
    unrelated = [article(f"unrelated{seed}", invented(seed, 30 + seed)) for seed in seeds]
    found = cluster_corpus([*mixed_corpus(), *unrelated])
    assert {text_id: group for text_id, group in found.items() if text_id in EXPECTED} == EXPECTED
    assert all(found[text.id] == text.id for text in unrelated)


def test_groups_do_not_depend_on_the_order_of_the_corpus() -> None:
    texts = [
        article(f"{number}{copy}", invented(number), day=copy) for number in range(15) for copy in range(number % 4 + 1)
    ]
    expected = cluster_corpus(texts)
    assert len(set(expected.values())) == 15
    for seed in range(3):
        random.Random(seed).shuffle(texts)
        assert cluster_corpus(texts) == expected


def test_online_decides_by_what_came_before() -> None:
    texts = [article(f"{copy}-{number}", invented(number)) for copy in range(3) for number in range(10)]
    assert cluster_corpus(texts, online=True) == {text.id: f"0-{text.id[2:]}" for text in texts}


def test_texts_without_words_and_an_empty_corpus_are_no_trouble() -> None:
    assert cluster_corpus([]) == {}
    texts = [Text("a", None, ""), Text("b", None, " … "), Text("c", "x", ""), Text("d", None, "one")]
    assert cluster_corpus(texts) == cluster_corpus(texts, online=True) == {text.id: text.id for text in texts}


def test_what_stands_in_every_text_is_not_paired_in_squares() -> None:
    everywhere = [(1, 2, 3, number + 10) for number in range(2000)]
    assert len(candidate_pairs(everywhere)) < 2000 * 10


def test_a_number_written_out_and_a_date_in_the_dateline_make_no_form() -> None:
    report = (
        "The ferry with 212 people on board ran onto a sandbank {away} from the pier at Greywick on Monday night and was held "
        "there for ten hours until the next high tide lifted it. All of the passengers were taken ashore by 4 lifeboats "
        "before dawn, the coastguard said, and a child of 7 was treated for cold. The line has hired another ship while "
        "divers look at the hull, and hopes to sail again by the weekend if the weather allows it."
    )
    here = Text("a", "Ferry aground at Greywick", "Greywick, March 2 — " + report.format(away="800 metres"))
    there = Text(
        "b", "Passengers safe after a long night", "GREYWICK (Meridian Press) — " + report.format(away="half a mile")
    )
    other_day = Text(
        "c", "Passengers safe after a long night", there.body.replace("212", "187").replace("4", "5").replace("7", "9")
    )
    assert is_duplicate(signature(here), signature(there), {}, 50)[0]
    printed_often = dict.fromkeys(signature(there).shingles.tolist(), 20)
    assert not is_duplicate(signature(there), signature(other_day), printed_often, 500)[0]
