"""Full-text search as an analyst uses it: in the article's own language, titles first, by the index."""

from __future__ import annotations

from typing import Any

import pytest

from newsdesk.store.database import transaction

ARTICLES = [
    ("en", "Ferries are running again", "The boats left the harbour at noon. Nobody was hurt.", True),
    (
        "en",
        "A quiet noon in the harbour",
        "A ferry ran aground in thick fog; all passengers were rescued by the lifeboat.",
        True,
    ),
    (
        "en",
        "A quiet noon in the harbour",
        "A ferry ran aground in thick fog; all passengers were rescued by the lifeboat.",
        False,
    ),
    ("fr", "Les bateaux reprennent", "Les ferries ont quitté le port à midi.", True),
    ("zh", "渡轮恢复", "渡轮 中午 离开 港口", True),
    (None, None, "ferry", True),
]


@pytest.fixture
def house(dsn: str) -> str:
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO news.source (source_id, name, homepage) VALUES ('times', 'The Times', 'https://times.example/')"
        )
        for number, (language, title, body, is_primary) in enumerate(ARTICLES, start=1):
            cursor.execute(
                "INSERT INTO news.cluster (cluster_id, size, outlets, primary_article_id) VALUES (%s, 1, 1, %s)",
                (number, number),
            )
            cursor.execute(
                "INSERT INTO news.article (article_id, source_id, url, canonical_url, language, title, body, first_seen_at, loaded_at, version, cluster_id, is_primary, word_count) "
                "VALUES (%s, 'times', 'x', 'x', %s, %s, %s, now(), now(), 1, %s, %s, 5)",
                (number, language, title, body, number, is_primary),
            )
    return dsn


def search(dsn: str, query: str, language: str) -> list[Any]:
    with transaction(dsn) as cursor:
        cursor.execute("SET ROLE news_reader")
        cursor.execute("SELECT article_id, headline FROM news.search(%s, %s)", (query, language))
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("ferry", "en", [1, 2]),  # its plural in a title weighs more; a reprint is not shown
        ('"thick fog"', "en", [2]),
        ("ferry -fog", "en", [1]),
        ("rescue or harbour", "en", [2, 1]),
        ("quitter", "fr", [4]),
        ("港口", "zh", [5]),
        ("ferry", "de", []),
        ("", "en", []),
        ("!!! & | ( :*", "en", []),
    ],
)
def test_words_are_found_in_their_forms(house: str, query: str, language: str, found: list[int]) -> None:
    assert [row[0] for row in search(house, query, language)] == found


def test_the_headline_shows_where(house: str) -> None:
    ((_, headline),) = search(house, "aground", "en")
    assert "ran [aground] in thick fog" in headline


def test_a_text_beyond_all_measure_is_stored_and_its_beginning_found(house: str) -> None:
    words = " ".join(f"word{number}" for number in range(300_000))
    with transaction(house) as cursor:
        cursor.execute("UPDATE news.article SET body = %s WHERE article_id = 1", (f"Zanzibar {words}",))
    assert [row[0] for row in search(house, "zanzibar", "en")] == [1]


def test_the_index_is_used(house: str) -> None:
    with transaction(house) as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT article_id FROM news.article WHERE news.search_vector(title, body, language) @@ to_tsquery('english', 'ferry')"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "article_search" in plan
