-- Default privileges of a schema (0019) only add to those of all schemas, so what PUBLIC may do by default has to be taken
-- back by each migration that makes a function in ops: this line stands for all that came before.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ops FROM PUBLIC;

COMMENT ON COLUMN news.article.story_id IS 'Its event: see news.story. NULL: not placed yet.';
COMMENT ON COLUMN news.article_entity.salience IS 'How much of the article is about it, by how often, how early, and whether the title names it: 0 to 1, over an article''s entities 1 in all. NULL: not counted yet.';
COMMENT ON COLUMN news.article_version.diff IS
    'What changed, to be read: a line for each field, then one for each changed place of the body with a few words around it; [-removed-], {+added+}, […] what is left out, ¶ another block. At most 20,000 characters. NULL: version 1.';
COMMENT ON COLUMN ops.document.annotator IS 'Name and version of what looked for names last; NULL: not yet.';
