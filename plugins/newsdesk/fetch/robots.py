"""robots.txt by RFC 9309: what a file, or the lack of one, lets our agent fetch. Pure: bytes in, verdicts out.

protego reads the rules. Around it is what it leaves open: decoding, the size bound, and whose group is whose.
protego takes a group `news` for an agent `newsdesk`, lets a Crawl-delay end a group, and copies each rule to each
of a group's agents, which a hostile file of 20,000 agents and 20,000 rules turns into minutes. So before it reads
them the groups are named anew (ours, everyone's `*`, all others) and the timing records set aside.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from protego import Protego

from newsdesk.charsets import BYTE_ORDER_MARKS

# RFC 9309 2.5 asks for at least 500 KiB.
MAX_BYTES: Final = 512 * 1024
# RFC 9309 2.3.1.4 calls this "a reasonably long period of time".
UNREACHABLE_AT_MOST: Final = timedelta(days=30)
# What a file writes may be any number (1e39, 1e-60); these are delays that somebody can mean.
LEAST_DELAY: Final = 0.001
MOST_DELAY: Final = 86_400.0

_EVERYONE: Final = "*"
_AGENT_LINE = re.compile(r"^[ \t]*user[- ]?agent[ \t]*(?::|[ \t])[ \t]*([^#\n]*)", re.IGNORECASE | re.MULTILINE)
_TIMING_LINE = re.compile(
    r"^[ \t]*(?:crawl[- ]?delay|request[- ]?rate|visit[- ]?time)\b[^\n]*", re.IGNORECASE | re.MULTILINE
)
_HTML = re.compile(r"<!doctype html|<html", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z!][^<>\n]*>", re.IGNORECASE)
# What a crawler calls itself when it also wants to look like a browser: `Mozilla/5.0 (compatible; newsdesk/1.0)`.
_COMPATIBLE = re.compile(r"\(compatible;\s*([^/;)]+)", re.IGNORECASE)
# RFC 9309 2.2.1 has letters, `_` and `-`; agents with digits and letters beyond ASCII are met in the wild.
_TOKEN = re.compile(r"[\w-]+")


@dataclass(slots=True)
class RobotsTxt:
    """The rules of one host. `text` None: there is no file to read, and `otherwise` holds for every URL."""

    text: str | None
    otherwise: bool = True
    _rules: dict[str, Protego] = field(default_factory=dict, repr=False)  # by product token
    _records: dict[str, Protego] = field(default_factory=dict, repr=False)  # the same with the timing records

    def allowed(self, agent: str, url: str) -> bool:
        """May `agent` (product token or whole User-Agent header) fetch `url` (absolute, or path and query)?"""
        if self.text is None:
            return self.otherwise
        token = product_token(agent)
        if token not in self._rules:
            # RFC 9309 2.2.4: other records must not interfere with the rules.
            self._rules[token] = Protego.parse(_rename_groups(_TIMING_LINE.sub("", self.text), token))
        return self._rules[token].can_fetch(url, _group_name(token))

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests that the file asks of `agent`: 0, or LEAST_DELAY to a day; None where it asks for none."""
        token = product_token(agent)
        asked = self._all_records(token).crawl_delay(_group_name(token))
        if asked is None:
            return None
        return min(asked, MOST_DELAY) if asked >= LEAST_DELAY else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps it names, as written: mostly absolute URLs, each once."""
        return tuple(dict.fromkeys(self._all_records(_EVERYONE).sitemaps))

    def _all_records(self, token: str) -> Protego:
        if token not in self._records:
            self._records[token] = Protego.parse(_rename_groups(self.text or "", token))
        return self._records[token]


def parse_robots(body: bytes) -> RobotsTxt:
    """The rules in the bytes of a robots.txt, whatever they are: an HTML page has none and so allows all."""
    return RobotsTxt(_decode(body))


def robots_for_status(status: int | None, unreachable_for: timedelta | None = None) -> RobotsTxt:
    """What holds when there is no file: `status` is the last answer's, None when there was no answer.

    RFC 9309 2.3.1: a client error (and a redirect that leads nowhere) allows all; a server error or no answer forbids
    all for now. 429 is a client error by its number, but it asks us to stay away: it forbids all for now.
    `unreachable_for`: how long every answer has been of the second kind. After 30 days the file counts as absent
    (2.3.1.4), unless the server still says that we are too many (429).
    """
    if status == 429:
        return RobotsTxt(None, otherwise=False)
    unreachable = status is None or status < 200 or status >= 500
    given_up = unreachable_for is not None and unreachable_for > UNREACHABLE_AT_MOST
    return RobotsTxt(None, otherwise=given_up or not unreachable)


def product_token(agent: str) -> str:
    """`newsdesk` of `newsdesk/1.0 (+https://…)`, in lower case; `*`, every agent's group, where there is no name."""
    named = _COMPATIBLE.search(agent)
    token = _TOKEN.match((named[1] if named else agent).strip())
    return token[0].lower() if token else _EVERYONE


def _rename_groups(text: str, token: str) -> str:
    """The file with at most three groups: our token's, `*`, and one for all that do not concern us."""

    def rename(line: re.Match[str]) -> str:
        name = line[1].strip()
        if name == "*" or name.startswith(("* ", "*\t")):
            return f"User-agent: {_EVERYONE}"
        # protego, too, reads `foo*bot` as `foobot`.
        found = _TOKEN.match(name.replace("*", ""))
        return f"User-agent: {_group_name(token) if found and found[0].lower() == token else '?'}"

    return _AGENT_LINE.sub(rename, text)


def _group_name(token: str) -> str:
    """protego looks for a group's name within the agent's; the slash ends both, so that only whole names match."""
    return _EVERYONE if token == _EVERYONE else f"{token}/"


def _decode(body: bytes) -> str:
    cut = len(body) > MAX_BYTES
    body = body[:MAX_BYTES]
    for bom, encoding in BYTE_ORDER_MARKS:
        if body.startswith(bom):
            text = body.removeprefix(bom).decode(encoding, "replace")
            break
    else:
        try:
            text = codecs.getincrementaldecoder("utf-8")().decode(body, final=not cut)
        except UnicodeDecodeError:
            text = body.decode("latin-1")
    # RFC 9309 2.2: lines end with CR, LF or both, and with nothing else that str.splitlines() would split at.
    text = re.sub(r"\r\n?", "\n", text)
    text = re.sub("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", text)
    if _HTML.search(text[:1_000]):
        text = _TAG.sub("", text)
    # Half a rule may say more than the whole one: `Disallow: /` of `Disallow: /private`.
    return text[: text.rfind("\n") + 1] if cut else text
