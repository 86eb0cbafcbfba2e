"""Source files: what is right is read, what is wrong is named with its line and a remedy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsdesk import sources
from newsdesk.model import Endpoint, EndpointKind, Source

WHOLE = """\
id: example-times
name: The Example Times
homepage: https://www.example.com/
language: en
country: GB
timezone: Europe/London
tags: [daily]
endpoints:
  - {feed: https://www.example.com/rss.xml}
  - {sitemap: https://www.example.com/news-sitemap.xml}
  - {section: https://www.example.com/world/}
expect: {articles_per_day: [20, 400], body_words: [80, 5000]}
include: ['^https://www\\.example\\.com/']
exclude: [/video/]
crawl_delay: 2
max_per_run: 50
headers: example_headers
enabled: false
allow_private: true
"""


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    source, faults = sources.read_source(write(tmp_path, WHOLE))
    assert faults == []
    assert source is not None
    assert source.endpoints[1] == Endpoint(EndpointKind.SITEMAP, "https://www.example.com/news-sitemap.xml")
    assert source.expect.articles_per_day == (20, 400)
    assert (source.crawl_delay, source.enabled, source.allow_private) == (2, False, True)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("https://www.example.com/\n", "https://www.example.com:99999/\n", 3),
        ("https://www.example.com/world/", "https://www..example.com/world/", 11),
    ],
)
def test_an_address_that_none_can_read_is_a_fault_of_its_file_only(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    """Discovery would stop at it, for all sources."""
    write(tmp_path, WHOLE.replace(old, new, 1), "bad.yaml")
    write(tmp_path, WHOLE.replace("example-times", "good"), "good.yaml")
    found, faults = sources.load_sources(tmp_path)
    assert [source.id for source in found] == ["good"]
    assert [(fault.line, "is no address" in fault.what) for fault in faults] == [(line, True)]


def test_its_own_sites_are_those_of_the_addresses_in_its_file() -> None:
    feed = Endpoint(EndpointKind.FEED, "https://feeds.example.org/x")
    source = Source("s", "S", "https://www.example.co.uk/", endpoints=(feed,))
    assert sources.own_sites(source) == {"example.co.uk", "example.org"}


def test_its_definition_gives_the_same_source_again(tmp_path: Path) -> None:
    source, _ = sources.read_source(write(tmp_path, WHOLE))
    assert source is not None
    assert sources.from_definition(sources.to_definition(source)) == source


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "remedy"),
    [
        ("name: The Example Times\n", "", 1, "`name` is missing", "Add a line `name: …`"),
        ("country: GB", "cuontry: GB", 5, "`cuontry` is not a key", "country"),
        ("language: en", "language: English", 4, "'English' does not match", "ISO 639"),
        ("feed: https", "feed: ftp", 9, "does not match", "http:// or https://"),
        ("  - {sitemap:", "  - {sitemp:", 10, "`sitemp` is not a key", "feed, section, sitemap"),
        ("Europe/London", "Europe/Lodnon", 6, "no time zone 'Europe/Lodnon'", "IANA"),
        (
            "com/news-sitemap.xml",
            "com/rss.xml",
            10,
            "'https://www.example.com/rss.xml' is named above",
            "one of the two",
        ),
        (
            "section: https://www.example.com/world/",
            "feed: https://WWW.example.com:443/rss.xml",
            11,
            "is named above",
            "one",
        ),
        ("com/rss.xml", f"com/{'rss' * 700}", 9, "longer than 2,048 bytes", "shorter address"),
        ("com/rss.xml", f"com/{'é' * 1_100}", 9, "longer than 2,048 bytes", "shorter address"),
        ("[20, 400]", "[400, 20]", 12, "the least, 400, is more than the most, 20", "[least, most]"),
        ("[/video/]", "['(video']", 14, "not a regular expression", "Mend the pattern"),
        ("crawl_delay: 2", "crawl_delay: fast", 15, "'fast' is not of type 'number'", "Seconds"),
        ("tags: [daily]", "tags: [daily", 8, "not valid YAML", "Mend"),
    ],
)
def test_a_fault_is_named_with_line_and_remedy(
    tmp_path: Path, old: str, new: str, line: int, what: str, remedy: str
) -> None:
    file = write(tmp_path, WHOLE.replace(old, new))
    source, faults = sources.read_source(file)
    assert source is None
    assert [fault.line for fault in faults] == [line]
    assert what in str(faults[0])
    assert remedy in str(faults[0])
    assert str(faults[0]).startswith(f"{file}:{line}: ")


def test_of_several_faults_each_is_named_once(tmp_path: Path) -> None:
    _, faults = sources.read_source(write(tmp_path, "id: x\nnaem: X\nhomepgae: https://www.example.com/\n"))
    assert [fault.what for fault in faults] == [
        "`name` is missing", "`homepage` is missing", "`homepgae` is not a key of the file", "`naem` is not a key of the file",
    ]  # fmt: skip


def test_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)
    write(tmp_path, "id: [", "b.yaml")
    write(tmp_path, WHOLE, "same-id.yaml")
    found, faults = sources.load_sources(tmp_path)
    assert [source.id for source in found] == ["example-times"]
    assert sorted(fault.file.name for fault in faults) == ["b.yaml", "same-id.yaml"]


def test_a_missing_folder_is_a_fault_that_says_which_setting(tmp_path: Path) -> None:
    _, faults = sources.load_sources(tmp_path / "none")
    assert "NEWSDESK_SOURCES" in str(faults[0])


def test_a_file_may_not_run_code(tmp_path: Path) -> None:
    source, faults = sources.read_source(write(tmp_path, 'id: !!python/object/apply:os.system ["true"]\n'))
    assert source is None
    assert "not valid YAML" in str(faults[0])


@given(
    st.text(max_size=200) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(yaml.dump)
)
def test_any_text_is_a_source_or_a_fault(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "any.yaml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        source, faults = sources.read_source(file)
        assert (source is None) == bool(faults)


def test_the_sources_that_come_with_it_are_well() -> None:
    found, faults = sources.load_sources(Path(__file__).parents[2] / "dags" / "sources")
    assert faults == []
    assert len(found) >= 7
    assert {source.language for source in found} >= {"en", "fr", "es"}


@pytest.mark.parametrize("ages", ["[1h, 2d]", "[]"])
def test_a_source_may_tell_at_which_ages_its_articles_are_looked_at_again(tmp_path: Path, ages: str) -> None:
    source, faults = sources.read_source(write(tmp_path, f"{WHOLE}revisit: {ages}\n"))
    assert faults == []
    assert source is not None
    assert sources.from_definition(sources.to_definition(source)) == source
    assert source.revisit is not None


def test_an_age_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    _, (fault,) = sources.read_source(write(tmp_path, f"{WHOLE}revisit: [1h, soon]\n"))
    assert fault.line == len(WHOLE.splitlines()) + 1
    assert "soon" in fault.what
    assert "1h" in fault.remedy


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("id: a\nname: &n N\nhomepage: *n\n", 3, "`*n` stands for a value elsewhere"),
        ("\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]), 2, "`*a0`"),
        ("id: &a [*a]\n", 1, "`*a`"),
        ("id: " + "[" * 5000, 1, "lists within lists"),
        ("tags:\n" + "- " * 5000 + "x\n", 2, "lists within lists"),
        ("? " * 5000, 1, "lists within lists"),
        ("# " + "x" * 300_000, 1, "larger than"),
        ("id: !!python/object/apply:os.system ['echo']\n", 1, "constructor for the tag"),
        ("id: !!python/name:os.system\n", 1, "constructor for the tag"),
        ("--- {id: a}\n--- {id: b}\n", 2, "another document"),
    ],
    ids=["alias", "bomb", "ring", "deep flow", "deep block", "deep keys", "large", "call", "name", "two"],
)  # fmt: skip
def test_yaml_that_means_harm_is_a_fault_of_its_file_at_once(tmp_path: Path, text: str, line: int, what: str) -> None:
    begun = time.process_time()
    source, faults = sources.read_source(write(tmp_path, text))
    assert time.process_time() - begun < 5
    assert source is None
    assert [(fault.line, what in fault.what) for fault in faults] == [(line, True)], faults
