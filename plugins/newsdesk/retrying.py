"""Asking again for URLs that came to nothing, by hand: from the desk and from the command line, with a row in ops.audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from newsdesk.model import Outcome
from newsdesk.store import desk_actions, retries
from newsdesk.store.database import Cursor
from newsdesk.store.retries import Retried, Selection

# What a person may get something out of by asking again: the rest told us clearly that there is no article
STUCK = tuple(outcome.value for outcome in Outcome if outcome.retryable or outcome is Outcome.QUARANTINED)
WITHOUT_ARTICLE = tuple(
    outcome.value for outcome in Outcome if not outcome.has_article and outcome is not Outcome.WITHDRAWN
)


def retry(cursor: Cursor, selection: Selection, who: str, target: str) -> Retried:
    """Make the selected URLs due with the next run, as if they had just been found, and note who asked for it.

    What a run has in hand is left as it is, and what was withdrawn stays so. Done again it changes nothing more.
    """
    done = retries.retry(cursor, selection)
    asked: Mapping[str, Any] = {name: value for name, value in asdict(selection).items() if value}
    desk_actions.record(
        cursor, who, "retry", target, source_id=selection.source_id, detail=asked, result=in_words(done)
    )
    return done


def in_words(done: Retried) -> str:
    """What became of the asking, for who asked."""
    parts = [f"{done.due} URL{'s are' if done.due != 1 else ' is'} due with the next run"]
    if done.in_hand:
        parts.append(f"{done.in_hand} in the hands of a run already")
    if done.asleep:
        parts.append(f"{done.asleep} of sources that are off or paused wait for those")
    if done.withdrawn:
        parts.append(f"{done.withdrawn} withdrawn: {'they stay' if done.withdrawn != 1 else 'it stays'} out")
    return "; ".join(parts)


def choice(url_ids: tuple[int, ...], reason: str | None, source_id: str | None) -> Selection:
    """What the command line's words choose. `reason`: an outcome, or words of a reason; neither told: all that is stuck."""
    if url_ids:
        return Selection(url_ids)
    if reason in set(Outcome):
        return Selection(outcomes=(Outcome(reason).value,), source_id=source_id)
    return Selection(outcomes=WITHOUT_ARTICLE if reason else STUCK, words=reason or None, source_id=source_id)
