"""The desk's figures in the text format of Prometheus, for who may read the desk."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from newsdesk.dashboard.door import Door
from newsdesk.store import desk_metrics
from newsdesk.store.asking import reading

FORMAT = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/metrics")
    def metrics() -> Response:
        lines = []
        with reading(door.desk().dsn) as cursor:
            for metric, samples in desk_metrics.samples(cursor):
                lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
                lines += [f"{metric.name}{_labels(labels)} {value!r}" for labels, value in samples]
        return Response("\n".join(lines) + "\n", headers={"content-type": FORMAT})

    return router


def _labels(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""
