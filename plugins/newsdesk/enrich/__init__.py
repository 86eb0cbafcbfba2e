"""Names in an article: found, cut to the name itself, typed, joined where they mean the same; places and days told.

models      language → recogniser: spaCy, natasha, transformers, gliner
decoding    what spaCy's recogniser says of a text, in half of its own time
reading     a text as printed, and as running text would have its lines in capitals
rules       what a recogniser marked → the document's names: split, clean, persons, missed, context, vote, propagate
gazetteer   name → the places that are called so: countries, regions, cities; regions, demonyms beside it
places      which of them a name means, by the rest of the document
join        the names of a document → entities with ids that are the same everywhere
days        days and months → the day meant, by the day of publication
words, given_names   of the languages at large, nobody's in particular
annotate    the whole way, many texts at once
"""
