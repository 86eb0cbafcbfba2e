"""newsdesk: scheduled news ingestion, from feeds to clean rows of PostgreSQL.

The library knows nothing of Airflow (but for `orchestration` and what is named with it). Read `stages` first: it is the
way of one article from top to bottom. The crafts, functions over data, are the packages discover, fetch, archive, extract,
enrich, dedup and stories; all SQL is in store. Here are the steps that join the two, and what stands beside them.

stages       the eight steps; desk: what each is handed; portions: work cut into parts; measuring: how long each took
discover     polling: what endpoints name; screening: which links are taken; manners: what an answer asks of a guest
plan         planning: which due URLs, in which batches
fetch        visit_order: many visits; visiting: one; turns: whose it is at a host; archiving: bytes, then the row
extract      extraction: captures become documents; site_templates: what returns on a site's pages
enrich       enrichment: names found; entity_linking: whom they mean
deduplicate  deduplication: which texts are the same, article_identity: which article each is, shingle_frequencies: how rare
             words are; story_building: which tell of one event
publish      article_versions: what a change makes, by moving_text and word_diff; revisits: when it is looked at again
check        checks: what came in against what was expected; lateness: a run that takes too long

ingest       a whole run in the foreground: process_pool, run_keys; rehearsing: a run that leaves nothing behind
reconciling  groups decided anew; story_retelling: stories likewise
by hand      retrying, withdrawing, entity_editing; maintaining: the nightly upkeep; archive_verifying: the archive read through
sources      source files: source_text, source_checking; endpoint_finding and drafting: a new one

nouns        model, errors, urls, languages, months, charsets; characters: those of strangers that go nowhere;
             object_requests: what a store's errors mean
settings     what the operator may set; connections: logins as Airflow writes them; readers: which version reads
to people    terminal, progress, logs; private_files: what is theirs alone
Airflow      orchestration: what the DAGs need of it; airflow_desk: who may what at the desk, and a run started there;
             approving: a person's word; airflow_database, airflow_facts: its own database, and what it knows of itself
"""

__version__ = "0.1.0"
