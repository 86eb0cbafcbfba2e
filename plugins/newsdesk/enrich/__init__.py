"""Names in an article: found, cut to the name itself, typed, joined where they mean the same; places and days told.

annotate    the whole way, many texts at once
models      language → recogniser: spaCy, natasha, transformers, gliner
expressions spaCy's large regular expressions, put together so that they load in a moment
decoding    what spaCy's recogniser says of a text, in half of its own time
spans       what a recogniser marks
reading     a text as printed, and as running text would have its lines in capitals
rules       spans → the document's names, by split, clean, persons, missed, context, vote and propagate, in an order
gazetteer   name → the places that are called so: countries, regions, cities; with wider_regions and demonyms
places      which of them a name means, by the rest of the document
names       how names compare
join        the names of a document → entities with ids that are the same everywhere
linking     whom of a knowledge base the names mean
days        days and months → the day meant, by the day of publication
words       of the languages at large, nobody's in particular; so are given_names
"""
