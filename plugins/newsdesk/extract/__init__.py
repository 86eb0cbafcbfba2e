"""What a page says: its body, title, byline, dates, language, or why it is no article.

page        bytes → Document: the whole way of one page
guard       the same in a process that can be killed: worker is that process, child the pipes between the two
decode      bytes → text
markup      text → tree, and what several modules read off it; jsonld: the objects that describe the page
metadata    all but the body, each value with its source: titles, authors, dates, language
authors     which source names who wrote it; bylines: the line that readers see; author_names: what is a name
dates       which of the page's dates counts; moments: how times are written
body        the article's text: its region as trafilatura sees it, mended block by block
blocks      the page's blocks; marks, layout: what their elements call themselves, where they stand
choice      which blocks are the article's, by choice_weights; furniture: what hangs around it
embedded    the text where the markup holds none; plaintext, sanitise: chosen blocks as text, as safe HTML
template    blocks as they return on a site's pages; template_learning: which of them are the site's own
verdict     article or not: notices of walls and checks, kinds of other pages, verdict_model with verdict_weights
signals     what is countable of a page, and of its address (addresses)
announced   what the source's feed says of the article, beside its page
phrases     how the web words its furniture, by language; folding: texts as they compare

Nothing imports the extracting libraries until the guard's process does, so that a caller of the guard stays small.
"""
