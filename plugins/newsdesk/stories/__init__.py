"""Stories: different articles that tell of the same event are one group.

terms     text → weighed words: names and numbers tell an event apart, so they are marked
window    the articles of some days, how rare their words are, how like an article they are
linkage   articles → groups, by average link
grouping  each arrival is put where it belongs, and what stands around it is grouped anew

The method, and what it reaches, is told in `grouping`; `bench/stories.py` measures it.
"""
