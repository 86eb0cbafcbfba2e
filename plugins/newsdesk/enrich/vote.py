"""One label for one name in a document: what the model said each time, and what speaks for a type by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from newsdesk.enrich.gazetteer import Gazetteer
from newsdesk.enrich.names import fold, has_organisation_word
from newsdesk.enrich.reading import Reading
from newsdesk.enrich.spans import TYPES, Span


def vote(reading: Reading, spans: Sequence[Span], gazetteer: Gazetteer) -> list[Span]:
    """The most frequent label of each name; ties go to the earlier.

    A surname takes the type of the full name that stands in the same document, and a name that ends like an
    organisation ("… Corp", "… University") is one whatever the model says.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for span in spans:
        counts[fold(reading.cased[span.start : span.end])][span.label] += 1
    label_of = {name: found.most_common(1)[0][0] for name, found in counts.items()}
    for name, label in label_of.items():
        if TYPES[label] in ("PER", "LOC") and has_organisation_word(name):
            label_of[name] = "ORG"
    person_called = {
        name.split()[-1]: label for name, label in label_of.items() if TYPES[label] == "PER" and " " in name
    }
    for name in label_of:
        label_of[name] = person_called.get(name, label_of[name])
    return [replace(span, label=label_of[fold(reading.cased[span.start : span.end])]) for span in spans]
