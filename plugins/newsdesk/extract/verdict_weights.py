"""The weights of `verdict_model`. Made by a program, from 992 labelled pages: do not edit, run

    python bench/verdict.py train DATA/extract --write

Each feature: (its mean over those pages, the log-odds that a page is no article for one more of it).
"""

BIAS = -4.426
WEIGHTS: dict[str, tuple[float, float]] = {
    "article marks": (2.546, -0.501),
    "article address": (0.381, -1.745),
    "dated address": (0.118, -0.968),
    "slug": (0.831, -2.150),
    "title words": (7.918, -0.167),
    "forum": (0.062, 2.938),
    "product": (0.015, 2.955),
    "documentation": (0.019, 2.049),
    "service": (0.025, 0.803),
    "list": (0.022, 1.480),
    "half prose": (0.540, -0.523),
    "some prose": (0.959, -1.958),
    "much prose": (0.680, 0.258),
    "long blocks": (2.549, -0.132),
    "block length": (0.622, -0.875),
    "link share": (0.223, 2.283),
    "one <article>": (0.381, -1.964),
    "figures": (0.837, -0.491),
    "headlines": (0.164, 0.880),
    "author links": (0.366, -0.839),
    "code": (0.174, 0.688),
    "calls": (1.189, 0.550),
    "reader": (2.430, 0.538),
    "prices": (0.375, 0.435),
    "showcase": (0.152, 1.797),
    "sorting": (0.125, 0.487),
    "contents": (0.165, 0.349),
}
