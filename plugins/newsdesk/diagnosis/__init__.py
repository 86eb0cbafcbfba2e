"""What may be wrong with a set-up: each likely fault is looked for, and its remedy said. Nothing is changed by looking.

`all_checks.diagnose` makes all checks; the other modules each know the faults of one subject.
"""
