"""docker-compose.yml: what must hold of it, read off the file; and what docker-compose itself says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsdesk.settings import NAMES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
AIRFLOW = {name: service for name, service in SERVICES.items() if "AIRFLOW__CORE__EXECUTOR" in service["environment"]}


def test_it_has_every_part_of_a_celery_cluster() -> None:
    assert SERVICES.keys() == {
        "postgres", "redis", "airflow-init", "airflow-apiserver", "airflow-scheduler", "airflow-dag-processor",
        "airflow-triggerer", "airflow-worker", "newsdesk",
    }  # fmt: skip


def test_ports_are_open_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


SECRETS = {
    "POSTGRES_PASSWORD", "AIRFLOW_DB_PASSWORD", "NEWSDESK_DB_PASSWORD", "REDIS_PASSWORD", "AIRFLOW_ADMIN_PASSWORD",
    "AIRFLOW_FERNET_KEY", "AIRFLOW_SECRET_KEY", "AIRFLOW_JWT_SECRET",
}  # fmt: skip


def test_no_secret_stands_in_it_and_none_has_a_default() -> None:
    for name in SECRETS:
        uses = re.findall(rf"\$\{{{name}[^}}]*\}}", TEXT)
        assert uses
        assert all(use == f"${{{name}:?run docker/make-env}}" for use in uses)
    assert not re.search(r"://\w*:(?!\$\{)", TEXT)


def holders(secret: str) -> set[str]:
    return {name for name, service in SERVICES.items() if f"${{{secret}:" in str(service["environment"])}


def test_each_part_holds_the_secrets_that_it_needs() -> None:
    assert holders("POSTGRES_PASSWORD") == {"postgres", "airflow-init"}  # the owner's
    assert holders("AIRFLOW_ADMIN_PASSWORD") == {"airflow-apiserver"}
    assert holders("REDIS_PASSWORD") == {"redis", *AIRFLOW}
    workers = AIRFLOW["airflow-worker"]["environment"]
    assert workers["AIRFLOW_CONN_NEWS_DB"] == workers["NEWSDESK_DSN"]
    assert workers["NEWSDESK_DSN"].startswith("postgresql://newsdesk:")


def test_no_container_can_gain_rights_or_write_to_its_own_system() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "cap_add" not in service or name == "postgres"
        assert service.get("user", "0").split(":")[0] != "0" or name == "postgres"


def test_every_setting_is_passed_on() -> None:
    for name, service in AIRFLOW.items():
        assert set(service["environment"]) >= {*NAMES, "NEWSDESK_SCHEDULE"}, name
    for setting in NAMES - {"NEWSDESK_HOME", "NEWSDESK_SOURCES", "NEWSDESK_DSN"}:
        assert f"{setting}: ${{{setting}:-" in TEXT, setting


def test_all_of_airflow_shares_image_keys_and_account() -> None:
    keys = ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET")
    first = AIRFLOW["airflow-init"]
    for service in AIRFLOW.values():
        assert (service["image"], service["user"]) == (first["image"], "50000:0")
        assert all(service["environment"][key] == first["environment"][key] for key in keys)


def test_the_owners_rights_are_inits_alone() -> None:
    """Its commands, `reader` among them, work with the owner's login; every other part has the writer's."""
    for name, service in AIRFLOW.items():
        found = service["environment"]
        login = "postgres" if name == "airflow-init" else "newsdesk"
        assert found["AIRFLOW_CONN_NEWS_DB"] == found["NEWSDESK_DSN"], name
        assert found["NEWSDESK_DSN"].startswith(f"postgresql://{login}:"), name
        assert ("NEWSDESK_WRITER_DSN" in found) == ("NEWSDESK_ADMIN_DSN" in found) == (name == "airflow-init")


def test_no_default_holds_another_variable_as_older_compose_reads_it_to_the_first_brace() -> None:
    assert re.findall(r"\$\{[^}]*\$\{", TEXT) == []


def test_images_are_pinned() -> None:
    assert all(re.search(r":\d", service["image"]) for service in SERVICES.values())


def test_dags_cannot_be_written_from_inside() -> None:
    assert all("./dags:/opt/newsdesk/dags:ro" in service["volumes"] for service in AIRFLOW.values())


def test_every_lasting_service_tells_its_health() -> None:
    assert all("healthcheck" in service for name, service in SERVICES.items() if service["restart"] != "no")


def test_the_image_has_the_version_of_the_package() -> None:
    from newsdesk import __version__

    assert AIRFLOW["airflow-init"]["image"] == f"newsdesk:{__version__}"


def test_the_image_and_make_have_their_uv_from_one_lock() -> None:
    for file in ("Makefile", "Dockerfile"):
        assert "security/uv.txt" in (ROOT / file).read_text(encoding="utf-8"), file


def test_the_image_has_the_developers_versions_and_none_of_their_tools() -> None:
    ours = locked("constraints.txt")
    for lock in ("docker/constraints.txt", "docker/constraints-kubernetes.txt"):
        found = locked(lock)
        assert {name for name in found.keys() & ours.keys() if found[name] != ours[name]} == set()
        assert not found.keys() & {"mypy", "ruff", "pytest", "playwright", "moto", "duckdb", "sqlfluff", "hatchling"}
        assert found.keys() >= {"celery", "redis", "s3fs", "pyarrow", "statsd", "spacy", "psycopg2-binary"}


def locked(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def make_env(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "docker" / "make-env", file], capture_output=True, text=True, check=False)


def test_made_secrets_are_whole_and_new_each_time(tmp_path: Path) -> None:
    assert make_env(tmp_path / "first").returncode == make_env(tmp_path / "second").returncode == 0
    first, second = (tmp_path / "first").read_text(), (tmp_path / "second").read_text()
    names = re.findall(r"^(\w+)=\S{16,}$", first, re.MULTILINE)
    assert set(names) == SECRETS
    assert names == re.findall(r"^(\w+)=$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert not set(first.split()) & set(second.split())


def test_made_secrets_are_the_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    file, before = tmp_path / ".env", os.umask(0o022)
    try:
        make_env(file)
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    held = file.read_text()
    again = make_env(file)
    assert again.returncode == 1
    assert "is left as it is" in again.stderr
    assert file.read_text() == held


def test_docker_compose_takes_it(tmp_path: Path) -> None:
    if shutil.which("docker-compose") is None:
        pytest.skip("docker-compose is not installed here")
    make_env(tmp_path / ".env")
    for more in ([], ["--profile", "tools"]):
        subprocess.run(["docker-compose", "--env-file", tmp_path / ".env", *more, "config", "-q"], cwd=ROOT, check=True)


def test_a_broker_that_is_away_for_minutes_fails_no_task() -> None:
    """Else Airflow counts a task that cannot be handed over at once as failed; `make test-cluster` takes Redis away."""
    for service in AIRFLOW.values():
        module, _, name = service["environment"]["AIRFLOW__CELERY__CELERY_CONFIG_OPTIONS"].rpartition(".")
        assert f"docker/{module}.py /opt/venv" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
        assert f"{name}: dict" in (ROOT / "docker" / f"{module}.py").read_text(encoding="utf-8")
        assert int(service["environment"]["AIRFLOW__CELERY__TASK_PUBLISH_MAX_RETRIES"]) >= 120
