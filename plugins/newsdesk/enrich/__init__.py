"""Names in an article: found, cut to the name itself, and joined where they mean the same.

models      language → spaCy model
clean       what the model marked → the name itself, with one type for one name in a document
join        the names of a document → entities with ids that are the same everywhere
annotate    the whole way, many texts at once
"""
