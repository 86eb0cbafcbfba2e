"""Archived pages read anew: the report of what would change, and how just that becomes current.

steps       pages → readings, kept beside what they were; relinking: the same of names and a knowledge base
comparing   two readings of a page: which fields differ, by how many words
report      the readings' figures as data; report_html: as a page
applying    a report's readings become current, by the stages of a run
foreground  all of it without Airflow
"""
