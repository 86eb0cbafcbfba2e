"""What a page says: its body, title, byline, dates, language, or why it is no article.

`guard.Guard` runs `page.extract` in a child process that can be killed; nothing here imports the
extracting libraries until the child does, so that a caller of the guard stays small.
"""
