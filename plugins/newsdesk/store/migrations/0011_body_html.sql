-- The body with its structure: headings, lists, quotations, tables and links.
ALTER TABLE ops.document ADD COLUMN body_html text;
COMMENT ON COLUMN ops.document.body_html IS
    'The body as sanitised HTML, written anew; NULL: read by an older extractor, or larger than a million characters.';

ALTER TABLE news.article ADD COLUMN body_html text;
COMMENT ON COLUMN news.article.body_html IS
    'The body as HTML that is safe to show: p, h2 to h6, ul, ol, li, blockquote, pre, table, a (http and https only), strong and em, and no other attribute than href. NULL: not known.';
