-- Deletes everything TMI knows, once somebody has typed which server they mean. Run as TMI's role, in its database.
\set ON_ERROR_STOP on
\prompt 'Everything TMI knows will be deleted. Type the name of this server in RDS: ' typed
SELECT :'typed' = split_part(:'HOST', '.', 1) AS is_meant,
       NOT EXISTS (
         SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       ) AS is_idle \gset
\if :is_meant
\else
  DO $$ BEGIN RAISE EXCEPTION 'that is not the name of this server; nothing was touched'; END $$;
\endif
\if :is_idle
\else
  DO $$ BEGIN RAISE EXCEPTION 'somebody is still connected; stop TMI first; nothing was touched'; END $$;
\endif
BEGIN;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
COMMIT;
