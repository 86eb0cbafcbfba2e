-- What returns on a site's pages: its furniture, and the latest pages that it is told from.
CREATE TABLE ops.template (
    site text NOT NULL,
    block bigint NOT NULL,
    path text NOT NULL,
    text text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('prose', 'sentence', 'label', 'heading', 'link')),
    pages integer NOT NULL,
    articles integer NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('seen', 'furniture', 'gone')),
    why text NOT NULL,
    since_version integer,
    until_version integer,
    rule integer NOT NULL,
    by_hand text CHECK (by_hand IN ('keep', 'drop')),
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site, block)
);
COMMENT ON TABLE ops.template IS
    'One row for each block (place in the markup and text) that returns on a site''s articles. What is furniture is left out of bodies.';
COMMENT ON COLUMN ops.template.site IS 'The registrable domain; of an address without one, the host.';
COMMENT ON COLUMN ops.template.block IS 'Hash of path and text; in a short text figures count as one sign and links as another.';
COMMENT ON COLUMN ops.template.path IS 'Tags, classes and ids that lead to it; empty: where it stands is not known.';
COMMENT ON COLUMN ops.template.text IS 'Its beginning, as one of the pages has it.';
COMMENT ON COLUMN ops.template.pages IS 'Of the site''s latest pages, those that show it; of a gone one as it was last.';
COMMENT ON COLUMN ops.template.articles IS 'As pages, but copies of one text counted as one.';
COMMENT ON COLUMN ops.template.state IS
    'seen: returns, and is kept in bodies. furniture: left out. gone: was furniture, and no recent page shows it; left out of pages fetched before last_seen_at.';
COMMENT ON COLUMN ops.template.why IS 'What was decided on, in words.';
COMMENT ON COLUMN ops.template.since_version IS 'The version of the site''s furniture that it came with; a document''s provenance names the version it was read with.';
COMMENT ON COLUMN ops.template.until_version IS 'The version that it went with; NULL: it is in the present one.';
COMMENT ON COLUMN ops.template.rule IS 'Version of the rules that decided.';
COMMENT ON COLUMN ops.template.by_hand IS 'Yours to set: keep, it is never left out; drop, it always is. NULL: the rules decide.';

CREATE TABLE ops.template_page (
    url_id bigint PRIMARY KEY REFERENCES ops.frontier,
    capture_id bigint NOT NULL,
    site text NOT NULL,
    fetched_at timestamptz NOT NULL,
    blocks bigint[] NOT NULL,
    places bigint[] NOT NULL,
    chars integer[] NOT NULL,
    kinds text[] NOT NULL,
    times integer[] NOT NULL,
    paths text[] NOT NULL,
    texts text[] NOT NULL,
    known bigint[] NOT NULL,
    left_out bigint[] NOT NULL,
    learned boolean NOT NULL DEFAULT false
);
CREATE INDEX template_page_site ON ops.template_page (site, fetched_at DESC, url_id DESC);
COMMENT ON TABLE ops.template_page IS
    'One row for each of the latest 100 articles of a site, with the blocks that its text had before furniture was left out.';
COMMENT ON COLUMN ops.template_page.blocks IS 'As ops.template.block, in the order of the page; places, chars, kinds, times, paths and texts go with them.';
COMMENT ON COLUMN ops.template_page.times IS 'How often the block stands on this page.';
COMMENT ON COLUMN ops.template_page.known IS 'Those that were known to be furniture when the page was read.';
COMMENT ON COLUMN ops.template_page.left_out IS 'Those that were left out of its body.';
COMMENT ON COLUMN ops.template_page.learned IS 'The site''s furniture was told anew since it was read.';

CREATE VIEW ops.template_left_out AS
SELECT p.site, p.url_id, f.url, t.path, t.text, t.why, t.state, p.fetched_at
FROM ops.template_page AS p
JOIN ops.frontier AS f USING (url_id)
CROSS JOIN LATERAL unnest(p.left_out) AS gone (block)
JOIN ops.template AS t ON t.site = p.site AND t.block = gone.block;
COMMENT ON VIEW ops.template_left_out IS 'One row for each block that was left out of the body of one of the latest articles of a site.';
