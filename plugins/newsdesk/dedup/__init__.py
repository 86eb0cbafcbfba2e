"""Near-duplicates: the same text printed again is one group, a form filled in anew is not.

normalise    text → words
fingerprint  words → a few 64-bit numbers; two texts that share some are a candidate pair
candidates   which pairs those are, where very many share one
verify       is this pair really the same text?
cluster      pairs → groups
"""
