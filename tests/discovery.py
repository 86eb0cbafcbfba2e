"""The discovery of one source on a site whose answers a test sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.store.database import rows, transaction
from scripted_site import Site


@dataclass
class Discovery:
    """The pipeline's discovery with one source, and its clock: `later` moves all that is known into the past."""

    desk: Desk
    site: Site
    folder: Path
    runs: int = 0

    def source(self, *endpoints: str, **more: str) -> None:
        lines = ["id: s", "name: S", f"homepage: {self.site.base}/", "allow_private: true", "crawl_delay: 0"]
        lines += [f"{key}: {value}" for key, value in more.items()]
        if endpoints:
            lines += ["endpoints:", *(f"  - {{{kind}: '{self.site.base}{path}'}}" for kind, _, path in
                                      (told.partition(" ") for told in endpoints))]  # fmt: skip
        (self.folder / "s.yaml").write_text("\n".join(lines) + "\n")

    def run(self, *, by_hand: bool = True) -> dict[str, int]:
        self.runs += 1
        key = f"test/{self.runs}" if by_hand else f"ingest_news/scheduled__{self.runs}"
        return stages.discover(self.desk, stages.open_run(self.desk, key, "cli" if by_hand else "airflow"))

    def sql(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute(statement, values)
            return rows(cursor) if cursor.description else []

    def endpoint(self) -> dict[str, Any]:
        return self.sql("SELECT * FROM ops.endpoint WHERE active ORDER BY endpoint_id")[0]

    def later(self, **passed: float) -> None:
        columns = ("polled_at", "next_poll_at", "worked_at", "changed_at", "whole_at", "failing_since", "moved_since")
        self.sql(
            f"UPDATE ops.endpoint SET {', '.join(f'{name} = {name} - %s' for name in columns)}",
            *[timedelta(**passed)] * len(columns),
        )
