"""The operator's knowledge base, loaded from files: who is called how, and what is known of each.

tables    CSV, TSV, Parquet: one alias a row
dump      Wikidata's JSON dump: one item a line, filtered by type
classes   what an item is an instance of → PER, ORG, LOC, MISC
in_memory a table without a database, for `newsdesk try entities`
loading   a file → ops.alias and ops.kb_item, portion by portion: stopped and started again, it goes on
"""
