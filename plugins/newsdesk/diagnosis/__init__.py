"""What may be wrong with a set-up: each likely fault is looked for, and its remedy said. Nothing is changed by looking.

`all_checks.diagnose` makes all checks, as `checking` has them made: side by side, each within seconds. The others each know
the faults of one subject: `environment`, `machine`, `source_files`, `stores` (archive and models), `database`, `airflow`.
"""
