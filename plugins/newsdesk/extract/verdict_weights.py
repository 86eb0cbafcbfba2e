"""The weights of `verdict_model`. Made by a program, from 992 labelled pages: do not edit, run

    python bench/verdict.py train DATA/extract --write

Each feature: (its mean over those pages, the log-odds that a page is no article for one more of it).
"""

BIAS = -4.427
WEIGHTS: dict[str, tuple[float, float]] = {
    "article marks": (2.609, -0.435),
    "article address": (0.381, -1.592),
    "dated address": (0.118, -0.875),
    "slug": (0.831, -1.986),
    "title words": (7.915, -0.197),
    "forum": (0.062, 2.879),
    "product": (0.015, 2.801),
    "documentation": (0.019, 1.786),
    "service": (0.025, 0.854),
    "list": (0.022, 1.485),
    "half prose": (0.557, -0.593),
    "some prose": (0.957, -1.980),
    "much prose": (0.684, 0.390),
    "long blocks": (2.575, -0.211),
    "block length": (0.660, -0.927),
    "link share": (0.223, 2.168),
    "one <article>": (0.381, -2.043),
    "figures": (0.837, -0.510),
    "headlines": (0.164, 0.877),
    "author links": (0.366, -0.825),
    "code": (0.175, 0.786),
    "calls": (1.188, 0.496),
    "reader": (2.409, 0.496),
    "prices": (0.375, 0.486),
    "showcase": (0.152, 1.783),
    "sorting": (0.125, 0.430),
    "contents": (0.165, 0.146),
}
