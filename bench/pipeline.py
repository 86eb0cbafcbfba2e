"""The whole pipeline on two thousand pages of a hundred hosts, beside what one would use instead, in the same run.

    python bench/pipeline.py [--hosts 100] [--pages 2000] [--labelled DATA/extract] [--rows 1000000] [--only newsdesk …]

A web on loopback (bench/web.py: real pages as far as there are labelled ones, then made ones; a latency of its own for
each host) is read by each tool in turn into a database of its own of one PostgreSQL (the embedded one):

    newsdesk            `newsdesk ingest` as a user runs it: robots.txt, archive, extraction, entities, reprints, stories
    newsdesk, no names  the same with NEWSDESK_MODELS=en=none,fr=none
    trafilatura         feedparser, requests in threads, bare_extraction with metadata  bench/peers/trafilatura_script.py
    scrapy              a spider whose callback calls trafilatura                        bench/peers/scrapy_spider.py
    news-please         requests in threads, from_html without images                    bench/peers/news_please.py

A peer runs as one process a core, each with its share of the hosts; nobody pauses between requests. Peers write one row
an article and keep no page. Printed: articles in the table, articles a second from start to end, CPU-ms a page (the
tool's processes; PostgreSQL's), the most memory that all of its processes held together (PSS), and the share of the
cores that was idle (the web's own CPU counted as busy). `--stages` tells what each step of ours costs, and how much of
it is the crafts' own: the extractor's process and the annotation of texts; and the bytes that stay of an article.
`--rows N` first fills the tables with N articles (bench/stock.py), and the stages are measured there as well.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import psutil

from newsdesk import enrichment, stages
from newsdesk.desk import Desk
from newsdesk.extract import guard
from newsdesk.local import postgres
from newsdesk.settings import read_settings
from newsdesk.store.migrate import migrate
from own_server import own_server
from peers.common import MAKE
from stock import fill
from web import Web, make_web, serve, write_sources

HERE = Path(__file__).resolve().parent
CORES = os.cpu_count() or 1
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
NO_NAMES = {"NEWSDESK_MODELS": "en=none,fr=none"}
PEERS = {
    "trafilatura": ("peers/trafilatura_script.py", sys.executable),
    "scrapy": ("peers/scrapy_spider.py", str(HERE.parent / ".venv-bench/bin/python")),
    "news-please": ("peers/news_please.py", str(HERE.parent / ".venv-bench/bin/python")),
}
OURS: dict[str, dict[str, str]] = {"newsdesk": {}, "newsdesk, no names": NO_NAMES}


@dataclass(frozen=True, slots=True)
class Result:
    tool: str
    articles: int
    seconds: float
    cpu: float  # seconds, of the tool
    database: float  # seconds, of PostgreSQL
    memory: int  # bytes
    idle: float  # share of the cores

    def row(self, pages: int) -> str:
        return (
            f"| {self.tool} | {self.articles} | {self.articles / self.seconds:.1f} | {self.cpu * 1000 / pages:.0f} | "
            f"{self.database * 1000 / pages:.1f} | {self.memory / 1e6:.0f} | {self.idle:.0%} |"
        )


class Failed(Exception):
    """A tool ended before its work did: with which code, and the last lines that it said."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--labelled", type=Path, help="folder of labelled pages; without it all pages are made")
    parser.add_argument(
        "--rows", type=int, default=0, help="articles in the tables before the stages are measured again"
    )
    parser.add_argument("--only", nargs="+", default=[*OURS, *PEERS], choices=[*OURS, *PEERS, "none"])
    parser.add_argument("--stages", action="store_true", help="what each step of ours costs")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    adopt_orphans()
    web = make_web(options.hosts, options.pages, options.labelled, options.seed)
    with own_server("pipeline") as (home, dsn), serve(web) as (port, pipe):
        write_sources(home / "sources", web, port, 0)
        admin = dsn.replace("/newsdesk?", "/postgres?")
        os.environ |= environment(home)
        compare(home, admin, web, port, lambda: cpu_of_web(pipe), options.only, options.pages)
        if options.stages or options.rows:
            warm_up(home, admin)
            report_stages(home, admin, options.pages, 0)
        if options.rows:
            report_stages(home, admin, options.pages, options.rows)


