"""README, CONTRIBUTING and docs/ hold what they say: each command, target, setting, file and link that they name exists."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from command_line import ROOT
from documents import FILES, Piece, anchors, blocks, links, spans
from newsdesk.cli import app
from newsdesk.diagnosis.environment import KNOWN
from newsdesk.filters.rows import is_fault, parse
from newsdesk.filters.worker import WORK
from newsdesk.settings import read_settings

# read by tests and by nothing else
OF_TESTS = {"NEWSDESK_HELM_SCHEMA"}
OF_THE_READER = {"docker-compose.override.yml"}
OF_THE_DATA = {"score.py"}  # lies beside the labelled pages, which are not in the repository
LIBRARY = ROOT / "plugins" / "newsdesk"
COMMANDS: Any = typer.main.get_command(app)
_WITHIN = re.compile(r"\$\(([^()]*)\)")
_BETWEEN = {"|", "||", "&&", ";", "&", "(", ")"}
_INTO_FILES = {"<", ">", ">>", "<<"}


def commands_of(script: str) -> Iterator[list[str]]:
    """The words of each command of a piece of shell: at its lines' heads, after | && ;, within $(…)."""
    script = script.replace("\\\n", " ")
    for within in _WITHIN.findall(script):
        yield from commands_of(within)
    for line in _WITHIN.sub("WITHIN", script).splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words: list[str] = []
        try:
            for word in [*lexer, ";"]:
                if word in _BETWEEN:
                    if words:
                        yield words
                    words = []
                else:
                    words.append(word)
        except ValueError:  # a string that goes on in the next line: another program's
            continue


def told_commands() -> Iterator[tuple[Piece, list[str], bool]]:
    """Where, its words, and whether it is told whole (in a block) rather than spoken of (in a span)."""
    for piece in blocks("sh"):
        for words in commands_of(piece.text):
            yield piece, words, True
    for piece in spans():
        if re.match(r"(newsdesk|make|docker|python|pytest|docker/[\w-]+) ", piece.text):
            for words in commands_of(piece.text):
                yield piece, words, False


def of_newsdesk(words: list[str]) -> list[str] | None:
    """Its arguments, where the command is ours: by itself, or in a container of the service that has its name."""
    if words[0] == "newsdesk":
        return words[1:]
    if words[:3] == ["docker", "compose", "run"] and "newsdesk" in words:
        return words[words.index("newsdesk") + 1 :]
    return None


def fault_of(arguments: list[str], whole: bool) -> str | None:
    """What our command line would refuse of these arguments, without running anything. Values may be placeholders."""
    command = COMMANDS
    arguments = [word for word in arguments if word != "…"]
    for at, word in enumerate(arguments):
        if word in _INTO_FILES:
            arguments = arguments[:at]
            break
    context = command.context_class(command, info_name="newsdesk")
    while hasattr(command, "commands") and arguments and not arguments[0].startswith("-"):
        name, *arguments = arguments
        if name not in command.commands:
            return f"there is no command {name!r}"
        command = command.commands[name]
        context = command.context_class(command, info_name=name, parent=context, **command.context_settings)
    try:
        given, left, _ = command.make_parser(context).parse_args(list(arguments))
    except Exception as error:  # noqa: BLE001 - the parser's own classes are its vendor's affair
        return str(error)
    if left and not context.allow_extra_args:
        return f"{left} is too much"
    lacking = [p.name for p in command.params if p.required and given.get(p.name) in (None, ())]
    return f"{lacking} is lacking" if whole and lacking and "--help" not in arguments else None


def test_every_command_that_is_told_exists_with_its_options() -> None:
    ours = [
        (piece, arguments, whole)
        for piece, words, whole in told_commands()
        if (arguments := of_newsdesk(words)) is not None
    ]
    assert len(ours) > 100
    wrong = [f"{piece}: {fault}" for piece, arguments, whole in ours if (fault := fault_of(arguments, whole))]
    assert wrong == []


def test_a_command_that_is_not_there_would_be_found() -> None:
    assert fault_of(["ingest", "--dry-runs"], whole=False)
    assert fault_of(["sources", "lists"], whole=False)
    assert fault_of(["explain"], whole=True)
    assert fault_of(["try", "url", "more"], whole=False)
    assert list(commands_of('echo "$(newsdesk dsn)" && newsdesk stop # newsdesk x')) == [
        ["newsdesk", "dsn"], ["echo", "WITHIN"], ["newsdesk", "stop"],
    ]  # fmt: skip


