"""The house's own rules, read off the code: who may import whom, one vocabulary of outcomes."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from newsdesk.model import Outcome

LIBRARY = Path(__file__).parents[2] / "plugins" / "newsdesk"
CRAFTS = ("discover", "fetch", "archive", "extract", "enrich", "dedup", "stories")
# one owner each of a third-party package; the value: where it may be imported
OWNERS = {
    "airflow": (
        "orchestration.py",
        "airflow_desk.py",
        "airflow_database.py",
        "airflow_facts.py",
        "approving.py",
        "alerting/channels.py",
    ),
    "psycopg2": ("store/", "cli/"),
    "requests": ("fetch/", "visiting.py"),
    "fsspec": ("archive/", "exporting/"),
    "pyarrow": ("exporting/", "knowledge/"),
    "warcio": ("archive/",),
    "feedparser": ("discover/",),
    "trafilatura": ("extract/",),
    "spacy": ("enrich/",),
    "fastapi": ("dashboard/", "airflow_desk.py"),
    "jinja2": ("dashboard/",),
    "opentelemetry": ("orchestration.py",),
}


@cache
def imports_of(file: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


MODULES = sorted(LIBRARY.rglob("*.py"))


def test_each_package_has_one_owner() -> None:
    strangers = [
        f"{place} imports {name}"
        for place, file in ((file.relative_to(LIBRARY).as_posix(), file) for file in MODULES)
        for name in sorted(imports_of(file))
        if not place.startswith(OWNERS.get(name.split(".")[0], ""))
    ]
    assert strangers == []


@pytest.mark.parametrize("craft", CRAFTS)
def test_a_craft_knows_only_the_nouns(craft: str) -> None:
    allowed = (
        "newsdesk.model",
        "newsdesk.errors",
        "newsdesk.urls",
        "newsdesk.languages",
        "newsdesk.months",
        "newsdesk.charsets",
        "newsdesk.characters",
        "newsdesk.object_requests",
        f"newsdesk.{craft}",
        "newsdesk.__version__",
    )
    for file in (LIBRARY / craft).rglob("*.py"):
        for name in imports_of(file):
            if name.startswith("newsdesk."):
                assert name.startswith(allowed), f"{file.relative_to(LIBRARY)} imports {name}"


def test_the_store_knows_no_craft() -> None:
    crafts = tuple(f"newsdesk.{craft}" for craft in CRAFTS)
    for file in (LIBRARY / "store").rglob("*.py"):
        for name in imports_of(file):
            assert not name.startswith(crafts), f"{file.relative_to(LIBRARY)} imports {name}: hand it in"


@pytest.mark.parametrize(
    "package",
    # the modules of cli are called like their commands
    [
        folder.relative_to(LIBRARY).as_posix()
        for folder in (LIBRARY, *sorted(LIBRARY.iterdir()))
        if (folder / "__init__.py").exists() and folder.name != "cli"
    ],
)
def test_a_packages_docstring_names_each_of_its_modules(package: str) -> None:
    files = (LIBRARY / package).glob("*.py")
    said = ast.get_docstring(ast.parse((LIBRARY / package / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert {file.stem for file in files} - {"__init__"} - set(re.findall(r"\w+", said)) == set()


def test_exports_know_nothing_of_the_crafts() -> None:
    for file in (LIBRARY / "exporting").glob("*.py"):
        assert not {
            name for name in imports_of(file) if name.startswith(tuple(f"newsdesk.{craft}" for craft in CRAFTS))
        }


def test_routes_are_read_by_fastapi_where_they_are_defined() -> None:
    """With annotations as strings FastAPI finds no dependency, and answers 422."""
    for file in (LIBRARY / "dashboard").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not ("APIRouter" in text and "from __future__ import annotations" in text), file.name
    assert "import annotations\n" not in (LIBRARY.parent / "newsdesk_plugin.py").read_text(encoding="utf-8")


def test_the_desk_is_nobodys_dependency_but_the_plugins() -> None:
    for file in MODULES:
        place = file.relative_to(LIBRARY).as_posix()
        if not place.startswith(("dashboard/", "airflow_desk.py")):
            assert not {name for name in imports_of(file) if name.startswith("newsdesk.dashboard")}, place


def test_no_module_of_the_plugins_folder_but_the_plugin_is_loaded_by_airflow() -> None:
    assert "newsdesk/" in (LIBRARY.parent / ".airflowignore").read_text().split()


def test_the_database_knows_the_same_outcomes() -> None:
    sql = "\n".join(
        file.read_text(encoding="utf-8") for file in sorted((LIBRARY / "store" / "migrations").glob("*.sql"))
    )
    rows = re.findall(r"\('(\w+)', (true|false), (true|false), '", sql)
    told = {name: (article == "true", retryable == "true") for name, article, retryable in rows}
    assert told == {outcome.value: (outcome.has_article, outcome.retryable) for outcome in Outcome}


def test_modules_have_one_subject() -> None:
    assert [f"{file.name}: {n}" for file in MODULES if (n := len(file.read_text().splitlines())) > 360] == []


def test_sql_is_made_of_our_own_words_only() -> None:
    """What is put into a statement is a constant of a module, or a choice between texts that stand in the code."""
    chosen = {
        "store/documents.py: table", "store/reprocess_apply.py: column", "store/runs.py: column", "store/reprocess.py: pages",
        "store/pairs.py: condition", "store/retention.py: one.table", "store/retention.py: one.ripe",
        "store/retention.py: table", "store/imports.py: column",
    }  # fmt: skip
    found = set()
    for file in MODULES:
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if ".execute" in text else ():
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr.startswith("execute")
            ):
                for part in (part for argument in node.args[:1] for part in ast.walk(argument)):
                    if isinstance(part, ast.FormattedValue) and not _is_ours(part.value):
                        found.add(f"{file.relative_to(LIBRARY).as_posix()}: {ast.unparse(part.value)}")
    assert found == chosen, "look whether the text can come from outside, then name it here"


def _is_ours(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_ours(value.body) and _is_ours(value.orelse)
    if isinstance(value, ast.Call):  # _PART.replace("a", "b")
        return isinstance(value.func, ast.Attribute) and _is_ours(value.func.value) and all(map(_is_ours, value.args))
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id.lstrip("_").isupper())


def test_an_index_of_a_table_that_is_there_is_built_beside_who_writes_to_it() -> None:
    """From 0032 on: a plain CREATE INDEX keeps all writers out of the table until it is done."""
    for file in sorted((LIBRARY / "store" / "migrations").glob("*.sql")):
        sql = re.sub(r"--.*", "", text := file.read_text(encoding="utf-8"))
        made = re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\S+)", sql)
        if file.name >= "0032":
            for concurrently, table in re.findall(r"CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?.*? ON (\S+)", sql):
                assert table in made or (concurrently and text.startswith("-- without a transaction\n")), (
                    f"{file.name}: {table}: CONCURRENTLY, in a file that begins with `-- without a transaction`"
                )
