"""The archive of fetched pages, as WARC/1.1 files.

`warc` writes and reads what was fetched, `records` makes the records' bytes, `places` are the folder or object store
that the files lie in, `strict` reads WARC files and finds what other readers let pass.
"""
