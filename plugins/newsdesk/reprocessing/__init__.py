"""Archived pages read anew: the report of what would change, and how just that becomes current."""
