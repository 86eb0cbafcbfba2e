"""The day in one letter: what came in of each source beside its usual, what is open, what was refused most, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsdesk.alerting.letters import Letter, cut_line, where
from newsdesk.alerting.telling import tell
from newsdesk.store import alerts, desk_overview, digests
from newsdesk.store.asking import reading

if TYPE_CHECKING:
    from newsdesk.desk import Desk

MOST = 60  # sources told one by one, those that need somebody first
_ASLEEP = ("off", "paused")


@dataclass(frozen=True, slots=True)
class Digest:
    """The last 24 hours. `sources`: rows of the desk's overview; `alerts`: those that are open; the rest: store.digests."""

    at: datetime
    sources: Sequence[dict[str, Any]]
    alerts: Sequence[alerts.Alert]
    refused: Sequence[dict[str, Any]]
    late: Sequence[dict[str, Any]]
    runs: dict[str, Any]

    @property
    def articles(self) -> int:
        return sum(source["published"] for source in self.sources)

    def as_json(self) -> dict[str, Any]:
        kept = ("source_id", "name", "state", "published", "low", "middle", "high", "last_at")
        return {
            "at": self.at, "articles": self.articles, "sources": [{name: one[name] for name in kept} for one in self.sources],
            "alerts": [asdict(alert) for alert in self.alerts], "refused": list(self.refused), "late": list(self.late), "runs": self.runs,
        }  # fmt: skip


def read_digest(dsn: str) -> Digest:
    with reading(dsn) as cursor:
        return Digest(
            datetime.now(UTC),
            desk_overview.sources(cursor).rows,
            alerts.open_alerts(cursor),
            digests.refused(cursor),
            digests.late(cursor),
            digests.runs_of_the_day(cursor),
        )


def tell_digest(desk: Desk, key: str) -> dict[str, int]:
    """Tell the digest through the channels that are set; once for each key."""
    digest = read_digest(desk.dsn)
    letter = as_letter(digest, desk.pages)
    told = tell(desk, letter.subject, letter.lines, f"digest/{key}")
    return {
        "told": int(told),
        "sources": len(digest.sources),
        "articles": digest.articles,
        "open_alerts": len(digest.alerts),
    }


def as_letter(digest: Digest, pages: str) -> Letter:
    awake = [source for source in digest.sources if source["state"] not in _ASLEEP]
    well = sum(source["state"] == "ok" for source in awake)
    failed = f", {digest.runs['failed']} of them red" if digest.runs["failed"] else ""
    lines = [
        f"{digest.articles} new articles in 24 hours; {well} of {len(awake)} sources are well; runs: {digest.runs['runs']}{failed}",
        *_part("Open alerts", [line for alert in digest.alerts for line in _alert(alert, pages)]),
        *_part("Sources", [*map(_source, digest.sources[:MOST]), *_more(len(digest.sources) - MOST)]),
        *_part("Refused most", [_refused(row) for row in digest.refused]),
        *_part("Late", [_late(row) for row in digest.late]),
    ]
    if pages:
        lines += ["", f"{pages}/"]
    state = (
        f"{len(digest.alerts)} alert{'s' if len(digest.alerts) != 1 else ''} open" if digest.alerts else "all is well"
    )
    return Letter(f"newsdesk {digest.at:%d %b}: {digest.articles} articles, {state}", tuple(lines))


def _part(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *lines] if lines else []


def _more(count: int) -> list[str]:
    return [f"  and {count} more"] if count > 0 else []


def _alert(alert: alerts.Alert, pages: str) -> list[str]:
    weight = "needs you" if alert.grave else "worth a look"
    told = f"  {alert.source_id or 'the run'}, {weight} since {alert.opened_at:%d %b %H:%M} UTC: {alert.what}"
    return ["  " + cut_line(told), f"  {where(alert, pages)}"]


def _source(row: dict[str, Any]) -> str:
    usual = f" (usually {row['low']} to {row['high']})" if row["high"] is not None else ""
    state = "" if row["state"] == "ok" else f", {row['state']}"
    return "  " + cut_line(f"{row['source_id']}: {row['published']}{usual}{state}")


def _refused(row: dict[str, Any]) -> str:
    more = len(row["sources"]) - 3
    of = ", ".join(row["sources"][:3]) + (f" and {more} more" if more > 0 else "")
    return "  " + cut_line(
        f"{row['urls']} × {row['outcome'].replace('_', ' ')}: {row['reason'] or 'no reason told'} ({of})"
    )


def _late(row: dict[str, Any]) -> str:
    return f"  run {row['run_id']}: batches not ended {row['batches']}, URLs in them {row['urls']}, since {row['since']:%d %b %H:%M} UTC"
