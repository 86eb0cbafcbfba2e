"""`newsdesk export`: files that are kept like the tables, as other programs read them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from newsdesk.errors import ConfigError, ExportUnavailable
from newsdesk.exporting import export as exporting
from newsdesk.exporting.export import export
from newsdesk.store.database import transaction
from s3_server import BUCKET, s3_server

QUOTES = 'She said: "No, | and,\nnever", ünd 字'
DAYS = (
    datetime(2026, 3, 2, 23, 59, tzinfo=UTC),
    datetime(2026, 3, 3, 0, 0, tzinfo=UTC),
    datetime(2026, 3, 5, tzinfo=UTC),
)


def put(dsn: str, article_id: int, seen: datetime, title: str | None = "Title", body: str = QUOTES) -> None:
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO news.cluster (cluster_id, size, outlets, primary_article_id) VALUES (%s, 1, 1, %s)",
            (article_id, article_id),
        )
        cursor.execute(
            """
            INSERT INTO news.article (article_id, source_id, url, canonical_url, title, body, authors, first_seen_at, loaded_at,
                version, cluster_id, is_primary, word_count)
            VALUES (%(id)s, 'times', 'https://times.example/' || %(id)s, 'x', %(title)s, %(body)s, ARRAY['Ann "A" Other', 'B, C'],
                %(seen)s, %(seen)s, 1, %(id)s, true, 5)
            """,
            {"id": article_id, "title": title, "body": body, "seen": seen},
        )  # fmt: skip
        cursor.execute("INSERT INTO news.mention VALUES (%s, %s, 'PER', NULL, 'She', 0, 3)", (article_id, ENTITY))


ENTITY = "6d1c1f5e-0000-4000-8000-000000000001"


@pytest.fixture
def house(dsn: str) -> str:
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO news.source (source_id, name, homepage) VALUES ('times', 'The Times', 'https://times.example/')"
        )
        cursor.execute("INSERT INTO news.entity (entity_id, type, name) VALUES (%s, 'PER', 'She')", (ENTITY,))
    for number, seen in enumerate(DAYS, start=1):
        put(dsn, number, seen, title=None if number == 1 else "")
    return dsn


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def ask(query: str) -> list[Any]:
    return duckdb.sql(query).fetchall()


def test_parquet_is_read_by_duckdb_as_one_table_with_its_days(house: str, tmp_path: Path) -> None:
    done = export(house, str(tmp_path))
    assert (done.days, done.rows["article"], done.rows["mention"], done.rows["source"]) == (3, 3, 3, 1)
    articles = f"read_parquet('{tmp_path}/article/*/*.parquet', hive_partitioning = true)"
    assert ask(f"SELECT article_id, day::text, title, body, authors[2] FROM {articles} ORDER BY 1") == [
        (1, "2026-03-02", None, QUOTES, "B, C"), (2, "2026-03-03", "", QUOTES, "B, C"), (3, "2026-03-05", "", QUOTES, "B, C"),
    ]  # fmt: skip
    assert ask(f"SELECT typeof(first_seen_at), typeof(is_primary), typeof(authors) FROM {articles} LIMIT 1") == [
        ("TIMESTAMP WITH TIME ZONE", "BOOLEAN", "VARCHAR[]")
    ]
    assert ask(
        f"SELECT count(*) FROM {articles} JOIN read_parquet('{tmp_path}/mention/*/*.parquet') USING (article_id)"
    ) == [(3,)]


def test_csv_and_jsonl_hold_the_same_and_tell_nothing_from_null(house: str, tmp_path: Path) -> None:
    export(house, str(tmp_path / "c"), "csv")
    export(house, str(tmp_path / "j"), "jsonl")
    found = ask(
        f"SELECT article_id, title, body, authors FROM read_csv('{tmp_path}/c/article/*/*.csv.gz', all_varchar = true, allow_quoted_nulls = false) ORDER BY 1"
    )
    assert [(row[0], row[1], row[2], json.loads(row[3])) for row in found] == [
        ("1", None, QUOTES, ['Ann "A" Other', "B, C"]), ("2", "", QUOTES, ['Ann "A" Other', "B, C"]), ("3", "", QUOTES, ['Ann "A" Other', "B, C"]),
    ]  # fmt: skip
    raw = gzip.decompress((tmp_path / "j" / "article" / "day=2026-03-02" / "part.jsonl.gz").read_bytes())
    (row,) = map(json.loads, raw.splitlines())
    assert (row["title"], row["body"], row["first_seen_at"]) == (None, QUOTES, "2026-03-02T23:59:00+00:00")


def test_only_days_with_a_change_are_written_anew(house: str, tmp_path: Path) -> None:
    export(house, str(tmp_path))
    assert export(house, str(tmp_path)).days == 0
    with transaction(house) as cursor:
        cursor.execute("UPDATE news.article SET body = 'New' WHERE article_id = 2")
        cursor.execute("DELETE FROM news.mention WHERE article_id = 3")
        cursor.execute("DELETE FROM news.article WHERE article_id = 3")
        cursor.execute("DELETE FROM news.cluster WHERE cluster_id = 3")
    put(house, 4, DAYS[1])
    done = export(house, str(tmp_path))
    assert (done.days, done.days_as_before) == (2, 1)
    articles = f"read_parquet('{tmp_path}/article/*/*.parquet')"
    assert ask(f"SELECT article_id, body FROM {articles} ORDER BY 1") == [(1, QUOTES), (2, "New"), (4, QUOTES)]


def test_days_can_be_chosen(house: str, tmp_path: Path) -> None:
    assert export(house, str(tmp_path), since=date(2026, 3, 3), until=date(2026, 3, 4)).days == 1
    assert [file for file in files(tmp_path) if file.startswith("article/")] == ["article/day=2026-03-03/part.parquet"]
    done = export(house, str(tmp_path), since=date(2026, 3, 3), until=date(2026, 3, 5))
    assert (done.days, done.days_as_before) == (1, 1)


def test_after_a_return_to_an_earlier_database_all_is_written_anew(house: str, tmp_path: Path) -> None:
    """Its next loads may have numbers that the export knows from loads that are gone."""
    export(house, str(tmp_path))
    state = json.loads((tmp_path / "_newsdesk.json").read_text())
    state["days"] = {day: load + 100 for day, load in state["days"].items()}
    (tmp_path / "_newsdesk.json").write_text(json.dumps(state))
    assert export(house, str(tmp_path)).days == 3


def test_killed_anywhere_it_goes_on_and_no_file_is_ever_half(
    house: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tmp_path / "whole"
    export(house, str(whole), "jsonl")
    put_rows = exporting.exports.stream
    for kill_at in range(40):
        folder, calls = tmp_path / str(kill_at), 0

        def dying(*args: Any, at: int = kill_at) -> Any:
            nonlocal calls
            calls += 1
            for some in put_rows(*args):
                if calls > at:
                    raise KeyboardInterrupt
                yield some

        monkeypatch.setattr(exporting.exports, "stream", dying)
        try:
            export(house, str(folder), "jsonl")
            died = False
        except KeyboardInterrupt:
            died = True
        monkeypatch.setattr(exporting.exports, "stream", put_rows)
        for file in files(folder):
            if not file.endswith(".part") and file != "_newsdesk.json":
                assert (folder / file).read_bytes() == (whole / file).read_bytes()
        export(house, str(folder), "jsonl")
        assert [file for file in files(folder) if not file.endswith(".part")] == files(whole)
        assert all((folder / file).read_bytes() == (whole / file).read_bytes() for file in files(whole))
        if not died:
            break
    assert kill_at > 10


def test_what_is_published_between_two_files_is_in_none_of_them(
    house: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_rows, seen = exporting.exports.stream, []

    def stream(cursor: Any, table: str, *arguments: Any) -> Any:
        yield from put_rows(cursor, table, *arguments)
        if not seen and table == "article":
            seen.append(table)
            put(house, 4, DAYS[0])

    monkeypatch.setattr(exporting.exports, "stream", stream)
    for number, articles in enumerate(([1, 2, 3], [1, 2, 3, 4])):
        assert export(house, str(tmp_path), "jsonl").days == (3, 1)[number]
        for table, key in (("article", "article_id"), ("mention", "article_id"), ("cluster", "cluster_id")):
            lines = [
                json.loads(line)
                for file in files(tmp_path / table)
                for line in gzip.decompress((tmp_path / table / file).read_bytes()).splitlines()
            ]
            assert sorted(line[key] for line in lines) == articles, table


def test_a_folder_of_another_format_is_left_alone(house: str, tmp_path: Path) -> None:
    export(house, str(tmp_path), "jsonl")
    before = files(tmp_path)
    with pytest.raises(ConfigError, match="holds an export as jsonl"):
        export(house, str(tmp_path), "csv")
    assert files(tmp_path) == before


def test_who_reads_a_file_keeps_it_whole_while_another_takes_its_place_also_at_a_file_address(
    house: str, tmp_path: Path
) -> None:
    export(house, f"file://{tmp_path}", "jsonl")
    file = tmp_path / "article" / "day=2026-03-02" / "part.jsonl.gz"
    before = file.read_bytes()
    (tmp_path / "as it is read").hardlink_to(file)
    put(house, 4, DAYS[0])
    export(house, f"file://{tmp_path}", "jsonl")
    assert file.read_bytes() != before
    assert (tmp_path / "as it is read").read_bytes() == before


def test_an_object_store_gets_the_same(house: str) -> None:
    export(house, "memory://out", "jsonl")
    import fsspec

    assert "/out/article/day=2026-03-05/part.jsonl.gz" in fsspec.filesystem("memory").find("/out")


def test_a_path_that_is_no_folder_is_said_so_and_not_tried_again(house: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for target in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ConfigError, match=r"file.*Not a directory; name a folder"):
            export(house, str(target), "jsonl")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_is_tried_again(house: str, tmp_path: Path) -> None:
    day = tmp_path / "article" / "day=2026-03-02"
    day.mkdir(parents=True)
    (day / "part.jsonl.gz.part").symlink_to("/dev/full")
    with pytest.raises(ExportUnavailable, match=r"part\.jsonl\.gz: No space left on device"):
        export(house, str(tmp_path), "jsonl")
    (day / "part.jsonl.gz.part").unlink()
    assert export(house, str(tmp_path), "jsonl").days == 3


def test_a_store_that_refuses_us_or_is_away_is_tried_again_and_says_what_to_look_at(
    house: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    target = f"s3://{BUCKET}/out"
    with s3_server() as server:
        options = {**server.options(), "config_kwargs": {"retries": {"max_attempts": 0}}}  # not to wait for long
        nobody = {key: value for key, value in options.items() if key not in ("key", "secret")}
        refused = r"cannot read s3://archive/out/_newsdesk.json: .* may we use it\? Settings: --to, NEWSDESK_EXPORT"
        with pytest.raises(ExportUnavailable, match=refused):
            export(house, target, "jsonl", options=nobody)
        assert export(house, target, "jsonl", options=options).days == 3
        assert export(house, target, "jsonl", options=options).days == 0
        requests.post(f"{server.url}/moto-api/reset-auth", data="0", timeout=10)  # from now on keys must be known ones
        with pytest.raises(ExportUnavailable, match=refused):
            export(house, target, "jsonl", options=options)
        server.stop()
        with pytest.raises(ExportUnavailable, match=refused) as away:
            export(house, target, "jsonl", options=options)
        assert "a-secret" not in str(away.value)
