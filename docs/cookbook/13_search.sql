-- Where is something written about?
-- In the article's own language, title before body, reprints once. Words, `"phrases"`, `or`, `-without`.
SELECT title, round(rank::numeric, 2) AS rank, headline
FROM news.search('ferry passengers -weather', 'en', 5);
