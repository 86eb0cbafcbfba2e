"""What the checks are told of a source: its hours beside the weeks before, its articles beside those of before."""

from __future__ import annotations

from arrivals import Arrival, arrive
from newsdesk import stages
from newsdesk.alerting.facts import Rhythm
from newsdesk.desk import Desk
from newsdesk.settings import read_settings
from newsdesk.store import desk_rows, desk_run, reports, runs
from newsdesk.store.database import transaction
from newsdesk.store.source_facts import source_facts
from newsdesk.store.sources import save_sources


def test_facts_are_counted_by_the_hours_of_the_weeks_before(dsn: str) -> None:
    run = arrive(dsn, [Arrival("https://post.example/a", "A text.")], "1")
    with transaction(dsn) as cursor:
        cursor.execute(
            """
            INSERT INTO ops.arrivals (hour, source_id, outcome, urls, last_at)
            SELECT h, 'post', o.outcome, o.urls, h
            FROM generate_series(date_trunc('hour', now()) - interval '40 days', date_trunc('hour', now()), interval '1 hour') AS h,
                (VALUES ('published', 2), ('wall', 1)) AS o (outcome, urls)
            WHERE h <= date_trunc('hour', now()) - interval '24 hours' OR o.outcome = 'wall'
            """
        )
        (facts,) = source_facts(cursor, run, ["post"])
        assert facts.rhythm.windows[24] == (0, (46,) * 5)  # the hour that is not over is left out of 24
        assert facts.rhythm.windows[168] == (2 * 144, (334,) * 4)
        assert facts.rhythm.days == (46,) * 20
        assert facts.rhythm.silent_hours == 24
        assert (facts.outcomes_today, set(facts.outcomes_before)) == ({"wall": 24}, {"published", "wall"})
        # nothing ran for two days: what did not come then says nothing
        cursor.execute(
            """
            INSERT INTO ops.run (run_key, kind, started_at)
            SELECT 'old/' || h, 'cli', now() - h * interval '1 hour' FROM generate_series(1, 500) AS h WHERE h NOT BETWEEN 6 AND 54
            """
        )
        (facts,) = source_facts(cursor, run, ["post"])
        assert set(facts.rhythm.windows) == {3}
        # and neither does the time of a pause
        cursor.execute(
            "INSERT INTO ops.audit (actor, action, source_id, target) VALUES ('nora', 'resume', 'post', 'post')"
        )
        (facts,) = source_facts(cursor, run, ["post"])
        assert facts.rhythm == Rhythm({}, facts.rhythm.days, 0.0)


def half_settled(dsn: str) -> tuple[Desk, int]:
    """A run that is dead when it has settled one of its batch's two visits; its id."""
    run = arrive(
        dsn, [Arrival("https://post.example/a", "A text."), Arrival("https://post.example/b", "Another.")], "1"
    )
    desk = Desk(read_settings({}), dsn)
    with transaction(dsn) as cursor:
        cursor.execute("UPDATE ops.visit SET enriched_at = NULL WHERE url_id = (SELECT max(url_id) FROM ops.visit)")
    stages.deduplicate(desk, run)
    assert stages.publish(desk, run) == {"published": 1}
    return desk, run


def test_a_visit_counts_in_the_run_that_settled_it_not_in_the_one_that_took_its_batch_over(dsn: str) -> None:
    desk, _ = half_settled(dsn)
    heir = stages.open_run(desk, "2", "cli")
    with transaction(dsn) as cursor:
        assert runs.adopt_orphans(cursor, heir) == 1
        cursor.execute("UPDATE ops.visit SET enriched_at = now() WHERE enriched_at IS NULL")
        # whatever the clock said
        cursor.execute("UPDATE ops.visit SET settled_at = now() + interval '1 day' WHERE settled_at IS NOT NULL")
    stages.deduplicate(desk, heir)
    with transaction(dsn) as cursor:
        cursor.execute("UPDATE ops.run SET started_at = now() + interval '2 hours' WHERE run_id = %s", (heir,))
    assert stages.publish(desk, heir) == {"published": 1}
    with transaction(dsn) as cursor:
        (facts,) = source_facts(cursor, heir, ["post"])
        assert facts.outcomes == {"published": 1}
        # and so it is told wherever a run's visits are
        assert reports.progress(cursor, heir) == dict.fromkeys(("planned", *reports.PHASES), 1)
        ledger = desk_run.ledger(cursor, heir)
        assert (ledger.planned, ledger.totals) == (1, {"published": 1})
        assert desk_rows.read(cursor, "visits", {"run": heir}, 1)[1] == 1
        # a batch's are all that it has
        cursor.execute("SELECT batch_id FROM ops.batch")
        (batch_id,) = cursor.fetchone()  # type: ignore[misc]
        assert desk_run.ledger(cursor, heir, batch_id).planned == 2
        assert desk_rows.read(cursor, "visits", {"batch": batch_id}, 1)[1] == 2


def test_a_batch_that_comes_back_to_its_first_run_brings_what_that_had_settled(dsn: str) -> None:
    desk, first = half_settled(dsn)
    heir = stages.open_run(desk, "2", "cli")
    with transaction(dsn) as cursor:
        for run in (heir, first):
            assert runs.adopt_orphans(cursor, run) == 1
        (facts,) = source_facts(cursor, first, ["post"])
        assert facts.outcomes == {"published": 1}
        assert reports.progress(cursor, first)["planned"] == 2
        runs.take_over(cursor, heir, runs.batches(cursor, first))
        assert reports.progress(cursor, heir)["planned"] == 1


def test_a_days_articles_are_told_beside_those_before(dsn: str) -> None:
    run = arrive(
        dsn,
        [Arrival(f"https://post.example/{n}", f"Text {n}.", language="de" if n < 3 else "en") for n in range(8)],
        "1",
    )
    desk = Desk(read_settings({}), dsn)
    stages.deduplicate(desk, run)
    stages.publish(desk, run)
    with transaction(dsn) as cursor:
        cursor.execute(
            "INSERT INTO ops.endpoint (source_id, kind, url) VALUES ('post', 'feed', 'https://post.example/rss') RETURNING endpoint_id"
        )
        cursor.execute("UPDATE ops.frontier SET endpoint_id = %s", cursor.fetchone())
        cursor.execute("UPDATE ops.frontier SET first_found_at = now() - interval '2 days' WHERE url LIKE '%%/7'")
        (facts,) = source_facts(cursor, run, ["post"])
    content = facts.content
    assert (content.articles, content.languages, content.past, content.past_languages) == (
        7,
        {"de": 3, "en": 4},
        1,
        {"en": 1},
    )
    assert content.same >= 1
    assert content.past_lag is not None


def test_a_source_that_is_off_already_is_not_written_again_by_each_discovery(dsn: str) -> None:
    found = []
    for _ in range(3):
        with transaction(dsn) as cursor:
            cursor.execute("INSERT INTO ops.source VALUES ('gone', '{}', true) ON CONFLICT DO NOTHING")
            save_sources(cursor, [], complete=True)
        with transaction(dsn) as cursor:
            cursor.execute("SELECT enabled, xmin::text FROM ops.source")
            found.append(cursor.fetchall())
    assert [[enabled for enabled, _ in rows] for rows in found] == [[False]] * 3
    assert found[1] == found[2]
