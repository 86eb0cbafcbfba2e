"""Fetching: robots, pace, addresses, deadlines and limits between us and the open web.

`fetcher.fetch` is the one door: a URL goes in, a `model.Response` with its outcome comes out, nothing is raised.
Under it: `addresses` (whom we may talk to), `transport` and `wire` (connections), `body` and `coding` (what is
taken of an answer), `status` and `faults` (what it means). Beside it: `robots`. The pace is not kept here:
see `newsdesk.visiting`.
"""
