"""The story that docs/operator.md tells: three papers fail in the night, and the desk shows each and mends it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html

from command_line import WITHOUT_NAMES
from desk_serving import chromium, served
from desk_world import door_of, mounted
from newsdesk import stages
from newsdesk.desk import Desk
from newsdesk.endpoint_finding import Finding
from newsdesk.errors import CheckFailed
from newsdesk.settings import read_settings
from newsdesk.store.database import rows, transaction
from scripted_site import Answer, Site, open_site

PAPERS = ("herald", "courier", "post")
PLACES = (
    "Ellery",
    "Marrow",
    "Tolven",
    "Hask",
    "Quill",
    "Ardmore",
    "Bexley",
    "Corran",
    "Dunmere",
    "Esk",
    "Fallow",
    "Garth",
)
PAGES = 6  # that a paper brings each time
RUNS = {"x-newsdesk": "1", "sec-fetch-site": "same-origin", "x-role": "user"}


@dataclass
class House:
    """The pipeline with three papers, step by step in this process; letters as the channel takes them."""

    desk: Desk
    sites: dict[str, Site]
    letters: list[tuple[str, str]] = field(default_factory=list)
    runs: int = 0

    def run(self) -> None:
        """One run, as by hand. CheckFailed as the task `check` has it."""
        self.runs += 1
        run = stages.open_run(self.desk, f"night/{self.runs}", "cli")
        stages.discover(self.desk, run)
        for batch in stages.plan(self.desk, run):
            stages.fetch(self.desk, batch)
            stages.extract(self.desk, batch)
            stages.enrich(self.desk, batch)
        stages.deduplicate(self.desk, run)
        stages.publish(self.desk, run)
        stages.check(self.desk, run)

    def publish(self, paper: str, names: Sequence[str]) -> None:
        """The paper has these articles, and its feed names them."""
        site = self.sites[paper]
        for name in names:
            site.answers[f"/{name}"] = Answer(article(name, paper))
        site.answers["/rss"] = Answer(site.rss(*names, date=datetime.now(UTC) - timedelta(minutes=20)))

    def pass_hours(self, hours: int) -> None:
        """What waits for a time has waited so long."""
        with transaction(self.desk.dsn) as cursor:
            span = timedelta(hours=hours)
            cursor.execute(
                "UPDATE ops.host SET deferred_until = deferred_until - %s, next_turn_at = next_turn_at - %s",
                (span, span),
            )
            cursor.execute(
                "UPDATE ops.frontier SET next_visit_at = next_visit_at - %s WHERE article_id IS NULL", (span,)
            )
            cursor.execute(
                "UPDATE ops.endpoint SET next_poll_at = next_poll_at - %s, polled_at = polled_at - %s", (span, span)
            )

    def articles(self) -> dict[str, int]:
        with transaction(self.desk.dsn) as cursor:
            cursor.execute("SELECT source_id, count(*) AS n FROM news.article GROUP BY 1 ORDER BY 1")
            return {row["source_id"]: row["n"] for row in rows(cursor)}


def article(name: str, paper: str) -> bytes:
    place = PLACES[sum(map(ord, name)) % len(PLACES)]
    said = "".join(
        f"<p>The council of {place} {verb} the {thing} that {name.replace('-', ' ')} had asked for, the {paper} was told; "
        f"work on the {thing} begins in {month}, and those who live beside it will be asked again before it ends.</p>"
        for verb, thing, month in (
            ("approved", "bridge", "April"),
            ("turned down", "ferry pier", "June"),
            ("put off", "school", "May"),
        )
    )
    return (
        f"<html lang='en'><head><title>{name}</title><meta property='og:type' content='article'></head><body><article>"
        f"<h1>What {place} decided on {name.replace('-', ' ')}</h1>{said}</article></body></html>"
    ).encode()


SHELL = b"<html lang='en'><head><title>The Post</title><script src=/app.js></script></head><body><div id=root></div></body></html>"


@pytest.fixture
def house(dsn: str, tmp_path: Path) -> Iterator[House]:
    letters: list[tuple[str, str]] = []
    with ExitStack() as open_sites:
        sites = {paper: open_sites.enter_context(open_site()) for paper in PAPERS}
        folder = tmp_path / "sources"
        folder.mkdir()
        for paper, site in sites.items():
            (folder / f"{paper}.yaml").write_text(
                f"id: {paper}\nname: The {paper.title()}\nhomepage: {site.base}/\nlanguage: en\nallow_private: true\n"
                f"crawl_delay: 0\nendpoints: [{{feed: '{site.base}/rss'}}]\n"
            )
        settings = read_settings({
            "NEWSDESK_HOME": str(tmp_path), "NEWSDESK_SOURCES": str(folder), "NEWSDESK_CRAWL_DELAY": "0",
            "NEWSDESK_FETCH_DEADLINE": "3", "NEWSDESK_NOTIFY": "webhook:desk", **WITHOUT_NAMES,
        })  # fmt: skip
        desk = Desk(
            settings, dsn, send=lambda kind, name, subject, lines: letters.append((subject, "\n".join(lines))),
            pages="https://airflow.example/newsdesk",
        )  # fmt: skip
        yield House(desk, sites, letters)


class Operator:
    """Somebody before the desk: reads a page as text, follows its links, presses its buttons."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def open(self, path: str) -> html.HtmlElement:
        answer = self.client.get(f"/newsdesk{path}", headers={"x-role": "user", "accept": "text/html"})
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)

    def lead(self, path: str) -> str:
        """What stands at the head of the page."""
        page = self.open(path)
        for sql in page.cssselect("section.lead details"):
            sql.drop_tree()
        return " ".join(" ".join(part.text_content().split()) for part in page.cssselect("section.lead"))

    def link(self, path: str, words: str) -> str:
        (found,) = {
            link.get("href") for link in self.open(path).cssselect("section.lead a") if link.text_content() == words
        }
        return str(found).removeprefix("/newsdesk")

    def press(self, path: str, label: str) -> str:
        """Press the page's first button of that label; what the desk says."""
        form = next(
            form
            for form in self.open(path).cssselect("form[data-act]")
            if form.cssselect("button")[0].text_content() == label
        )
        answer = self.client.post(
            f"/newsdesk/actions/{form.get('data-act')}", json=json.loads(form.get("data-values")), headers=RUNS
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["said"])


