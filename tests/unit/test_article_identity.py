"""Which addresses a document is known by, whatever its page and its server claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdesk.article_identity import Keys, article_keys
from newsdesk.store.articles import NewDocument

URL = "https://www.example.com/story"
KEY = "https://example.com/story"


def document(*, final_url: str = URL, canonical: str | None = None) -> NewDocument:
    return NewDocument(1, 1, 1, "s", URL, final_url, canonical, "T", "B", b"", "en", None)


@pytest.mark.parametrize(
    "claimed",
    [
        "https://www.example.com:80:80/story", "https://www..example.com/x", "https://%%HOST%%/x", "https://[::1",
        f"{URL}?token={'x' * 2_100}", f"{URL}?token={'x' * 9_000}", "https://\ud800.example.com/x", "", "x",
    ],
)  # fmt: skip
def test_a_canonical_address_that_is_none_is_no_claim(claimed: str) -> None:
    assert article_keys(document(canonical=claimed)) == Keys(KEY, KEY, None)


@pytest.mark.parametrize(
    "arrived", [f"{URL}?token={'x' * 2_100}", f"{URL}?token={'x' * 9_000}", "https://www..example.com/x"]
)
def test_a_redirects_end_that_has_no_key_leads_to_the_article_itself(arrived: str) -> None:
    found = article_keys(document(final_url=arrived, canonical="https://example.com/canonical"))
    assert found.proven == (KEY, KEY)
    assert article_keys(document(final_url=arrived)).stands_for_itself


def test_a_canonical_address_counts_beside_a_redirects_end_that_is_too_long_for_a_key() -> None:
    told = article_keys(document(final_url=f"{URL}?token={'x' * 2_100}", canonical="https://example.com/canonical"))
    assert told.canonical == "https://example.com/canonical"


@given(st.text(), st.text(), st.sampled_from(["", "https://", "https://www.example.com/", "https://www.example.com:"]))
def test_no_claim_and_no_redirect_raises(claimed: str, arrived: str, start: str) -> None:
    article_keys(document(final_url=start + arrived, canonical=start + claimed))
