-- Two roles for logins to be members of: readers see the schema news and nothing else, writers are what the workers are.
-- Roles belong to the server, not to this database; another database of it may have made them already.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['news_reader', 'news_writer'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- made at this moment by another database's migration
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'this login may not make the role %', wanted
                    USING HINT = 'As a superuser: CREATE ROLE news_reader NOLOGIN; CREATE ROLE news_writer NOLOGIN; then migrate again.';
        END;
    END LOOP;
END $$;

REVOKE ALL ON SCHEMA ops, news FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ops FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops REVOKE ALL ON FUNCTIONS FROM PUBLIC;

GRANT USAGE ON SCHEMA news TO news_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA news TO news_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA news GRANT SELECT ON TABLES TO news_reader;

GRANT SELECT ON public.newsdesk_migration TO news_writer;
GRANT USAGE ON SCHEMA news, ops TO news_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA news, ops TO news_writer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA news, ops TO news_writer;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ops TO news_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA news, ops GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO news_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA news, ops GRANT USAGE ON SEQUENCES TO news_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT EXECUTE ON FUNCTIONS TO news_writer;
