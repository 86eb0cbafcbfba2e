"""The operator's desk: a small web application of server-rendered pages, opened by Airflow's plugin or by a test.

    door      who may read and act, and what the desk needs of its surroundings; refuses what other sites ask for
    app       the application: routes, headers, faults as pages
    overview, sources, urls, quarantine, runs, reprocess, listing    the pages (GET)
    metrics   the figures for Prometheus
    actions   what a person does (POST), each with its row in ops.audit
    showing   a page as an answer, with the headers that keep it harmless
    searching the search for a new site's feeds, in a thread of its own
    rendering templates and how values are written; charts and marking: figures and marked texts as data

No SQL (that is `store.desk_*`), no Airflow (that is `newsdesk_plugin`). The modules with routes leave out
`from __future__ import annotations`: FastAPI reads their annotations when they are defined.
"""
