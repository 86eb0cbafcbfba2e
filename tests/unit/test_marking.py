"""Texts with marks, as data: names, lines that were left out, changes."""

from __future__ import annotations

from newsdesk.dashboard.marking import changes, marked


def test_names_and_removed_lines_are_marked_where_they_stand() -> None:
    name = {"start_pos": 7, "end_pos": 10, "type": "PER", "name": "Nora"}
    blocks = [
        {"text": "First", "left_out": False, "why": None},
        {"text": "Share this", "left_out": True, "why": "on all pages"},
        {"text": "Of Nora", "left_out": False, "why": None},
    ]
    text = marked("First.\nOf Nora", [name | {"start_pos": 10, "end_pos": 14}], blocks)
    assert [("".join(piece.text for piece in one.pieces), one.removed) for one in text] == [
        ("First.", None),
        ("Share this", "on all pages"),
        ("Of Nora", None),
    ]
    assert [(piece.text, piece.name is not None) for piece in text[2].pieces] == [("Of ", False), ("Nora", True)]
    assert changes("a [-b-] {+c+} d") == [
        ("same", "a "),
        ("removed", "b"),
        ("same", " "),
        ("added", "c"),
        ("same", " d"),
    ]