def compare(
    home: Path, admin: str, web: Web, port: int, cpu_of_web: Callable[[], float], tools: Sequence[str], pages: int
) -> None:
    print(f"\n{pages} pages, {len(web)} hosts, {CORES} cores, load at the start {os.getloadavg()[0]:.1f}\n")
    print(
        "| tool | articles | articles a second | CPU-ms a page | PostgreSQL's | MB | idle |\n| --- | " + "---: | " * 6
    )
    failed = []
    for tool in tools:
        if tool == "none":
            continue
        dsn = new_database(admin, f"of_{tool.replace('-', '_').replace(', ', '_').replace(' ', '_')}")
        if tool in OURS:
            migrate(dsn)
            commands = [[sys.executable, "-m", "newsdesk.cli", "ingest", "--quiet"]]
            more = OURS[tool] | {"NEWSDESK_DSN": dsn, "NEWSDESK_ARCHIVE": str(home / tool)}
            counting = "SELECT count(*) FROM news.article"
        else:
            postgres.psql(dsn, MAKE)
            commands, more = list(peer_commands(home, tool, dsn, web, port)), {}
            counting = "SELECT count(*) FROM public.article"
        before = cpu_of_server(home), cpu_of_web()
        try:
            # 1: newsdesk says that a source needs a person, which is of the pages; of a peer it is an error of Python's
            seconds, cpu, memory = run(commands, more, (0, 1) if tool in OURS else (0,))
        except Failed as error:
            if tool in OURS:
                sys.exit(f"{tool} {error}")
            failed.append(f"{tool} has no row: it {error}")
            continue
        database, webs = cpu_of_server(home) - before[0], cpu_of_web() - before[1]
        idle = 1 - (cpu + database + webs) / (seconds * CORES)
        print(
            Result(tool, int(postgres.psql(dsn, counting)), seconds, cpu, database, memory, idle).row(pages), flush=True
        )
    print("".join(f"\n{line}\n" for line in failed), end="", flush=True)


def peer_commands(home: Path, tool: str, dsn: str, web: Web, port: int) -> Iterator[list[str]]:
    script, python = PEERS[tool]
    for share in range(CORES):
        feeds = home / f"{tool}-{share}.txt"
        feeds.write_text("\n".join(f"http://{host.address}:{port}/feed.xml" for host in web[share::CORES]))
        yield [python, str(HERE / script), dsn, str(feeds)]


def run(commands: Sequence[Sequence[str]], more: Mapping[str, str], well: Collection[int]) -> tuple[float, float, int]:
    """Seconds of wall clock, CPU seconds and the most bytes of memory of the commands and all that they start.

    well: the exit codes of one that did its work; with another, Failed.
    """
    said = [TemporaryFile() for _ in commands]  # noqa: SIM115 - gone when nobody holds them
    began, before = time.monotonic(), os.times()
    running = [
        subprocess.Popen(
            command,
            env=os.environ | more,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            stderr=file,
        )
        for command, file in zip(commands, said, strict=True)
    ]
    most, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(1.0):
            most = max(most, sum(memory_of(process.pid) for process in running))

    watcher = threading.Thread(target=watch)
    watcher.start()
    codes = [process.wait() for process in running]
    reap_orphans()
    done.set()
    watcher.join()
    for code, command, file in zip(codes, commands, said, strict=True):
        file.seek(0)
        lines = file.read().decode("utf-8", "replace").splitlines()
        if code not in well:
            raise Failed("\n    ".join([f"ended with {code}: {' '.join(command[:2])}", *lines[-5:]]))
        if code:
            print("\n".join(lines), file=sys.stderr)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, cpu, most


