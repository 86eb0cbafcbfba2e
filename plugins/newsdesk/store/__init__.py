"""All SQL of the house, one module a subject: functions that take a cursor.

database    connections and transactions; dsn: what may be said of an address; asking: questions that only read
migrate     the migrations; founding: a cluster's databases and logins; logins: analysts' ones; catalogue: what there is
diagnosis   what a doctor asks; clock: what is set right after a clock that ran ahead

sources     whom we read, and their endpoints; polls: when each is asked; links: what a site's addresses turned out to be
hosts       whose turn it is at a host; robots: the robots.txt files
runs        runs and their batches; frontier: every URL and when it is due; visits: one URL in one batch
captures    what lies in the archive; archive_files: its files as they were last read through
documents   texts and the names in them; entity_links: as they are linked; knowledge: to what; entity_edits: by hand
templates   a site's furniture
articles    what is an article; fingerprints and pairs: which may be the same text, by snapshots of how common words are;
            clusters: groups of those; reconcile: all decided anew; twins: articles that turned out to be one
stories     articles on one event
publish     a run becomes visible: versions, names, days, arrivals are its parts

imports     foreign archives, and imported_pages; reprocess: pages read anew, reprocess_facts, reprocess_apply
retries     what is asked for again; withdrawals: what is taken out; retention: what is forgotten; exports: for files
reports     what a run brought; stage_times: how long it took; source_facts: what it is judged by; stock: what there is
alerts      from opening to closing; messages: who was told; digests: the day
explain     one URL's history; desk_overview, desk_source, desk_run, desk_url, desk_quarantine, desk_rows, desk_metrics: the
            desk's pages; desk_actions: what is done there; drafts: sources being added
rehearsals  work that is undone, for a dry run
"""
