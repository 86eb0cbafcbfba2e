"""What a Wikidata item is an instance of (P31) → our type of name.

The classes that news names most; what is of none of them is left out of a dump, unless its statements tell: who has a
date of birth is a person, what has coordinates or a GeoNames id a place. More classes come with `--class Q123=ORG`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Q-numbers of classes, by our type
_CLASSES = {
    "PER": (5,),
    "ORG": (
        43229, 4830453, 6881511, 891723, 783794, 167037, 219577, 46970, 22687, 18388277, 7278, 476028, 847017, 12973014,
        6979593, 13393265, 13027888, 17156793, 4498974, 15944511, 2367225, 20639856, 11032, 1110794, 1002697, 41298,
        1616075, 14350, 15265344, 1193236, 192283, 3918, 875538, 902104, 15936437, 38723, 9826, 3914, 327333, 192350,
        484652, 245065, 1335818, 163740, 79913, 708676, 31855, 1664720, 16917, 33506, 215380, 5741069, 176799, 178790,
        4120211, 1153191, 11204, 35749, 2085381, 18127, 210167, 10429085, 7210356, 1752939, 4438121, 1785271, 68295960,
        1194951, 1478437, 26895936, 2659904, 17149090, 650241, 1063239,
    ),
    "LOC": (
        6256, 3624078, 112099, 7270, 515, 1549591, 1637706, 5119, 486972, 532, 3957, 484170, 262166, 747074, 2074737, 15284,
        56061, 10864048, 13220204, 35657, 47168, 82794, 5107, 23442, 4022, 8502, 23397, 165, 9430, 123705, 1093829, 3024240,
        134390, 42744322, 22865, 116457956, 493522, 3327870, 15127012, 1221156, 34876, 10742, 107390, 180673, 702492,
        2983893, 188509, 5084, 46169, 12280, 1248784, 483110, 12518, 41176, 23413, 55488, 33837, 39816, 8514, 46831, 37901,
    ),
    "MISC": (
        1190554, 1656682, 18608583, 500834, 132241, 198, 178561, 40231, 27020041, 15275719, 11424, 5398426, 7725634, 571,
        482994, 41710, 231002, 34770, 9174, 7257, 15900616, 4504495, 618779, 8148, 3839081, 8065, 7935096,
    ),
}  # fmt: skip
TYPE_OF_CLASS: Mapping[str, str] = {f"Q{number}": name for name, numbers in _CLASSES.items() for number in numbers}


def type_of(classes: Sequence[str], properties: Mapping[str, object], more: Mapping[str, str]) -> str | None:
    """The type of an item of these classes that has statements of these properties; None: no name of ours."""
    for one in classes:
        if found := more.get(one) or TYPE_OF_CLASS.get(one):
            return found
    if "P569" in properties:  # date of birth
        return "PER"
    if "P1566" in properties:  # GeoNames id
        return "LOC"
    return None
