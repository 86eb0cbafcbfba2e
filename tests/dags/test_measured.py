"""What Airflow's metrics and traces are told of a stage."""

from __future__ import annotations

from typing import Any

import pytest

from newsdesk.local.airflow_home import connection_json

pytestmark = pytest.mark.slow


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, module_dsn: str) -> dict[str, Any]:
    """What a backend of Airflow's metrics is sent, by name."""
    from airflow.sdk._shared.observability.metrics import stats

    found: dict[str, Any] = {}

    class Backend:
        def incr(self, stat: str, count: int = 1, **more: Any) -> None:
            found[stat] = found.get(stat, 0) + count

        def timing(self, stat: str, dt: float, **more: Any) -> None:
            found[stat] = dt

    monkeypatch.setattr(stats, "_backend", Backend())
    monkeypatch.setenv("AIRFLOW_CONN_NEWS_DB", connection_json(module_dsn))
    return found


def test_a_stages_counts_and_time_are_told_to_airflows_metrics_and_its_span_to_the_traces(told: dict[str, Any]) -> None:
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from newsdesk import orchestration

    provider, spans = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    tracer = provider.get_tracer("newsdesk")

    def fetch(desk: Any, batch_id: int) -> dict[str, int]:
        return {"fetched": 3, "timeout": 1}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "get_tracer", lambda name: tracer)
        assert orchestration.measured(fetch, 12) == {"fetched": 3, "timeout": 1}
        (span,) = spans.get_finished_spans()
    assert span.name == "newsdesk.fetch"
    assert dict(span.attributes or {}) == {"newsdesk.id": 12, "newsdesk.fetched": 3, "newsdesk.timeout": 1}
    assert told.pop("newsdesk.fetch.duration") >= 0
    assert told == {"newsdesk.fetch.fetched": 3, "newsdesk.fetch.timeout": 1}


def test_a_stage_that_fails_is_counted_and_its_error_raised(told: dict[str, Any]) -> None:
    from newsdesk import orchestration
    from newsdesk.errors import ArchiveUnavailable

    def extract(desk: Any, batch_id: int) -> dict[str, int]:
        raise ArchiveUnavailable("away")

    with pytest.raises(ArchiveUnavailable):
        orchestration.measured(extract, 12)
    assert told == {"newsdesk.extract.failed": 1}
