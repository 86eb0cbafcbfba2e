"""The rules that the model's spans pass, in order; each a function (Reading, spans) → spans."""

from __future__ import annotations

from functools import partial

from newsdesk.enrich import join as j
from newsdesk.enrich.clean import clean
from newsdesk.enrich.gazetteer import gazetteer
from newsdesk.enrich.known import add_acronyms, add_places
from newsdesk.enrich.persons import given_names, initials, of_country
from newsdesk.enrich.propagate import propagate
from newsdesk.enrich.reading import recase
from newsdesk.enrich.split import split
from newsdesk.enrich.vote import common_words, in_places, know_places, teams, vote

G = gazetteer()

RULES = {
    "clean": lambda r, s: clean(r.cased, s, r.language),
    "split": split,
    "clean2": lambda r, s: clean(r.cased, s, r.language),
    "common": common_words,
    "initials": lambda r, s: initials(r, s, G),
    "given": lambda r, s: given_names(r, s, G),
    "of_country": lambda r, s: of_country(r, s, G),
    "add_places": lambda r, s: add_places(r, s, G),
    "acronyms": add_acronyms,
    "in_places": lambda r, s: in_places(r, s, G),
    "teams": lambda r, s: teams(r, s, G),
    "know_places": lambda r, s: know_places(r, s, G),
    "vote": vote,
    "propagate": propagate,
}


def cased(t, l):
    return recase(t, l, lambda n: bool(G.of(n)))


def join(r, s):
    return j.join(r.text, s)
