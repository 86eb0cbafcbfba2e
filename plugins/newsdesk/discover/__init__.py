"""Finding new URLs: what feeds, sitemaps and section pages name. Pure: bytes in, links out, nothing is fetched here.

No parser raises on what a server sends. Where nothing could be read, `problem` says why in a sentence.

`feeds.parse_feed` reads a feed: `packed` and `feedtext` make text of its bytes, `markup` a tree of the text, `fastfeed`,
`slowfeed` and `jsonfeed` its `entries`. `sitemaps.parse_sitemap` reads a sitemap, `tree` those below it. Both know
elements by their `tags`, read `dates`, and keep the `newest`; `clock` takes out dates that mean nothing.
`sections.scored_links` reads a section `page`; `linkfilter` judges its links by what the site's others were, `traps` every
address. `rhythm` says when to come again. For a site that is new, `homepage` tells what it names, and `candidates` which
of that is worth polling.
"""