def test_every_row_that_is_told_for_a_craft_is_one_that_it_takes() -> None:
    lines = "\n".join(piece.text for piece in blocks("sh"))
    told = re.findall(r"^echo '(.+)' \| newsdesk try (\w+)$", lines, re.MULTILINE)
    assert len(told) >= 3
    for line, step in told:
        row = parse(line)
        assert not is_fault(row), line
        if step in WORK:  # the others load models, and are tried in test_filters_texts.py
            assert "error" not in WORK[step](row, read_settings({})), line


def test_every_target_of_make_that_is_told_exists() -> None:
    there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = [(piece, word) for piece, words, _ in told_commands() if words[0] == "make" for word in words[1:]]
    assert {word for _, word in told} > {"demo", "test", "site"}
    assert [str(piece) for piece, word in told if "=" not in word and word not in there] == []


def test_every_script_that_is_told_exists_with_its_options() -> None:
    told = [(piece, words) for piece, words, _ in told_commands() if words[0] == "python" and words[1].endswith(".py")]
    told += [
        (piece, ["python", *shlex.split(piece.text)]) for piece in spans() if re.match(r"bench/\S+\.py", piece.text)
    ]
    assert len(told) > 20
    wrong = []
    for piece, (_, script, *words) in told:
        source = (ROOT / script).read_text(encoding="utf-8") if (ROOT / script).is_file() else ""
        wrong += [f"{piece}: {word}" for word in words if word.startswith("--") and f'"{word}"' not in source]
        wrong += [] if source else [str(piece)]
    assert wrong == []


def test_every_setting_that_is_told_is_read_by_something() -> None:
    told = {name for file in FILES for name in re.findall(r"NEWSDESK_\w*", file.read_text(encoding="utf-8"))}
    whole = {name for name in told if not name.endswith("_")}  # NEWSDESK_KEEP_…
    assert whole - KNOWN - OF_TESTS == set()
    assert all(any(name.startswith(part) for name in KNOWN) for part in told - whole)


def test_every_link_leads_somewhere() -> None:
    broken = []
    for piece in links():
        if re.match(r"[a-z]+:", piece.text):
            continue
        path, _, anchor = piece.text.partition("#")
        target = (piece.file.parent / path).resolve() if path else piece.file
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(str(piece))
    assert broken == []


def test_every_file_that_is_told_is_there() -> None:
    """By its path in the repository or the library, or by its name alone where the sentence says where."""
    names = (
        {file.name for part in ("plugins", "tests") for file in (ROOT / part).rglob("*.py")}
        | OF_THE_DATA
        | OF_THE_READER
    )
    told = [piece for piece in spans() if re.fullmatch(r"[\w./-]+\.(py|md|toml|yml|yaml|in|svg)", piece.text)]
    assert len(told) > 50
    assert [
        str(piece)
        for piece in told
        if piece.text not in names and not any((folder / piece.text).exists() for folder in (ROOT, LIBRARY))
    ] == []


@pytest.mark.parametrize("piece", [*blocks("python")], ids=lambda piece: f"{piece.file.name}:{piece.line}")
def test_python_that_is_told_imports_what_is_there(piece: Piece) -> None:
    for node in ast.walk(ast.parse(piece.text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("newsdesk"):
            module = LIBRARY.joinpath(*(node.module or "").split(".")[1:])
            source = module.with_suffix(".py") if module.with_suffix(".py").exists() else module / "__init__.py"
            assert {alias.name for alias in node.names} <= names_in(source), piece


def names_in(source: Path) -> set[str]:
    """What a module defines."""
    found: set[str] = set()
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def test_every_page_has_its_place_on_the_site() -> None:
    def pages(part: Any) -> Iterator[str]:
        if isinstance(part, str):
            yield part
        for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            yield from pages(each)

    told = list(pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))
    there = [file.relative_to(ROOT / "docs").as_posix() for file in (ROOT / "docs").rglob("*.md")]
    assert sorted(told) == sorted(there)


def test_every_decision_is_in_their_list_and_says_what_was_tried_and_what_follows() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    told = re.findall(
        r"\]\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs" / "decisions" / "index.md").read_text(encoding="utf-8")
    )
    assert told == [page.name for page in pages]
    for page in pages:
        heads = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert heads == ["Context", "Decision", "Measured, tried", "What follows"], page.name
