"""What spaCy's entity recogniser says, decoded over arrays: the same names in half of its time.

spaCy's own decoder goes from token to token and asks each of some seventy moves whether it is allowed, which in its
present build takes and gives back the interpreter's lock hundreds of times a token. But a state of the recogniser is known
by three tokens: the next one, and the first and the last of the name that is open (`StateC.set_context_tokens`). So the
moves outside a name hang on the token alone and are told for all tokens at once; and the names that any token may
begin are followed to their ends side by side, a token of each at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from newsdesk.enrich.spans import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Decoder = Callable[[Sequence["Doc"]], list[list[Span]]]
Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


def decoder_of(nlp: Language) -> Decoder | None:
    """Tokenised texts → the spans that the pipeline marks in each. None: only spaCy itself can tell, its recogniser is of
    another build (beam search, other features) or is not alone.
    """
    from spacy.pipeline import EntityRecognizer

    if nlp.pipe_names not in (["ner"], ["tok2vec", "ner"]):
        return None
    ner: Any = nlp.get_pipe("ner")
    if type(ner) is not EntityRecognizer or ner.cfg.get("beam_width", 1) > 1 or not _is_known(ner.model):
        return None
    before = [component for name, component in nlp.pipeline if name != "ner"]
    vectors_of, first = ner.model.layers[0], ner.model.get_ref("lower")
    bias = first.get_param("b").reshape(first.get_dim("nO"), first.get_dim("nP"))
    last = ner.model.get_ref("upper")
    weights, offsets = last.get_param("W"), last.get_param("b")
    names = [str(ner.moves.get_class_name(number)) for number in range(ner.moves.n_moves)]
    class_of = {name: number for number, name in enumerate(names)}
    labels = [name.partition("-")[2] for name in names]
    inside, ends = (np.array([class_of.get(f"{kind}-{label}", -1) for label in labels]) for kind in "IL")
    # outside a name: one goes by, is a name, or begins one
    is_open = np.array([name == "O" or (name[:2] in ("B-", "U-") and name != "U-") for name in names])
    is_begin, is_name = np.array([name[:2] == "B-" for name in names]), np.array(names) != "O"

    def decode(docs: Sequence[Doc]) -> list[list[Span]]:
        read = list(docs)
        for component in before:
            read = list(component.pipe(read))  # type: ignore[attr-defined]
        sizes = np.array([len(doc) for doc in read])
        if not sizes.sum():
            return [[] for _ in read]
        stops = np.cumsum(sizes)
        is_last = np.zeros(stops[-1], bool)
        is_last[stops[sizes > 0] - 1] = True
        is_space = np.concatenate([doc.to_array("IS_SPACE") for doc in read]).astype(bool)
        parts = first.predict(
            vectors_of.predict(read)
        )  # for each token, what it adds as next, first and last; 0: none there
        nothing, parts = parts[0], parts[1:]

        scores = _best(parts[:, 0] + nothing[1] + nothing[2] + bias) @ weights.T + offsets
        scores[:, ~is_open] = -np.inf
        scores[np.ix_(is_last, is_begin)] = -np.inf
        scores[np.ix_(is_space, is_name)] = -np.inf
        move = scores.argmax(axis=1)
        end = np.arange(len(move))  # of the name that a token begins: its last token
        begun = np.flatnonzero(is_begin[move])
        at = begun + 1
        while len(begun):
            hidden = _best(parts[at, 0] + parts[begun, 1] + parts[at - 1, 2] + bias)
            goes_on, stops_here = inside[move[begun]], ends[move[begun]]
            on = (hidden * weights[goes_on]).sum(axis=1) + offsets[goes_on]
            off = (hidden * weights[stops_here]).sum(axis=1) + offsets[stops_here]
            is_end = is_last[at] | (off > on) | ((off == on) & (stops_here < goes_on))
            end[begun[is_end]] = at[is_end]
            begun, at = begun[~is_end], at[~is_end] + 1
        return _spans(
            read,
            stops,
            [(first, int(end[first]), labels[move[first]]) for first in np.flatnonzero(is_name[move]).tolist()],
        )

    return decode


def _is_known(model: Any) -> bool:
    """spaCy's TransitionBasedParser.v2 with an upper layer, for names: the features that the module's docstring tells."""
    return (
        model.name == "parser_model"
        and len(model.layers) == 3
        and model.attrs.get("has_upper") is True
        and not model.attrs.get("unseen_classes")
        and model.get_ref("lower").get_dim("nF") == 3
        and model.get_ref("lower").get_dim("nP") > 1
    )


def _best(pieces: Floats) -> Floats:
    """Maxout: of each unit the greatest of its pieces."""
    found: Floats = pieces.max(axis=-1)
    return found


def _spans(docs: Sequence[Doc], stops: Indices, candidates: Sequence[tuple[int, int, str]]) -> list[list[Span]]:
    """Names as (first token, last token, label), counted over all texts → spans of each text. One within another is none."""
    found: list[list[Span]] = [[] for _ in docs]
    free = 0
    for first, last, label in candidates:
        if first < free:
            continue
        free = last + 1
        place = int(np.searchsorted(stops, first, side="right"))
        offset = int(stops[place]) - len(docs[place])
        span = docs[place][first - offset : last + 1 - offset]
        found[place].append(Span(span.start_char, span.end_char, label))
    return found
