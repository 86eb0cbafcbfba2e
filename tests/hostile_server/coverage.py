"""Which behaviour of servers is held by which test: a reader's checklist, and a test reads it too.

The sections and their order are those of the list of behaviours that the conformance data come with. Each row: what
the server does, and what holds us to it: a scene (its path; the outcome stands with it), a test by name, or a reason
in words why no test here does. Sections on sites, and on validators over weeks, are other subjects' tests.
"""

from __future__ import annotations

Row = tuple[str, tuple[str, ...]]

SECTIONS: dict[str, tuple[Row, ...]] = {
    "Time": (
        ("accepts nothing, says nothing", ("test_a_server_that_accepts_no_connection_is_timeout", "/silent")),
        ("a byte now and then", ("/trickled-body", "/trickled-chunks", "/slow-redirects")),
        ("headers a byte at a time", ("/trickled-head",)),
        ("100 bytes a second for ever", ("/trickled-body", "no minimum rate is set: the deadline ends it")),
        ("DNS slow or failing", ("test_a_name_that_does_not_resolve_or_not_in_time_is_dns",)),
        ("one slow host", ("visiting gives each host one thread at most",)),
    ),
    "Size and coding": (
        ("2 GB announced", ("/too-large",)),
        ("a body without end", ("/endless", "/endless-chunks", "/octet-endless")),
        ("bombs", ("/bomb", "/bomb-layers", "/bomb-deflate", "/bomb-br", "/bomb-zstd", "/bomb-unlabelled")),
        ("six layers", ("/six-layers",)),
        ("gzip said, plain sent", ("/gzip-says-plain", "/deflate-says-plain")),
        ("gzip cut", ("/gzip-cut", "/br-cut")),
        ("wrong CRC", ("/gzip-crc-once", "/gzip-crc")),
        ("garbage behind gzip", ("/gzip-garbage-behind",)),
        ("raw deflate", ("/deflate-raw", "/deflate")),
        ("br unasked", ("/br-unasked", "/coding-unknown")),
        (
            "gzip without a label",
            ("/gzip-unlabelled", "test_gzip_is_known_by_its_magic_number_also_twice_cut_or_in_members"),
        ),
        (
            "length too small",
            ("/length-too-small", "test_a_connection_that_carries_more_than_its_answer_is_not_used_again"),
        ),
        ("length too large", ("/length-too-large",)),
        ("negative length", ("/length-negative", "/length-words")),
        ("two lengths", ("/two-lengths", "/two-same-lengths")),
        ("length and chunks", ("/chunked-and-length",)),
        ("bad chunks", ("/chunk-garbage", "/chunk-no-end", "/chunk-cut", "/chunk-negative")),
        ("a chunk of sixteen F", ("/chunk-huge",)),
        ("unknown transfer coding", ("/transfer-unknown", "/transfer-gzip-chunked")),
        ("many headers, long headers", ("/headers-400", "/many-headers", "/long-header")),
        (
            "a line without colon",
            ("/no-colon", "/headers-odd", "test_the_headers_behind_a_line_without_colon_are_kept"),
        ),
        ("HTTP/0.9, garbage", ("/http09", "/garbage-status")),
        ("HTTP/1.0", ("/http10",)),
        ("100 Continue, often", ("/continues", "/interim-flood")),
        ("103 before the page", ("/early-hints",)),
        ("no reply, reset", ("/empty-reply", "/reset", "/reset-in-body")),
    ),
    "Redirects": (
        ("a loop", ("/redirect-self", "/redirect-ring", "/redirect-on")),
        ("a cookie wall", ("/cookie-wall", "/cookie-by-the-way", "/cookie-refresh", "/cookie-wall-firm")),
        ("between http and https", ("test_flips_between_http_and_https_are_a_loop",)),
        (
            "to another host",
            (
                "test_before_hop_sees_each_target_before_it_is_asked_and_can_refuse",
                "test_headers_of_the_caller_stay_with_the_origin",
            ),
        ),
        (
            "to private addresses, files",
            ("test_a_redirect_to_us_ends_before_the_hop", "/redirect-file", "/redirect-ftp", "/redirect-userinfo"),
        ),
        ("no Location", ("/redirect-nowhere", "/redirect-bad")),
        ("relative, UTF-8, blanks", ("/redirect", "/redirect-utf8")),
        ("Latin-1", ("/redirect-latin1",)),
        ("a fragment", ("test_a_fragment_goes_with_the_reader_and_not_into_the_key",)),
        (
            "to the home page",
            (
                "/2024/05/14/harbour-wall-is-mended",
                "/?p=12345",
                "/news/2024/harbour-wall-is-mended",
                "/start",
                "/news/harbour",
            ),
        ),
        ("to consent or login", ("/to-consent", "/to-login", "/to-choice")),
        ("a short link", ("/x7Gk2", "/307", "/308")),
        (
            "refresh",
            (
                "/meta-refresh",
                "/refresh-header",
                "/meta-refresh-twice",
                "/meta-refresh-slow",
                "/meta-refresh-self",
                "/meta-refresh-unshown",
                "/meta-refresh-blocked",
                "/meta-refresh-back",
                "test_a_refresh_to_us_ends_before_the_hop",
            ),
        ),
        ("a moved feed", ("polling's subject: it needs the weeks",)),
        ("300, 305", ("/300", "/305")),
    ),
    "Status codes": (
        ("429 and seconds", ("/429", "/429-week", "test_retry_after_is_told_in_seconds_and_capped_at_a_day")),
        ("429 and a date", ("test_retry_after_as_seconds_or_date",)),
        ("429, 403 and nothing", ("/429-bare", "/403", "/403-burst", "/403-later")),
        ("503", ("/503", "/503-later", "test_a_server_error_or_no_answer_forbids_all_for_now")),
        ("500 and its kin", ("/500", "/502", "/504", "/520")),
        ("404, 410", ("/404", "/410", "/redirect-gone", "a 404 is gone at once, as the demo and its truth have it")),
        ("401, 402, 407, 451", ("/401", "/402", "/407", "/451")),
        ("999, 444, 0", ("/999", "/444", "/status-0")),
        ("an error page with 200", ("/not-found-200",)),
        ("an empty page", ("/empty", "stages.fetch ends it as incomplete")),
        ("a bot check", ("test_a_page_that_is_no_article_says_what_it_is",)),
        ("a shell of script", ("test_a_page_that_is_no_article_says_what_it_is",)),
        ("a wall's text", ("test_a_page_that_is_no_article_says_what_it_is",)),
        ("202", ("/202",)),
        ("206 unasked", ("/206",)),
        ("304 unasked", ("/304", "/304-of-a-cache")),
        ("204, 205", ("/204", "/205", "/204-gzip")),
        ("406, 415", ("/406", "/415", "/406-always")),
        ("421, 425", ("/421", "/425", "/421-always")),
    ),
    "Caching and validators": (
        ("ETags of all kinds", ("test_a_stored_validator_goes_back_byte_for_byte_and_304_is_not_modified",)),
        ("ETag without quotes", ("test_a_validator_goes_back_whatever_its_form",)),
        ("one of the two changes", ("the store keeps both of each 200",)),
        ("Last-Modified in bad form", ("test_a_validator_goes_back_whatever_its_form",)),
        ("Last-Modified that never changes", ("polling's subject",)),
        ("304 with a new ETag", ("test_a_stored_validator_goes_back_byte_for_byte_and_304_is_not_modified",)),
        ("304, and our copy is lost", ("the store's subject",)),
        ("max-age and the like", ("polling's subject",)),
        ("validators by node", ("the store compares the body's digest",)),
        ("Vary", ("test_two_visits_send_the_same_headers",)),
        (
            "Set-Cookie",
            (
                "test_no_cookie_is_kept_and_no_proxy_or_netrc_is_used",
                "test_a_cookie_is_for_the_visit_and_the_host_that_set_it",
            ),
        ),
    ),
    "Names, addresses, TLS": (
        (
            "names that lead to us",
            ("test_each_lie_of_dns_comes_to_nothing", "test_the_address_that_was_judged_is_the_one_connected_to"),
        ),
        (
            "dead IPv6",
            (
                "test_a_dead_ipv6_address_does_not_hide_a_living_ipv4_one",
                "test_a_first_address_that_never_answers_leaves_time_for_the_second",
            ),
        ),
        (
            "bad certificates",
            (
                "test_an_expired_certificate_is_tls",
                "test_a_certificate_signed_by_itself_is_tls",
                "test_tls_is_verified_against_the_name_though_the_connection_goes_to_an_address",
                "test_a_missing_intermediate_certificate_is_tls",
            ),
        ),
        ("TLS 1.0 only", ("test_a_server_of_tls_1_0_only_is_tls",)),
        (
            "no TLS at all",
            ("test_plain_http_or_garbage_on_a_tls_port_is_tls", "test_a_handshake_that_hangs_is_timeout"),
        ),
        (
            "a good certificate at a private address",
            ("test_a_good_certificate_at_a_private_address_is_refused_before_the_handshake",),
        ),
        ("upgrade to https", ("/308", "the redirect is followed each time; https is not remembered for a host")),
        ("names beyond ASCII", ("test_a_name_is_looked_up_once_and_each_answer_is_told_once",)),
        ("proxies, netrc", ("test_no_cookie_is_kept_and_no_proxy_or_netrc_is_used",)),
    ),
}

