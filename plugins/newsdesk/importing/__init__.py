"""WARC files of others: their pages take the way of our own from the extract stage on.

`steps` is the whole way of a file: `chunks` of records, each record judged (`pages`), the pages of a chunk taken
(`taking`), each for its source (`sites`). `foreground` does it without Airflow.
"""
