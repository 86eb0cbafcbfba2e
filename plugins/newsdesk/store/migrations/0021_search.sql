-- Full-text search, each article in its own language.
CREATE FUNCTION news.search_config(language text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE language
    WHEN 'ar' THEN 'arabic'::regconfig WHEN 'ca' THEN 'catalan'::regconfig WHEN 'da' THEN 'danish'::regconfig
    WHEN 'de' THEN 'german'::regconfig WHEN 'el' THEN 'greek'::regconfig WHEN 'en' THEN 'english'::regconfig
    WHEN 'es' THEN 'spanish'::regconfig WHEN 'fi' THEN 'finnish'::regconfig WHEN 'fr' THEN 'french'::regconfig
    WHEN 'hi' THEN 'hindi'::regconfig WHEN 'hu' THEN 'hungarian'::regconfig WHEN 'id' THEN 'indonesian'::regconfig
    WHEN 'it' THEN 'italian'::regconfig WHEN 'nl' THEN 'dutch'::regconfig WHEN 'no' THEN 'norwegian'::regconfig
    WHEN 'nb' THEN 'norwegian'::regconfig WHEN 'pt' THEN 'portuguese'::regconfig WHEN 'ro' THEN 'romanian'::regconfig
    WHEN 'ru' THEN 'russian'::regconfig WHEN 'sv' THEN 'swedish'::regconfig WHEN 'tr' THEN 'turkish'::regconfig
    ELSE 'simple'::regconfig END;
COMMENT ON FUNCTION news.search_config IS 'How words of that language (ISO 639-1) are reduced to their stems; simple, as they are, where PostgreSQL does not know it.';

-- a tsvector holds a megabyte at most, so of a text beyond any article's length only the beginning is searched
CREATE FUNCTION news.search_vector(title text, body text, language text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector(news.search_config(language), left(coalesce(title, ''), 2000)), 'A')
    || setweight(to_tsvector(news.search_config(language), left(body, 100000)), 'B');
COMMENT ON FUNCTION news.search_vector IS 'What is searched of an article: its title, which weighs more, and its body. Spelled just so it is indexed: WHERE news.search_vector(title, body, language) @@ …';

CREATE FUNCTION news.search(query text, language text, most integer DEFAULT 50)
RETURNS TABLE (article_id bigint, rank real, published_at timestamptz, title text, headline text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH found AS (
        SELECT a.article_id, a.published_at, a.title, a.body,
            ts_rank_cd(news.search_vector(a.title, a.body, a.language), q.query) AS rank
        FROM websearch_to_tsquery(news.search_config(search.language), search.query) AS q (query), news.article AS a
        WHERE news.search_vector(a.title, a.body, a.language) @@ q.query AND a.language = search.language AND a.is_primary
        ORDER BY 5 DESC, a.article_id LIMIT most)
    SELECT f.article_id, f.rank, f.published_at, f.title,
        ts_headline(news.search_config(search.language), f.body, websearch_to_tsquery(news.search_config(search.language), search.query),
            'MaxFragments=2, MaxWords=25, MinWords=8, StartSel=[, StopSel=]')
    FROM found AS f ORDER BY f.rank DESC, f.article_id;
END;
COMMENT ON FUNCTION news.search IS
    'One row for each article of that language which the query finds, the best first, reprints once: words, "phrases", or, -without. headline shows where, in brackets.';
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA news TO news_reader, news_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA news GRANT EXECUTE ON FUNCTIONS TO news_reader, news_writer;
