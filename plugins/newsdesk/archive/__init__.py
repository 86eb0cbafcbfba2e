"""The archive of fetched pages, as WARC/1.1 files.

`warc` writes and reads what was fetched, `records` makes the records' bytes, `places` are what the files lie in: a
`folder` or an `object_store`. `strict` reads WARC files and finds what other readers let pass (`strict_record`: one
record). Of archives that others made, `foreign_files` finds and opens the files, `foreign` reads whatever records can be
read (`foreign_bytes`: whatever they are packed in), `http_block` the answer in a record.
"""
