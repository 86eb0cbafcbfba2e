"""Parameters that say how a reader came to an article, not which article it is.

A blocklist: what stands in no list here is content. A name goes into the first list only when no site is known to
choose its content by it; a name that some sites use otherwise goes only with a value that gives it away, or on the
one site whose habit it is. The names are facts, gathered from the services' own manuals and from public lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# By the service that appends them, or by the habit of several publishers.
_NAMES = frozenset(
    """
    fbclid fb_action_ids fb_action_types fb_source fb_ref igshid igsh mibextid sfnsn action_object_map action_type_map
    action_ref_map fsrc_fb_noscript
    gclid gclsrc dclid gbraid wbraid gad gad_source gad_campaignid srsltid _ga _gl gs_l gs_lcp guccounter guce_referrer
    guce_referrer_sig
    msclkid yclid ysclid ymclid _openstat twclid ttclid li_fat_id epik rdt_cid sccid irclickid irgwc rb_clickid
    ceneo_spo os_ehash
    mc_cid mc_eid mc_tc mkt_tok vero_id vero_conv oly_anon_id oly_enc_id _branch_match_id _hsenc _hsmi __hssc __hstc
    __hsfp hsctatracking hss_channel s_kwcid ef_id s_cid wickedid ml_subscriber ml_subscriber_hash ck_subscriber_id
    elqtrackid elqtrack elqcampaignid elqaid elqat dm_i trk_contact trk_msg trk_module trk_sid _bta_tid _bta_c _ke _kx
    __twitter_impression ref_src ref_url tracking_source __s __source dicbo obclid outbrainclickid tblci soc_src soc_trk
    sr_share sharetype share_source cmpid icid ico ito ocid ncid ftag maca xtor xtref eref iref oref smid smtyp emc mbid
    intcid int_cid int_campaign int_source int_medium gaa_at gaa_n gaa_ts gaa_sig wprss feedname feedtype wprov echobox
    altcast_code custom_click referrer referer
    utm mtm ns_mchannel ns_source ns_campaign ns_linkname ns_fee wt_mc wt_zmc wtmc wtzmc wtrid wt.mc_id wt.mc_ev wt.tsrc
    spm scm amp_js_v amp_gsa amp_r usqp aoh noamp skip_mobile skipmobile
    __cf_chl_tk __cf_chl_rt_tk __cf_chl_jschl_tk__ __cf_chl_captcha_tk__
    jsessionid phpsessid phpsessionid oscsid zenid cfid cftoken
    """.split()
)
_PREFIXES = (
    *("utm_", "at_medium", "at_campaign", "at_custom", "at_link", "at_bbc_", "at_ptr_", "ga_"),
    *("mtm_", "matomo_", "pk_", "piwik_", "hsa_", "itm_", "otm_", "hmb_", "vn_", "bsft_", "aspsessionid"),
)

# These carry content on some sites (`ref=12`, `source=reuters`); they go only where the value names a channel,
# alone or with a serial (`rss-103cb4aea3c2`), never a slug that begins like one (`ref=facebook-outage`).
_MAYBE = frozenset({"ref", "ref_", "r", "rss", "from", "src", "source", "via", "partner", "origin", "mod", "cmp"})
_CHANNEL = re.compile(
    r"(?:rss2?|rss_?feed|feed|atom|twitter|facebook|fb|instagram|linkedin|whatsapp|telegram|reddit|e-?mail|newsletter"
    r"|url-share|google_?news|apple_?news|flipboard)"
    r"(?:[-_.]+(?:[0-9a-f]{8,}|\d{1,2}|feed|share|button|link|post))*[-_.]*|rss-+[0-9a-f]{12}-+[\w-]*"
)
# `sid=5` is a story, `session_id=12` a sitting of parliament; a long serial with digits in it is a visitor's.
_SESSIONS = frozenset({"sid", "session", "sessionid", "session_id", "sess"})
_SERIAL = re.compile(r"(?=[^\d]*\d)(?:[0-9a-f]{24,}|[0-9a-z]{26,})")
# The same article laid out for AMP.
_LAYOUTS = frozenset({"outputtype", "output", "view", "format", "layout", "template"})
# jQuery's way around caches: the time in milliseconds.
_CLOCK = re.compile(r"1\d{12}")

# Habits of one site: its subdomains too. Only sites that news links lead to.
_OF_SITES = {
    "bbc.com": "at_[a-z_]+",
    "bbc.co.uk": "at_[a-z_]+",
    "cnbc.com": "par",
    "diepresse.com": "from|xt_at",
    "facebook.com": "__tn__|__xts__.*|__cft__.*|_rdr|rdr|ref[a-z]*|hc_[a-z_]+|eid|paipv|fref",
    "forbes.com": "sh",
    "hs.fi": "share",
    "linkedin.com": "trk|trackingid|refid|li[a-z]{2}",
    "medium.com": "source|sk",
    "msn.com": "cvid|pc",
    "nikkei.com": "n_cid|i_cid|adid|waad",
    "nytimes.com": "_r|mabreward|mcubz|referringsource|unlocked_article_code",
    "reddit.com": "share_id|rdt|correlation_id",
    "techcrunch.com": "sr|tpcc",
    "tiktok.com": "_[dtr]|is_from_webapp|sender_device|share_app_name|share_iid|u_code",
    "twitter.com": "[st]|cn",
    "x.com": "[st]|cn",
    "youtube.com": "feature|si|pp|kw|ab_channel",
    "youtu.be": "feature|si|pp",
}
_HABITS = {site: re.compile(names) for site, names in _OF_SITES.items()}


def tracks(host: str, pair: str) -> bool:
    """Does this `name=value` of a query, in lower case, only tell the way that a reader came?"""
    name, _, value = pair.partition("=")
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name in _MAYBE and _CHANNEL.fullmatch(value):
        return True
    if name in _SESSIONS and _SERIAL.fullmatch(value):
        return True
    if (name == "amp" and value in ("", "1", "true")) or (name in _LAYOUTS and value in ("amp", "amp-type")):
        return True
    if name == "_" and _CLOCK.fullmatch(value):
        return True
    return any(habit.fullmatch(name) for habit in _habits(host))


def _habits(host: str) -> Iterator[re.Pattern[str]]:
    while "." in host:
        if host in _HABITS:
            yield _HABITS[host]
        host = host.partition(".")[2]
