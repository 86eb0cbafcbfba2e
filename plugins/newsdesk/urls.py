"""URLs: the key that joins the addresses of one article, absolute links, hosts and sites.

Parsing is WHATWG's (ada), as browsers do it: tabs and line breaks vanish, `\\` is `/`, hosts become
lower-case ASCII (UTS 46), `010.1` is 8.0.0.1. What is fetched is the URL as it was found; the key only
says which addresses are the same. It drops what is known to carry no content and keeps the rest: two
addresses of one article may keep two keys (redirects and rel=canonical join them later), but two
articles never share one.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from ada_url import URL, HostType
from tld import get_fld

# Servers and browsers commonly refuse longer ones.
MAX_URL = 8_192
# The sitemap protocol's limit for an address; also fits PostgreSQL's largest index row (2,704 bytes).
MAX_KEY = 2_048

# Parameters that name a channel, campaign or click, by the service that appends them. A name goes in here
# only when no site is known to choose its content by it.
_TRACKER_NAMES = """
    fbclid fb_action_ids fb_action_types fb_source fb_ref igshid igsh
    gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl ga_source ga_medium ga_campaign
    ga_content ga_term guccounter guce_referrer guce_referrer_sig
    msclkid yclid ysclid ymclid _openstat twclid ttclid li_fat_id epik rdt_cid sccid irclickid irgwc
    mc_cid mc_eid mkt_tok vero_id vero_conv oly_anon_id oly_enc_id _branch_match_id _hsenc _hsmi __hssc __hstc
    __hsfp hsctatracking s_kwcid ef_id s_cid wickedid ml_subscriber ml_subscriber_hash ck_subscriber_id
    __twitter_impression __s dicbo obclid tblci soc_src soc_trk sr_share sharetype share_source
    cmpid icid ico ito ocid ftag maca xtor xtref eref iref smid smtyp emc gaa_at gaa_n gaa_ts gaa_sig
    ns_mchannel ns_source ns_campaign ns_linkname ns_fee wt_mc wt_zmc wt.mc_id wt.mc_ev wt.tsrc
    spm scm amp_js_v amp_gsa usqp jsessionid phpsessid
"""
_TRACKERS = frozenset(_TRACKER_NAMES.split())
_TRACKER_PREFIXES = (
    *("utm_", "at_medium", "at_campaign", "at_custom", "at_link", "at_bbc_", "at_ptr_"),
    *("mtm_", "matomo_", "pk_", "piwik_", "hsa_", "itm_", "aspsessionid"),
)
# These carry content on some sites (`ref=12`, `source=reuters`); they go only where the value names a channel,
# alone or with a serial (`rss-103cb4aea3c2`), never a slug that begins like one (`ref=facebook-outage`).
_MAYBE_TRACKERS = frozenset(
    {"ref", "r", "rss", "from", "src", "source", "via", "partner", "referrer", "referer", "origin", "mod", "cmp"}
)
_CHANNEL = re.compile(
    r"(?:rss2?|rss_?feed|feed|atom|twitter|facebook|fb|instagram|linkedin|whatsapp|telegram|reddit|e-?mail|newsletter"
    r"|url-share|google_?news|apple_?news|flipboard)(?:[-_.]+(?:[0-9a-f]{8,}|\d{1,2}|feed|share|button|link|post))*[-_.]*"
)

# Not behind a dot: `/..;jsessionid=1` must not turn into a dot segment.
_SESSION_IN_PATH = re.compile(r"(?<=[^/.]);(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPES = re.compile(r"%([0-9A-Fa-f]{2})?|[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")


def canonical_key(url: str) -> str:
    """The key under which all addresses of an article are one; the key of a key is itself.

    `https` for both schemes; host in lower-case ASCII without `www.`, user, default port and final dot;
    no fragment (but `#!`), no tracker parameter, no empty path segment; escapes in one form (RFC 3986 6.2.2).
    Parameters keep their order. ValueError, in a plain sentence, for what is no http(s) URL.
    """
    parsed = _parse(url)
    # A port of 443 under http is https' own once the scheme is folded.
    port = "" if parsed.port in ("", "443") else f":{parsed.port}"
    name = _name(parsed)
    while name.startswith("www.") and "." in name[4:]:
        name = name[4:]
    fragment = _escape(parsed.hash) if parsed.hash.startswith("#!") and len(parsed.hash) > 2 else ""
    key = f"https://{name}{port}{_path(parsed.pathname)}{_query(parsed.search)}{fragment}"
    if len(key) > MAX_KEY:
        raise ValueError(f"the URL is longer than {MAX_KEY:,} characters")
    return key


def absolute(url: str, base: str) -> str | None:
    """`url` as found on the page `base`, absolute; None for what is not http(s) or cannot be parsed."""
    try:
        joined = _ada(url, base)
    except ValueError:
        return None
    return joined.href if joined.protocol in ("http:", "https:") and len(joined.href) <= MAX_URL else None


def host(url: str) -> str:
    """The network location: name in lower-case ASCII, `:port` where it is not the scheme's own. ValueError as above."""
    parsed = _parse(url)
    return f"{_name(parsed)}:{parsed.port}" if parsed.port else _name(parsed)


