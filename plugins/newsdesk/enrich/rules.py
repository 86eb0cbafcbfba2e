"""What a recogniser marked, on its way to the names of a document: one rule after another.

Each rule takes all spans of a document and gives all of them. The order matters: parts before cuts, what is written
like a name before what the document votes on, and what was found is looked for last, in the whole text.
`bench/entities.py` says what each is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from newsdesk.enrich.clean import clean
from newsdesk.enrich.context import (
    drop_common_words,
    type_by_gazetteer,
    type_by_place_words,
    type_by_preposition,
    type_teams,
)
from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.missed import add_acronyms, add_places
from newsdesk.enrich.persons import add_by_country, add_initialled, type_by_given_name
from newsdesk.enrich.propagate import propagate
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import Span
from newsdesk.enrich.split import split
from newsdesk.enrich.vote import vote

Rule = Callable[[Reading, Sequence[Span], Gazetteer], list[Span]]

RULES: Mapping[str, Rule] = {
    "parts": split,
    "cuts": clean,
    "common words": drop_common_words,
    "initials": add_initialled,
    "given names": type_by_given_name,
    "name (country)": add_by_country,
    "places missed": add_places,
    "acronyms": add_acronyms,
    "place words": type_by_place_words,
    "prepositions": type_by_preposition,
    "teams": type_teams,
    "gazetteer": type_by_gazetteer,
    "vote": vote,
    "propagate": propagate,
}
