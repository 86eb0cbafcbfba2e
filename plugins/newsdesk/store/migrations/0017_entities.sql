-- Entities that join: places with their ids, peoples with their country, days with the day meant.

ALTER TABLE ops.mention
    ALTER COLUMN entity_id DROP NOT NULL,
    ADD COLUMN value text,
    ADD COLUMN value_precision text CHECK (value_precision IN ('day', 'month', 'year'));
COMMENT ON TABLE ops.mention IS 'One row for each name, and each day or month, in a document''s body.';

ALTER TABLE ops.document_entity
    ADD COLUMN geonames_id bigint,
    ADD COLUMN iso_code text,
    ADD COLUMN country_code text,
    ADD COLUMN link_confidence real;

ALTER TABLE news.mention
    ALTER COLUMN entity_id DROP NOT NULL,
    ADD COLUMN value text,
    ADD COLUMN value_precision text CHECK (value_precision IN ('day', 'month', 'year'));
COMMENT ON TABLE news.mention IS 'One row for each place in an article''s body where an entity, a day or a month is named.';
COMMENT ON COLUMN news.mention.entity_id IS 'Who or what is named; NULL: a day or a month (subtype DATE), which is no entity.';
COMMENT ON COLUMN news.mention.subtype IS 'Finer than type: GPE (country, region, city), FAC, NORP (a people), EVENT, PRODUCT, WORK_OF_ART, LAW, LANGUAGE, DATE; NULL: nothing finer is known.';
COMMENT ON COLUMN news.mention.value IS 'Of a DATE: the day or month that is meant, as of the day of publication (2026-02-06, 2026-02); else NULL.';
COMMENT ON COLUMN news.mention.value_precision IS 'How exact value is: day, month or year.';

ALTER TABLE news.entity
    ADD COLUMN country_code text,
    ADD COLUMN link_confidence real CHECK (link_confidence BETWEEN 0 AND 1);
COMMENT ON COLUMN news.entity.entity_id IS 'Made from type and name, of a place that is known from type and GeoNames or ISO id: the same in every installation.';
COMMENT ON COLUMN news.entity.name IS 'The fullest form met; of a place that is known, the name that GeoNames has.';
COMMENT ON COLUMN news.entity.country_code IS 'ISO 3166 code of the country that a place lies in, or that a people is of ("German": DE, which is a relation: the people is not the country).';
COMMENT ON COLUMN news.entity.link_confidence IS 'Of a place, 0 to 1: how sure its ids are; where it has none, how sure it is that we know no such place. NULL: no place.';
