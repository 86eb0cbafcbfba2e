"""docker/helm: what must hold of the values and of the job before them; the chart's own schema judges them where it is.

The chart is in no package registry that the tests reach: NEWSDESK_HELM_SCHEMA names its values.schema.json.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from newsdesk import __version__

ROOT = Path(__file__).parents[2]
VALUES: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "helm" / "values.yaml").read_text(encoding="utf-8"))
JOB: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "helm" / "init.yaml").read_text(encoding="utf-8"))
# the chart's keys that we use, as its documentation of 1.22 names them, with their JSON types
TYPES: dict[str, type] = {
    "executor": str, "airflowVersion": str, "defaultAirflowRepository": str, "defaultAirflowTag": str, "uid": int,
    "gid": int, "images.airflow.repository": str, "images.airflow.tag": str, "images.airflow.pullPolicy": str,
    "securityContexts.pod": dict, "securityContexts.containers": dict, "fernetKeySecretName": str,
    "apiSecretKeySecretName": str, "jwtSecretName": str, "data.metadataSecretName": str, "secret": list, "env": list,
    "volumes": list, "volumeMounts": list, "config.core": dict, "apiServer.args": list, "apiServer.extraVolumes": list,
    "apiServer.extraVolumeMounts": list, "createUserJob.enabled": bool, "migrateDatabaseJob.enabled": bool,
    "logs.persistence.enabled": bool, "logs.persistence.size": str, "scheduler.logGroomerSidecar.enabled": bool,
    "dagProcessor.enabled": bool, "dagProcessor.logGroomerSidecar.enabled": bool,
    "triggerer.persistence.enabled": bool, "triggerer.logGroomerSidecar.enabled": bool, "statsd.enabled": bool,
    "redis.enabled": bool, "postgresql.enabled": bool,
}  # fmt: skip
(CONTAINER,) = JOB["spec"]["template"]["spec"]["containers"]


def test_only_known_keys_of_the_chart_are_set() -> None:
    found = dict(leaves(VALUES, ""))
    assert found.keys() == TYPES.keys()
    assert {key for key, value in found.items() if type(value) is not TYPES[key]} == set()
    assert {frozenset(entry) for entry in VALUES["secret"]} == {frozenset({"envName", "secretName", "secretKey"})}
    assert {frozenset(entry) for entry in VALUES["env"]} == {frozenset({"name", "value"})}
    assert all(isinstance(entry["value"], str) for entry in VALUES["env"])


def leaves(tree: dict[str, Any], path: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in tree.items():
        here = f"{path}{key}"
        found += [(here, value)] if here in TYPES or not isinstance(value, dict) else leaves(value, f"{here}.")
    return found


def test_versions_are_those_of_the_lock_and_the_package() -> None:
    lock = (ROOT / "docker" / "constraints-kubernetes.txt").read_text(encoding="utf-8")
    assert f"\napache-airflow=={VALUES['airflowVersion']} " in f"\n{lock}"
    assert re.search(r"^apache-airflow-providers-cncf-kubernetes==", lock, re.MULTILINE)
    image = f"{VALUES['images']['airflow']['repository']}:{VALUES['images']['airflow']['tag']}"
    assert image.endswith(f":{__version__}-kubernetes")
    assert CONTAINER["image"] == image


def test_the_owners_rights_are_the_jobs_alone() -> None:
    holds = {entry["valueFrom"]["secretKeyRef"]["name"] for entry in CONTAINER["env"]}
    assert "newsdesk-admin" in holds
    assert "newsdesk-admin" not in str(VALUES)
    script = (ROOT / "docker" / "init").read_text(encoding="utf-8")
    assert set(re.findall(r'os\.environ\["(\w+)"\]', script)) <= {entry["name"] for entry in CONTAINER["env"]}


def test_passwords_are_mounted_where_the_api_server_alone_copies_them_from() -> None:
    server = VALUES["apiServer"]
    (mount,) = server["extraVolumeMounts"]
    script = (ROOT / "docker" / server["args"][0].removeprefix("newsdesk-")).read_text(encoding="utf-8")
    assert f"mounted={mount['mountPath']}/passwords.json" in script
    assert VALUES["config"]["core"]["simple_auth_manager_passwords_file"] == "/opt/airflow/passwords.json"
    assert '> "$AIRFLOW_HOME/passwords.json"' in script
    assert "passwords" not in {volume["name"] for volume in VALUES["volumes"]}


def test_no_secret_stands_in_them() -> None:
    assert not re.search(r"password:|://\w+:\w+@|key: [A-Za-z0-9+/=]{20,}", str(VALUES) + str(JOB))


def test_the_charts_schema_takes_them() -> None:
    schema = os.environ.get("NEWSDESK_HELM_SCHEMA")
    if not schema:
        pytest.skip("NEWSDESK_HELM_SCHEMA names no values.schema.json of the chart")
    jsonschema.validate(VALUES, json.loads(Path(schema).read_text(encoding="utf-8")))
