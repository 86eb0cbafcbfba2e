"""newsdesk: scheduled news ingestion, from feeds to clean rows of PostgreSQL.

The library knows nothing of Airflow (but for `orchestration`). Read `stages` first:
it is the way of one article from top to bottom.
"""

__version__ = "0.1.0"
