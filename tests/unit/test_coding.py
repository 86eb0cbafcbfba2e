"""Content codings undone in steps, without a network."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdesk.fetch import coding


def undo(data: bytes, names: str, limit: int = 10**6, step: int = 7) -> bytes:
    return b"".join(coding.decode((data[at : at + step] for at in range(0, len(data), step)), names, limit))


def coded(name: str, data: bytes) -> bytes:
    if name == "br":
        return bytes(brotli.compress(data, quality=5))  # the usual quality takes ten times as long
    if name == "zstd":
        return bytes(zstd.compress(data))
    return gzip.compress(data) if name == "gzip" else zlib.compress(data)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_each_coding_is_undone_in_steps_cut_bodies_are_found_and_bombs_stop(name: str) -> None:
    data = bytes(range(256)) * 400
    packed = coded(name, data)
    assert undo(packed, name) == data
    assert undo(packed, name, step=10**6) == data
    assert undo(b"", name) == b""
    with pytest.raises(coding.Cut):
        undo(packed[:-5], name)
    with pytest.raises(coding.TooLong):
        undo(packed, name, limit=len(data) - 1)
    largest = max(len(piece) for piece in coding.decode(iter([coded(name, b"\0" * 10**7)]), name, 10**8))
    assert largest <= coding.STEP * 4  # br gives a little more than it is asked for


@settings(deadline=None)
@given(st.binary(max_size=3000), st.integers(1, 4000), st.lists(st.sampled_from(["gzip", "deflate"]), max_size=4))
def test_layers_are_undone_in_reverse_order(data: bytes, step: int, names: list[str]) -> None:
    packed = data
    for name in names:
        packed = coded(name, packed)
    assert undo(packed, ", ".join(names), step=step) == data


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_garbage_in_any_coding_is_an_error_of_ours_or_a_body(data: bytes, names: str) -> None:
    try:
        undo(data, names)
        undo(b"\x1f\x8b" + data, names)
    except coding.CodingError:
        pass
