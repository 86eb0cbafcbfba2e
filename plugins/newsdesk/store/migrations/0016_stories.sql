-- Stories: articles that tell of the same event.
CREATE TABLE ops.story (
    story_id bigint PRIMARY KEY,
    language text NOT NULL,
    typical_article_id bigint,
    went_into bigint REFERENCES ops.story
);
COMMENT ON TABLE ops.story IS 'One row for each story ever formed, also for those that ended.';
COMMENT ON COLUMN ops.story.language IS 'ISO 639-1; empty: not known. A story has one.';
COMMENT ON COLUMN ops.story.typical_article_id IS 'The article that is most like the others; NULL: it ended.';
COMMENT ON COLUMN ops.story.went_into IS 'The story that it became a part of.';

CREATE TABLE ops.story_member (
    article_id bigint PRIMARY KEY REFERENCES ops.article ON DELETE CASCADE,
    document_id bigint NOT NULL,
    story_id bigint NOT NULL REFERENCES ops.story,
    published_story_id bigint,
    language text NOT NULL,
    told_at timestamptz NOT NULL,
    terms bytea NOT NULL
);
CREATE INDEX story_member_window ON ops.story_member (language, told_at);
CREATE INDEX story_member_story ON ops.story_member (story_id);
CREATE INDEX story_member_changed ON ops.story_member (story_id) WHERE story_id IS DISTINCT FROM published_story_id;
COMMENT ON TABLE ops.story_member IS
    'One row for each group of near-duplicates, by its first article: reprints count once, and go where that one goes.';
COMMENT ON COLUMN ops.story_member.document_id IS 'The document that the terms are of.';
COMMENT ON COLUMN ops.story_member.published_story_id IS 'story_id as of the last publish; NULL: not published yet.';
COMMENT ON COLUMN ops.story_member.told_at IS 'When it was published; where the page does not say, when its URL was found.';
COMMENT ON COLUMN ops.story_member.terms IS 'Words of title and lead, as newsdesk.stories.terms packs them.';

CREATE TABLE news.story (
    story_id bigint PRIMARY KEY,
    title text,
    language text,
    articles integer NOT NULL CHECK (articles > 0),
    texts integer NOT NULL CHECK (texts > 0),
    outlets integer NOT NULL CHECK (outlets > 0),
    title_article_id bigint NOT NULL REFERENCES news.article DEFERRABLE INITIALLY DEFERRED,
    first_published_at timestamptz,
    last_published_at timestamptz
);
CREATE INDEX story_last_published ON news.story (last_published_at DESC);
COMMENT ON TABLE news.story IS
    'One row for each event as told by different articles of one language; most stories have one article. A story may grow, join another or split when more is known: see news.story_change.';
COMMENT ON COLUMN news.story.story_id IS 'Key. It stays for as long as the story has articles; of stories that are joined, the largest keeps it.';
COMMENT ON COLUMN news.story.title IS 'Headline of the article that is most like the others.';
COMMENT ON COLUMN news.story.language IS 'Language of that article.';
COMMENT ON COLUMN news.story.articles IS 'Articles, reprints among them.';
COMMENT ON COLUMN news.story.texts IS 'Different texts: articles without reprints.';
COMMENT ON COLUMN news.story.outlets IS 'Different sources.';
COMMENT ON COLUMN news.story.title_article_id IS 'The article that gives the title.';
COMMENT ON COLUMN news.story.first_published_at IS 'Earliest published_at of its articles.';
COMMENT ON COLUMN news.story.last_published_at IS 'Latest published_at of its articles.';

CREATE TABLE news.story_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    changed_at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL CHECK (kind IN ('merged', 'split', 'moved')),
    from_story_id bigint NOT NULL,
    to_story_id bigint NOT NULL,
    article_ids bigint[] NOT NULL
);
CREATE INDEX story_change_from ON news.story_change (from_story_id);
CREATE INDEX story_change_to ON news.story_change (to_story_id);
COMMENT ON TABLE news.story_change IS 'One row for each set of published articles that went together from one story to another.';
COMMENT ON COLUMN news.story_change.change_id IS 'Key, rising with time.';
COMMENT ON COLUMN news.story_change.changed_at IS 'When the change became visible.';
COMMENT ON COLUMN news.story_change.kind IS 'merged: the old story has no articles left. split: the new story was not there before. moved: both were and are there.';
COMMENT ON COLUMN news.story_change.from_story_id IS 'The story that they were in.';
COMMENT ON COLUMN news.story_change.to_story_id IS 'The story that they are in now.';
COMMENT ON COLUMN news.story_change.article_ids IS 'The articles.';

CREATE INDEX article_story ON news.article (story_id);
COMMENT ON COLUMN news.article.story_id IS 'Its event: see news.story. NULL: it was published before there were stories.';
