"""Finding new URLs: what feeds, sitemaps and section pages name. Pure: bytes in, links out, nothing is fetched here.

No parser raises on what a server sends. Where nothing could be read, `problem` says why in a sentence.
"""
