"""What a person, a colleague's file or a row may hold, and must not lead out of its place: SQL, paths, ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newsdesk import sources
from newsdesk.archive.warc import ArchiveWriter, read
from newsdesk.cli import app
from newsdesk.errors import NewsdeskError, Quarantine
from newsdesk.model import ArchivedAt
from newsdesk.store import sources as source_store
from newsdesk.store.database import transaction

SQL = ("'; DROP TABLE ops.audit; --", "%s %(x)s", "\\'", '"', "$$", "1) OR (1=1")


@pytest.mark.parametrize(
    "command",
    [
        ["explain", "https://a.example/{}"], ["retry", "--source", "{}", "--all"], ["retry", "https://a.example/{}"],
        ["withdraw", "https://a.example/{}", "--why", "{}", "--yes"], ["entities", "find", "{}"], ["status"],
        ["entities", "split", "{}"], ["reprocess", "--source", "{}"], ["sources", "polls", "{}"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_argument_of_a_command_is_read_as_sql(
    module_dsn: str, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_DSN", module_dsn)
    monkeypatch.setenv("NEWSDESK_HOME", str(tmp_path))
    monkeypatch.setenv("NEWSDESK_ARCHIVE", str(tmp_path / "archive"))
    for text in SQL:
        run = CliRunner().invoke(app, [word.replace("{}", text) for word in command])
        assert run.exception is None or isinstance(run.exception, SystemExit), (command, text, run.exception)
        assert "syntax error" not in run.output
    with transaction(module_dsn) as cursor:
        cursor.execute("SELECT count(*) >= 0 FROM ops.audit")
        assert cursor.fetchone() == (True,)


def test_no_value_of_a_source_file_is_read_as_sql(module_dsn: str, tmp_path: Path) -> None:
    name = "O'Brien's \"Times\"; DROP TABLE ops.audit; -- %s %(x)s \\ $$"
    (tmp_path / "a.yaml").write_text(
        "id: a\nname: " + '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"\n'
        'homepage: https://a.example/\ntags: ["\'); DROP TABLE ops.run; --"]\ninclude: ["\';%s"]\n'
    )
    found, faults = sources.load_sources(tmp_path)
    assert faults == []
    with transaction(module_dsn) as cursor:
        source_store.save_sources(cursor, found, complete=False)
        assert source_store.read_sources(cursor)["a"] == found[0]


@pytest.mark.parametrize(
    "name", ["../outside.warc.gz", "/etc/passwd", "day/../../outside.warc.gz", "link/outside.warc.gz"]
)
def test_no_name_of_an_archive_file_leads_out_of_the_archive(tmp_path: Path, name: str) -> None:
    root = tmp_path / "archive"
    root.mkdir()
    (tmp_path / "outside.warc.gz").write_bytes(b"WARC/1.1\r\n")
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(Quarantine, match="is not in the archive"):
        read(root, ArchivedAt(name, 0, 10))


def test_no_name_of_a_writer_leads_out_of_the_archive(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "archive", "../../../x/y\n") as writer:
        writer.write_all([b"WARC/1.1\r\n"])
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.parent.parent == tmp_path / "archive"


@pytest.mark.parametrize(
    "value",
    ["../x", "a/b", "a\\b", ".", "a b", "A", "a\n", "a\nb", "\u0430", "a\0", "-a", "a-", "x" * 65, "a.yaml", "~"],
)
def test_no_id_of_a_source_is_a_path_or_more_than_a_word(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.yaml").write_text(f"id: {json.dumps(value)}\nname: N\nhomepage: https://a.example/\n")
    source, faults = sources.read_source(tmp_path / "a.yaml")
    assert source is None
    assert [fault.line for fault in faults] == [1]


@pytest.mark.parametrize("key", ['language: "en\\n"', 'country: "GB\\n"', 'homepage: "https://a.example/\\n"'])
def test_no_value_brings_a_line_of_its_own(tmp_path: Path, key: str) -> None:
    rest = "id: a\nname: N\n" + ("" if key.startswith("homepage") else "homepage: https://a.example/\n")
    (tmp_path / "a.yaml").write_text(f"{rest}{key}\n")
    assert sources.read_source(tmp_path / "a.yaml")[0] is None


def test_a_source_id_that_is_a_path_is_refused_where_a_draft_is_written(tmp_path: Path) -> None:
    from newsdesk.drafting import write

    with pytest.raises(NewsdeskError):
        write(tmp_path / "a.yaml", "id: ../x\nname: N\nhomepage: https://a.example/\n")
    assert list(tmp_path.iterdir()) == []