def take_picture(desk: Desk, file: Path) -> None:
    """The overview as a browser shows it: the picture in docs/operator.md, where NEWSDESK_PICTURES=docs/images asks for it."""
    with served(desk) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 420})
        page.goto(f"{address}/")
        page.screenshot(path=file)


def test_the_desk_shows_what_failed_in_the_night_and_mends_it(house: House) -> None:
    evening, night = (
        [f"{when}-{n}" for n in ("one", "two", "three", "four", "five", "six")] for when in ("evening", "night")
    )
    for paper in PAPERS:
        house.publish(paper, [f"{paper}-{name}" for name in evening])
    house.run()
    assert house.articles() == dict.fromkeys(sorted(PAPERS), PAGES)
    operator = Operator(TestClient(mounted(door_of(house.desk, [], Finding(()))), base_url="http://desk.example"))
    assert "3 of 3 sources are well" in operator.lead("/")

    # in the night a feed dies, a site changes its template, a host wants to be left alone
    for paper in PAPERS:
        house.publish(paper, [f"{paper}-{name}" for name in night])
    herald, post, courier = (house.sites[paper] for paper in ("herald", "post", "courier"))
    herald.answers["/rss"] = Answer(status=410)
    for name in night:
        post.answers[f"/post-{name}"] = Answer(SHELL)
        courier.answers[f"/courier-{name}"] = Answer(status=429, headers={"Retry-After": "7200"})
    house.pass_hours(8)
    with pytest.raises(CheckFailed) as red:
        house.run()
    assert [line.partition(":")[0] for line in str(red.value).splitlines()] == ["herald", "post"]

    # the letter of the morning, and the first look
    (subject, letter), *_ = house.letters
    assert subject == "newsdesk: 2 need you, 1 worth a look (herald: endpoints, …)"
    assert "https://airflow.example/newsdesk/quarantine?outcome=needs_js&source=post" in letter
    if pictures := os.environ.get("NEWSDESK_PICTURES"):
        take_picture(house.desk, Path(pictures) / "first_morning.png")
    lead = operator.lead("/")
    assert "2 of 3 sources need you" in lead
    assert "The Herald: 1 of 1 endpoints failed" in lead
    assert "The Post: 6 pages gave no body, 0 did" in lead
    host = courier.base.removeprefix("http://")
    rest = f"its host {host} rests until {datetime.now(UTC) + timedelta(hours=2):%H:}"
    assert f"The Courier: {rest}" in lead
    assert "the next run after that goes on by itself" in lead

    # the herald: its feed is there again, and nothing but the button asks for it
    assert "press “Poll again”" in operator.lead("/sources/herald")
    herald.answers["/rss"] = Answer(herald.rss(*(f"herald-{name}" for name in night), date=datetime.now(UTC)))
    assert "polled with the next run" in operator.press("/sources/herald", "Poll again")

    # the post: its pages are whole again, and the group is asked for again
    refused = operator.link("/sources/post", "The refused URLs")
    assert refused == "/quarantine?outcome=needs_js&source=post"
    for name in night:
        post.answers[f"/post-{name}"] = Answer(article(f"post-{name}", "post"))
    assert operator.press(refused, "Retry the group").startswith("6 URLs")

    # the courier: nothing is to be done but to wait
    assert rest in operator.lead("/sources/courier")
    house.run()
    assert house.articles() == {"courier": PAGES, "herald": 2 * PAGES, "post": 2 * PAGES}
    for name in night:
        courier.answers[f"/courier-{name}"] = Answer(article(f"courier-{name}", "courier"))
    house.pass_hours(3)
    house.run()

    assert house.articles() == dict.fromkeys(sorted(PAPERS), 2 * PAGES)
    assert "All comes in: 3 of 3 sources are well" in operator.lead("/")
    assert "rests" not in operator.lead("/")
    assert [operator.lead(f"/sources/{paper}") for paper in PAPERS] == ["", "", ""]
    assert [subject for subject, _ in house.letters[1:]] == [
        "newsdesk: 2 well again (herald: endpoints, …)", "newsdesk: 1 well again (courier: refused)",
    ]  # fmt: skip
    with transaction(house.desk.dsn) as cursor:
        cursor.execute("SELECT actor, action FROM ops.audit ORDER BY audit_id")
        assert cursor.fetchall() == [("user", "poll"), ("user", "retry")]
