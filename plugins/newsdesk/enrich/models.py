"""Language → spaCy model, loaded once per process and cut down to what finding names takes."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from newsdesk.errors import ConfigError

if TYPE_CHECKING:
    from spacy.language import Language

# Components that no entity recogniser listens to.
_UNNEEDED = ("tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "trainable_lemmatizer")


@cache
def load(package: str) -> Language:
    """The model that is installed as `package`, or lies in the folder `package`, with nothing but its recogniser.

    Raises ConfigError, which says what to install or unset.
    """
    import spacy  # takes a second: not for those who only look names up

    if find_spec(package) is None if package.isidentifier() else not Path(package).exists():
        raise ConfigError(
            f"entity model {package!r} is not installed; run `{sys.executable} -m pip install "
            f"{package.replace('_', '-')}`, or name another for its language in NEWSDESK_MODELS (en=package)"
        )
    try:
        nlp = spacy.load(package, exclude=_UNNEEDED)
    except (OSError, ValueError, ImportError) as error:
        raise ConfigError(
            f"entity model {package!r} cannot be loaded ({error}); install one made for spaCy {version('spacy')}, "
            "or name another for its language in NEWSDESK_MODELS (en=package)"
        ) from error
    if "ner" not in nlp.pipe_names:
        raise ConfigError(f"entity model {package!r} has no `ner` component; name another in NEWSDESK_MODELS")
    if "tok2vec" in nlp.pipe_names and "ner" not in nlp.get_pipe("tok2vec").listening_components:  # type: ignore[attr-defined]
        nlp.remove_pipe("tok2vec")  # the recogniser has vectors of its own; a third of the time
    return nlp
