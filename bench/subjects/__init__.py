"""What `conformance.py` measures: one module a subject, each with the rows' expectations and the readers compared."""
