"""The archive of fetched pages, as WARC files: `warc` writes and reads them."""
