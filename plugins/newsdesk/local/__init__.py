"""The local mode: everything on one machine, for a demo, a laptop or a small newsroom.

`postgres` keeps an embedded PostgreSQL (`postgres_programs` run as one of the `accounts`) until the last of those who are
`sharing` it has left, `airflow_home` prepares Airflow on top of it, `supervisor` starts both as `processes`, watches them by
`airflow_api` and stops them; `start` and `demo` are the commands, and `newsroom` is a small web to read from. All that they
make lies under `NEWSDESK_HOME`: delete that folder and no trace is left.
"""
