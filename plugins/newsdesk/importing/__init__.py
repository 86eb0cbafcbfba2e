"""WARC files of others: their pages take the way of our own from the extract stage on. See `steps`."""
