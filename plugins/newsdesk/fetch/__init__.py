"""Fetching: robots.txt, addresses, deadlines and limits between us and the open web.

`fetcher.fetch` is the one door: a URL goes in, a `model.Response` with its outcome comes out, nothing is raised.
Under it: `visit` (the state of one), `addresses` and `look_up` (whom we may talk to), `transport` and `wire` (connections), `body` and
`coding` (what is taken of an answer), `status`, `media` and `faults` (what it means), `redirects` and `landing` (where it
leads, and what stands there), `second_tries` and `cookies` (when it is asked once more). Beside it: `robots`.
The pace is not kept here: see `newsdesk.turns`.
"""
