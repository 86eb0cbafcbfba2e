-- The operator's knowledge base: who is called how; which of them a name of a document means; merges and splits by hand.

CREATE TABLE ops.kb_load (
    load_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file text NOT NULL,
    digest text NOT NULL,
    size bigint NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    position bigint NOT NULL DEFAULT 0,
    aliases bigint NOT NULL DEFAULT 0,
    items bigint NOT NULL DEFAULT 0,
    left_out jsonb NOT NULL DEFAULT '{}',
    priors text CHECK (priors IN ('shares', 'counts', 'weights')),
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE UNIQUE INDEX kb_load_open ON ops.kb_load (digest, size, options) WHERE finished_at IS NULL;
COMMENT ON TABLE ops.kb_load IS 'One row for each file that was loaded, or is being loaded, into the knowledge base.';
COMMENT ON COLUMN ops.kb_load.digest IS 'SHA-256 over the file''s first and last megabyte: the same file goes on where it was.';
COMMENT ON COLUMN ops.kb_load.options IS 'Languages, types and limits that it was loaded with.';
COMMENT ON COLUMN ops.kb_load.position IS 'How far it is loaded: rows of a table, bytes (uncompressed) of a dump.';
COMMENT ON COLUMN ops.kb_load.left_out IS 'Rows or items that were not taken, by reason.';
COMMENT ON COLUMN ops.kb_load.priors IS 'What its priors are: shares of a name''s uses, counts, or weights that only say who comes first. NULL: not told yet.';
COMMENT ON COLUMN ops.kb_load.finished_at IS 'When the last row was in; NULL: not yet.';

CREATE TABLE ops.kb_item (
    qid text PRIMARY KEY CHECK (qid ~ '^Q[1-9][0-9]*$'),
    type text CHECK (type IN ('PER', 'ORG', 'LOC', 'MISC')),
    name text NOT NULL,
    geonames_id bigint,
    related text[] NOT NULL DEFAULT '{}',
    load_id bigint NOT NULL REFERENCES ops.kb_load
);
CREATE INDEX kb_item_load ON ops.kb_item (load_id);
COMMENT ON TABLE ops.kb_item IS 'One row for each person, organisation, place or other thing of the knowledge base.';
COMMENT ON COLUMN ops.kb_item.qid IS 'Wikidata item.';
COMMENT ON COLUMN ops.kb_item.type IS 'NULL: the table does not tell.';
COMMENT ON COLUMN ops.kb_item.related IS 'Items that its own statements name: country, employer, team … A sign that it is meant where they are named.';

CREATE TABLE ops.alias (
    key text NOT NULL,
    language text NOT NULL,
    qid text NOT NULL REFERENCES ops.kb_item ON DELETE CASCADE,
    alias text NOT NULL,
    prior real NOT NULL CHECK (prior >= 0),
    load_id bigint NOT NULL REFERENCES ops.kb_load,
    PRIMARY KEY (key, qid, language)
);
CREATE INDEX alias_qid ON ops.alias (qid);
CREATE INDEX alias_load ON ops.alias (load_id);
COMMENT ON TABLE ops.alias IS 'One row for each name, language and item that is called so.';
COMMENT ON COLUMN ops.alias.key IS 'The name without case, accents and signs.';
COMMENT ON COLUMN ops.alias.language IS 'ISO 639; empty: in all of them.';
COMMENT ON COLUMN ops.alias.prior IS 'How often the name means this item: a share of all its uses, or a count.';

CREATE TABLE ops.kb_together (
    qid text NOT NULL,
    other text NOT NULL,
    documents integer NOT NULL,
    PRIMARY KEY (qid, other)
);
COMMENT ON TABLE ops.kb_together IS 'One row for each ordered pair of items that documents name together, as learned when the knowledge base was loaded; other = qid: documents that name it at all.';

ALTER TABLE ops.document_entity
    ADD COLUMN linked_id uuid,
    ADD COLUMN linked_type text,
    ADD COLUMN linked_name text,
    ADD COLUMN wikidata_id text,
    ADD COLUMN wikidata_confidence real CHECK (wikidata_confidence BETWEEN 0 AND 1);
ALTER TABLE ops.document ADD COLUMN linker text;
COMMENT ON COLUMN ops.document_entity.entity_id IS 'Made of type and full name, of a known place of its id; whatever the knowledge base says.';
COMMENT ON COLUMN ops.document_entity.linked_id IS 'The entity of the knowledge base that it is; NULL: none, or the place that it is anyway.';
COMMENT ON COLUMN ops.document_entity.wikidata_confidence IS 'Of wikidata_id; where that is NULL, of that none of the knowledge base is meant. NULL: it was not asked.';
COMMENT ON COLUMN ops.document.linker IS 'What linked its names last, and with which knowledge base; NULL: nothing yet.';

CREATE TABLE ops.entity_merge (
    entity_id uuid PRIMARY KEY,
    into_id uuid NOT NULL CHECK (into_id <> entity_id),
    type text NOT NULL,
    name text NOT NULL,
    why text,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX entity_merge_into ON ops.entity_merge (into_id);
COMMENT ON TABLE ops.entity_merge IS 'One row for each entity that the operator says is another one. into_id is never merged itself.';
COMMENT ON COLUMN ops.entity_merge.type IS 'Of the entity that was merged, as name.';

CREATE TABLE ops.entity_split (
    entity_id uuid NOT NULL,
    article_id bigint NOT NULL REFERENCES ops.frontier,
    to_id uuid NOT NULL,
    type text NOT NULL,
    name text NOT NULL,
    wikidata_id text,
    why text,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (entity_id, article_id)
);
CREATE INDEX entity_split_to ON ops.entity_split (to_id);
COMMENT ON TABLE ops.entity_split IS 'One row for each entity and article in which, the operator says, another one is meant.';
COMMENT ON COLUMN ops.entity_split.to_id IS 'Who is meant; type, name and wikidata_id are of it.';

ALTER TABLE news.entity ADD COLUMN merged_into uuid REFERENCES news.entity;
COMMENT ON COLUMN news.entity.entity_id IS 'Made from type and name; of a known place from its GeoNames or ISO id, of an item of the knowledge base from its Wikidata id: the same in every installation.';
COMMENT ON COLUMN news.entity.name IS 'The fullest form met; of what is linked, the name that GeoNames or the knowledge base has.';
COMMENT ON COLUMN news.entity.wikidata_id IS 'Wikidata item; NULL: not linked.';
COMMENT ON COLUMN news.entity.merged_into IS 'The entity that it is by the operator''s word: its articles are there. NULL: it stands for itself.';
COMMENT ON COLUMN news.entity.link_confidence IS '0 to 1: how sure its ids are; where it has none, how sure it is that neither the gazetteer nor the knowledge base has it. NULL: nobody was asked.';
CREATE INDEX entity_wikidata ON news.entity (wikidata_id) WHERE wikidata_id IS NOT NULL;

ALTER TABLE ops.reprocess DROP CONSTRAINT reprocess_stage_check;
ALTER TABLE ops.reprocess ADD CONSTRAINT reprocess_stage_check CHECK (stage IN ('extract', 'enrich', 'link'));
COMMENT ON COLUMN ops.reprocess.stage IS 'extract: the pages are read anew; enrich: the names in the present texts are found anew; link: it is asked anew whom of the knowledge base they mean.';
