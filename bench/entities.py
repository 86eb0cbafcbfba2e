"""Names: what the recogniser alone reaches on labelled texts, what with the rules, and what each rule is worth.

    python bench/entities.py DATA/entities [--sets conll2003-en msnbc-en …] [--ablate] [--models en=package,…]

DATA/entities is the folder of labelled texts with their score.py. Prints, for each set:

strict   F1 of spans with their type (PER, ORG, LOC), in percent; `bare` is the recogniser alone, `all` with every rule
pairs    F1 of pairs of mentions of one entity within a document, as annotators linked them; `related` counts a people
         ("German") as its country, which the annotators of CoNLL do and newsdesk keeps apart (country_code)
places   of annotated places: how many get an id, and how often names that are linked to one place are annotated as
         one. Annotators link a national team named by its country to the team, so this is less than what is right
cost     CPU of everything over CPU of the recogniser, by the whole set in one process, gazetteer and model loaded

--ablate: the loss in points of each measure when one rule is left out; negative where the rule does harm.
A rule stays that helps one set and harms no two.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsdesk.enrich.annotate import apply_rules, recognise
from newsdesk.enrich.gazetteer import gazetteer
from newsdesk.enrich.join import JOINS, entity_id, join
from newsdesk.enrich.models import load, model_for
from newsdesk.enrich.reading import Reading, recase
from newsdesk.enrich.rules import RULES
from newsdesk.enrich.spans import Span
from newsdesk.model import Entity, JsonObject, Mention
from newsdesk.settings import DEFAULT_MODELS

SETS = (
    "conll2003-en",
    "msnbc-en",
    "wikineural-en",
    "wikineural-fr",
    "news-fair-v2-en",
    "reuters-128-en",
    "hipe2020-en",
    "hipe2020-fr",
)
RECASE = "recase"  # comes before the recogniser, so it is no rule of the table
TYPES = ["PER", "ORG", "LOC"]


@dataclass(frozen=True)
class Measures:
    strict: float
    precision: float
    recall: float
    pairs: float
    related: float

    def line(self) -> str:
        return f"{self.strict:7.2f} {self.precision:7.2f} {self.recall:7.2f} {self.pairs:7.2f} {self.related:7.2f}"


class Bench:
    """The labelled sets, and what the recogniser said to each text, asked once."""

    def __init__(self, data: Path, models: Mapping[str, str]) -> None:
        spec = importlib.util.spec_from_file_location("score", data / "score.py")
        assert spec is not None
        assert spec.loader is not None
        self.score: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.score)
        self.data, self.models = data, models
        self.places = gazetteer()
        self._marked: dict[tuple[str, str], list[Span]] = {}

    def load(self, name: str) -> list[JsonObject]:
        lines = (self.data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]

    def readings(self, documents: Sequence[JsonObject], recased: bool) -> list[Reading]:
        is_place = lambda name: bool(self.places.of(name))  # noqa: E731
        return [
            Reading(d["text"], d["lang"], recase(d["text"], d["lang"], is_place) if recased else None)
            for d in documents
        ]

    def marked(self, readings: Sequence[Reading]) -> list[list[Span]]:
        language = readings[0].language
        todo = [r.cased for r in readings if (language, r.cased) not in self._marked]
        if todo:
            model = model_for(self.models, language)
            assert model is not None, f"no model for {language}"
            for text, spans in zip(todo, recognise(todo, load(model)), strict=True):
                self._marked[language, text] = spans
        return [self._marked[language, r.cased] for r in readings]

    def measure(
        self, documents: Sequence[JsonObject], *, bare: bool = False, without: str | None = None,
        joins: Mapping[str, Any] = JOINS,
    ) -> Measures:  # fmt: skip
        readings = self.readings(documents, recased=not bare and without != RECASE)
        rules = {} if bare else {name: rule for name, rule in RULES.items() if name != without}
        said, related = {}, {}
        for document, reading, spans in zip(documents, readings, self.marked(readings), strict=True):
            mentions, entities = join(reading, apply_rules(reading, spans, self.places, rules), self.places, joins)
            said[document["id"]] = {"mentions": [_row(m, m.entity_id) for m in mentions]}
            by_id = {entity.entity_id: entity for entity in entities}
            related[document["id"]] = {"mentions": [_row(m, _country(by_id[m.entity_id or ""])) for m in mentions]}
        gold = {d["id"]: d for d in documents}
        strict = self.score.ner(gold, said, TYPES)["strict"]
        return Measures(
            strict["f1"], strict["p"], strict["r"], self.score.pairs(gold, said)["within"]["f1"],
            self.score.pairs(gold, related)["within"]["f1"],
        )  # fmt: skip

    def linked_places(self, documents: Sequence[JsonObject]) -> tuple[int, int, int]:
        """(annotated places with a link, those that got an id, those of them that agree with most of the same id)."""
        readings = self.readings(documents, recased=True)
        links: defaultdict[str, Counter[str]] = defaultdict(Counter)
        annotated = 0
        for document, reading, spans in zip(documents, readings, self.marked(readings), strict=True):
            mentions, entities = join(reading, apply_rules(reading, spans, self.places), self.places)
            by_id = {entity.entity_id: entity.link for entity in entities}
            at = {(m.start, m.end): by_id[m.entity_id or ""] for m in mentions if m.type == "LOC"}
            for start, end, kind, _, link in document["mentions"]:
                if kind == "LOC" and link and link != "NIL":
                    annotated += 1
                    if place := at.get((start, end)):
                        links[place][link] += 1
        return annotated, sum(sum(c.values()) for c in links.values()), sum(max(c.values()) for c in links.values())

    def cost(self, documents: Sequence[JsonObject]) -> tuple[float, float]:
        """Milliseconds of CPU a text: of the recogniser on the text as it is, of all but the recogniser."""
        language = documents[0]["lang"]
        recogniser = load(self.models[language])
        texts = [d["text"] for d in documents]
        recogniser(texts[:8])
        begun = time.process_time()
        recogniser(texts)
        model = time.process_time() - begun
        marked = self.marked(self.readings(documents, recased=True))
        begun = time.process_time()
        for reading, spans in zip(self.readings(documents, recased=True), marked, strict=True):
            join(reading, apply_rules(reading, spans, self.places), self.places)
        return 1000 * model / len(texts), 1000 * (time.process_time() - begun) / len(texts)


def _row(mention: Mention, entity: str | None) -> list[Any]:
    return [mention.start, mention.end, mention.type, mention.text, None, entity]


def _country(entity: Entity) -> str:
    """The entity, or of a people its country."""
    if entity.type == "MISC" and entity.country_code:
        place = gazetteer().country(entity.country_code)
        return entity_id("LOC", place.name, place.key) if place else entity.entity_id
    return entity.entity_id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--models", default="", help="en=package,fr=package, beside the defaults")
    options = parser.parse_args()
    further = dict(pair.split("=", 1) for pair in options.models.split(",") if pair)
    bench = Bench(options.data, {**DEFAULT_MODELS, **further})
    sets = {name: bench.load(name) for name in options.sets}
    print(f"{'set':18} {'':5} {'strict':>7} {'prec':>7} {'recall':>7} {'pairs':>7} {'related':>7}")
    full = {}
    for name, documents in sets.items():
        print(f"{name:18} bare  {bench.measure(documents, bare=True).line()}")
        full[name] = bench.measure(documents)
        print(f"{'':18} all   {full[name].line()}")
        annotated, linked, agreeing = bench.linked_places(documents)
        if linked:
            print(f"{'':18} places {annotated}, with an id {linked}, of them agreeing {100 * agreeing / linked:.1f}%, "
                  f"of all {100 * agreeing / annotated:.1f}%")  # fmt: skip
        model, rest = bench.cost(documents)
        print(f"{'':18} cost  {model:.2f} ms + {rest:.2f} ms a text = {1 + rest / model:.2f} of the recogniser")
    if options.ablate:
        _ablate(bench, sets, full)


def _ablate(bench: Bench, sets: Mapping[str, Sequence[JsonObject]], full: Mapping[str, Measures]) -> None:
    print("\nwithout, points of strict F1 lost: " + ", ".join(sets))
    for rule in (RECASE, *RULES):
        lost = [full[name].strict - bench.measure(documents, without=rule).strict for name, documents in sets.items()]
        print(f"{rule:16} " + " ".join(f"{points:+7.2f}" for points in lost))
    print("\nwithout, points of pairs lost")
    for kind, rules in JOINS.items():
        for rule in rules:
            joins = {**JOINS, kind: tuple(other for other in rules if other is not rule)}
            lost = [full[name].pairs - bench.measure(documents, joins=joins).pairs for name, documents in sets.items()]
            print(f"{kind} {rule.__name__:18} " + " ".join(f"{points:+7.2f}" for points in lost))


if __name__ == "__main__":
    main()