def site(url: str) -> str:
    """The registrable domain (Public Suffix List, the copy within `tld`); of an IP or a local name what `host` gives.

    Names under a suffix the list does not know take its default rule, `*`: their last two labels.
    """
    parsed = _parse(url)
    name = _name(parsed)
    labels = name.split(".")
    if parsed.host_type != HostType.DEFAULT or len(labels) == 1 or labels[-1] == "localhost":
        return host(url)
    return get_fld(f"https://{name}/", fail_silently=True, search_private=True) or ".".join(labels[-2:])


def _parse(url: str) -> URL:
    if not url.strip():
        raise ValueError("the URL is empty")
    try:
        parsed = _ada(url, None)
    except ValueError as fault:
        raise ValueError(str(fault) if "longer" in str(fault) else "this is not a URL") from None
    if parsed.protocol not in ("http:", "https:"):
        raise ValueError(f"the scheme {parsed.protocol[:20]!r} is not http or https")
    if not all(_name(parsed).split(".")):
        raise ValueError("the URL's host has an empty part")
    return parsed


def _ada(url: str, base: str | None) -> URL:
    # A lone surrogate cannot be encoded: ada's UnicodeEncodeError is a ValueError too.
    if len(url) > MAX_URL:
        raise ValueError(f"the URL is longer than {MAX_URL:,} characters")
    return URL(url, base)


def _name(parsed: URL) -> str:
    return parsed.hostname.removesuffix(".")


def _path(path: str) -> str:
    """No session id, no empty segment: `//a//b/` and `/a/b` have never been seen to be two articles."""
    segments = [segment for segment in _escape(_SESSION_IN_PATH.sub("", path)).split("/") if segment]
    return "/" + "/".join(segments)


def _query(search: str) -> str:
    kept = [_escape(pair) for pair in search.removeprefix("?").split("&") if pair and not _tracks(pair)]
    return "?" + "&".join(kept) if kept else ""


def _tracks(pair: str) -> bool:
    # `amp;`: the rest of an `&amp;` that somebody escaped twice.
    name, _, value = _escape(pair).lower().removeprefix("amp;").partition("=")
    if name in _TRACKERS or name.startswith(_TRACKER_PREFIXES):
        return True
    return name in _MAYBE_TRACKERS and _CHANNEL.fullmatch(value) is not None


def _escape(text: str) -> str:
    """One form of percent-encoding: unreserved characters bare, all others that are no delimiters as %XX."""

    def one_form(match: re.Match[str]) -> str:
        if (digits := match[1]) is not None:
            byte = int(digits, 16)
            return chr(byte) if byte in _UNRESERVED else f"%{digits.upper()}"
        return quote(match[0], safe="")  # a bare % too: else %%32%65 would need two passes

    return _ESCAPES.sub(one_form, text)
