"""docker-compose.yml: what must hold of it, read off the file; and what docker-compose itself says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
AIRFLOW = {name: service for name, service in SERVICES.items() if name.startswith("airflow-")}


def test_it_has_every_part_of_a_celery_cluster() -> None:
    assert SERVICES.keys() == {
        "postgres", "redis", "airflow-init", "airflow-apiserver", "airflow-scheduler", "airflow-dag-processor",
        "airflow-triggerer", "airflow-worker",
    }  # fmt: skip


def test_ports_are_open_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_secret_stands_in_it_and_none_has_a_default() -> None:
    secrets = {
        "POSTGRES_PASSWORD",
        "AIRFLOW_ADMIN_PASSWORD",
        "AIRFLOW_FERNET_KEY",
        "AIRFLOW_SECRET_KEY",
        "AIRFLOW_JWT_SECRET",
    }
    for name in secrets:
        uses = re.findall(rf"\$\{{{name}[^}}]*\}}", TEXT)
        assert uses
        assert all(use == f"${{{name}:?run docker/make-env > .env}}" for use in uses)
    assert not re.search(r"://airflow:(?!\$\{)", TEXT)


def test_all_of_airflow_shares_image_keys_and_account() -> None:
    keys = (
        "AIRFLOW__CORE__FERNET_KEY",
        "AIRFLOW__API__SECRET_KEY",
        "AIRFLOW__API_AUTH__JWT_SECRET",
        "AIRFLOW_CONN_NEWS_DB",
    )
    first = AIRFLOW["airflow-init"]
    for service in AIRFLOW.values():
        assert (service["image"], service["user"]) == (first["image"], "50000:0")
        assert all(service["environment"][key] == first["environment"][key] for key in keys)


def test_images_are_pinned() -> None:
    assert all(re.search(r":\d", service["image"]) for service in SERVICES.values())


def test_dags_cannot_be_written_from_inside() -> None:
    assert all("./dags:/opt/newsdesk/dags:ro" in service["volumes"] for service in AIRFLOW.values())


def test_every_lasting_service_tells_its_health() -> None:
    assert all("healthcheck" in service for name, service in SERVICES.items() if name != "airflow-init")


def test_the_image_has_the_version_of_the_package() -> None:
    from newsdesk import __version__

    assert AIRFLOW["airflow-init"]["image"] == f"newsdesk:{__version__}"


def test_the_image_uses_the_same_uv_as_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^UV\s*:= (\S+)$", makefile, re.MULTILINE)[1] in (ROOT / "Dockerfile").read_text(encoding="utf-8")  # type: ignore[index]


def made_env(folder: Path) -> Path:
    env = folder / ".env"
    env.write_text(subprocess.run([ROOT / "docker" / "make-env"], capture_output=True, text=True, check=True).stdout)
    return env


def test_made_secrets_are_whole_and_new_each_time(tmp_path: Path) -> None:
    first, second = made_env(tmp_path).read_text(), made_env(tmp_path).read_text()
    names = re.findall(r"^(\w+)=\S{16,}$", first, re.MULTILINE)
    assert names == re.findall(r"^(\w+)=$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert not set(first.split()) & set(second.split())


def test_docker_compose_takes_it(tmp_path: Path) -> None:
    if shutil.which("docker-compose") is None:
        pytest.skip("docker-compose is not installed here")
    env = made_env(tmp_path)
    subprocess.run(["docker-compose", "--env-file", env, "config", "-q"], cwd=ROOT, check=True)
