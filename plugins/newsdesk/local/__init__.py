"""The local mode: everything on one machine, for a demo, a laptop or a small newsroom.

`postgres` keeps an embedded PostgreSQL, `airflow_home` prepares Airflow on top of it, `supervisor` starts
both, watches them and stops them, and `newsroom` is a small web to read from. All that they make lies under
`NEWSDESK_HOME`: delete that folder and no trace is left.
"""