# What a server sends by the ids of the file on content coding; those of its other half are known under other names.
CONTENT_ENCODING: dict[str, tuple[str, ...]] = {
    "attachment": ("/attachment",),
    "br-bomb": ("/bomb-br",),
    "chunk-ext": ("/chunk-extension-long", "/chunk-extension", "/chunk-extension-flood"),
    "chunk-garbage": ("/chunk-garbage",),
    "chunk-no-end": ("/chunk-no-end",),
    "cl-and-te": ("/chunked-and-length", "test_a_connection_that_carries_more_than_its_answer_is_not_used_again"),
    "cl-negative": ("/length-negative",),
    "cl-short": ("/length-too-small", "test_a_connection_that_carries_more_than_its_answer_is_not_used_again"),
    "ct-garbage": ("/odd-type", "/odd-type-page"),
    "gz-file-both": ("/gzip-file-in-gzip",),
    "gzip-bomb-1000": ("/bomb",),
    "gzip-crc": ("/gzip-crc", "/gzip-crc-once"),
    "gzip-empty": ("/gzip-empty", "/204-gzip"),
    "gzip-multi": ("/gzip-members",),
    "gzip-twice": ("/gzip-twice", "/six-layers"),
    "head-gzip": ("no HEAD request is ever made",),
    "identity": ("/coding-identity", "/coding-none", "/coding-of-no-kind"),
    "multipart": ("/multipart",),
    "no-cl-endless": ("/endless", "/trickled-body"),
    "no-type": ("/no-type", "/untyped-page"),
    "range-unasked": ("/206",),
    "te-unknown": ("/transfer-unknown",),
    "wrong-type-html": ("/octet-html", "/xhtml-as-xml", "/octet-binary"),
    "wrong-type-pdf": ("/pdf-as-html",),
    "zstd": ("/zstd", "/zstd-window", "/bomb-zstd"),
}