def adopt_orphans() -> None:
    """Extractors outlive the processes that started them by a moment: what they used is to be counted here."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def reap_orphans() -> None:
    """Wait for those that this process has adopted; the web, which is its own child, goes on."""
    for child in psutil.Process().children():
        if child.status() == psutil.STATUS_ZOMBIE or "newsdesk.extract.worker" in child.cmdline():
            os.waitpid(child.pid, 0)


def memory_of(pid: int) -> int:
    total = 0
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in tree:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def warm_up(home: Path, admin: str) -> None:
    """Models and the extractor start with the pages once, not for the first table only."""
    dsn = new_database(admin, "warm_up")
    migrate(dsn)
    desk = Desk(read_settings(os.environ | {"NEWSDESK_ARCHIVE": str(home / "warm_up")}), dsn)
    walk(desk, lambda work, key: work(desk, key))


def walk(desk: Desk, step: Callable[[Callable[..., Any], int], Any]) -> int:
    """The stages up to the names', one after another, each by `step(work, run's or batch's id)`. Returns the run's id."""
    run_id = stages.open_run(desk, "bench", "cli")
    step(stages.discover, run_id)
    for batch in step(stages.plan, run_id):
        for work in (stages.fetch, stages.extract, stages.enrich):
            step(work, batch)
    return run_id


def report_stages(home: Path, admin: str, pages: int, stock: int) -> None:
    """The same pages step by step in one process: CPU of the step, of the crafts within it, and of PostgreSQL."""
    dsn = new_database(admin, f"stages_{stock}")
    migrate(dsn)
    if stock:
        fill(dsn, stock)
    desk = Desk(read_settings(os.environ | {"NEWSDESK_ARCHIVE": str(home / f"stages_{stock}")}), dsn)
    costs: dict[str, Counter[str]] = {}
    annotate = enrichment.annotate_documents
    annotated = 0.0

    def timed_annotate(*arguments: Any) -> Any:
        nonlocal annotated
        before = time.process_time()
        found = annotate(*arguments)
        annotated += time.process_time() - before
        return found

    def timed(work: Callable[..., Any], key: int) -> Any:
        before = time.process_time(), cpu_of_extractor(), annotated, cpu_of_server(home), time.monotonic()
        answer = work(desk, key)
        wall = time.monotonic() - before[4]
        extractor, names = cpu_of_extractor() - before[1], annotated - before[2]
        cost = costs.setdefault(work.__name__, Counter())
        cost["all"] += time.process_time() - before[0] + extractor
        cost["crafts"] += extractor + names
        cost["database"] += cpu_of_server(home) - before[3]
        cost["wall"] += wall
        return answer

    enrichment.annotate_documents = timed_annotate
    try:
        run_id = walk(desk, timed)
        timed(stages.deduplicate, run_id)
        timed(stages.publish, run_id)
    finally:
        enrichment.annotate_documents = annotate
    print(f"\nsteps, one after another, {stock:,} articles in the tables before:\n")
    print("| step | CPU-ms a page | of it the crafts' | PostgreSQL's | wall |\n| --- | ---: | ---: | ---: | ---: |")
    total: Counter[str] = Counter()
    for name, cost in [*costs.items(), ("all", total)]:
        total.update(cost if cost is not total else {})
        print(
            f"| {name} | "
            + " | ".join(f"{cost[what] * 1000 / pages:.1f}" for what in ("all", "crafts", "database", "wall"))
            + " |"
        )
    print(
        f"\ncrafts: {total['crafts'] / (total['all'] + total['database']):.0%} of all CPU, PostgreSQL's counted",
        flush=True,
    )
    if not stock:
        print_sizes(dsn, home / "stages_0")


def print_sizes(dsn: str, archive: Path) -> None:
    """Bytes an article: of the tables with their indexes, by schema and the largest of them, and of the archive."""
    postgres.psql(dsn, "VACUUM ANALYZE")
    articles = max(int(postgres.psql(dsn, "SELECT count(*) FROM news.article")), 1)
    sized = (
        "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('ops', 'news') AND c.relkind IN ('r', 'm')"
    )
    for what, name, group in (("schema", "n.nspname", "1"), ("table", "n.nspname || '.' || c.relname", "1")):
        query = f"SELECT {name}, sum(pg_total_relation_size(c.oid)) {sized} GROUP BY {group} ORDER BY 2 DESC LIMIT 8"
        told = (
            (line.split("|")[0], int(line.split("|")[1]) / articles) for line in postgres.psql(dsn, query).splitlines()
        )
        print(f"bytes an article, by {what}: " + ", ".join(f"{name} {size:,.0f}" for name, size in told))
    kept = sum(file.stat().st_size for file in archive.rglob("*") if file.is_file())
    print(f"archive: {kept / articles:,.0f} bytes an article")


def new_database(admin: str, name: str) -> str:
    postgres.psql(admin, f"CREATE DATABASE {name}")
    return admin.replace("/postgres?", f"/{name}?")


def environment(home: Path) -> dict[str, str]:
    return {
        "NEWSDESK_HOME": str(home), "NEWSDESK_SOURCES": str(home / "sources"), "NEWSDESK_MAX_PER_RUN": "1000000",
        "NEWSDESK_MAX_PER_HOST": "1000000",
    }  # fmt: skip


def cpu_of_server(home: Path) -> float:
    """CPU seconds of PostgreSQL: of the postmaster, of the children it has, and of those that have ended."""
    time.sleep(0.05)  # one that ends now would be in neither sum
    pid = int((home / "postgres/postmaster.pid").read_text().split()[0])
    postmaster = psutil.Process(pid)
    own = postmaster.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in postmaster.children():
        try:
            times = child.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


def cpu_of_extractor() -> float:
    total = 0.0
    for standing in guard._standing.values():
        if standing._process is not None:
            times = psutil.Process(standing._process.pid).cpu_times()
            total += times.user + times.system
    return total


def cpu_of_web(pipe: Any) -> float:
    pipe.send("?")
    return float(pipe.recv())


if __name__ == "__main__":
    main()
