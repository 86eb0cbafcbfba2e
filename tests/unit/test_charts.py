"""The desk's charts, as data."""

from __future__ import annotations

from newsdesk.dashboard.charts import hours, round_up


def test_a_chart_judges_hours_that_are_far_below_what_is_usual_but_not_the_one_under_way() -> None:
    usual = {"low": 8, "middle": 10, "high": 12, "hour": None}
    chart = hours([usual | {"articles": n} for n in (10, 7, 2, 30, 0)])
    assert [bar.kind for bar in chart.bars] == ["usual", "usual", "under", "over", "now"]
    assert [round_up(n) for n in (0, 3, 5, 11, 41, 100, 101)] == [4, 4, 5, 20, 50, 100, 200]
    assert hours([]).bars == []
