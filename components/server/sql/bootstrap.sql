-- Makes TMI's database and its two roles what they should be, whatever they were before. Run as the master of RDS,
-- which may make roles and databases and is no superuser.
\set ON_ERROR_STOP on

-- tmi owns the database. tmi_readers is a group without login: who is in it may read.
SELECT format('CREATE ROLE %I', name) FROM (VALUES ('tmi'), ('tmi_readers')) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE tmi LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT :connection_limit VALID UNTIL 'infinity';
ALTER ROLE tmi_readers NOLOGIN NOCREATEDB NOCREATEROLE;
SELECT format('REVOKE %s FROM %s', roleid::regrole, member::regrole)
  FROM pg_auth_members WHERE member IN ('tmi'::regrole, 'tmi_readers'::regrole) \gexec
-- What the master may not take away, or somebody else has granted, needs a person.
DO $$
DECLARE
  excess text;
BEGIN
  SELECT string_agg(what, ', ') INTO excess FROM (
    SELECT rolname || ' has SUPERUSER, REPLICATION or BYPASSRLS' AS what
      FROM pg_roles
     WHERE rolname IN ('tmi', 'tmi_readers') AND (rolsuper OR rolreplication OR rolbypassrls)
     UNION
    SELECT format('%s is a member of %s', member::regrole, roleid::regrole)
      FROM pg_auth_members
     WHERE member IN ('tmi'::regrole, 'tmi_readers'::regrole)
  ) AS found;
  IF excess IS NOT NULL THEN
    RAISE EXCEPTION '%, and % may not change that; drop the role or have its rights taken away', excess, current_user;
  END IF;
END
$$;

-- To hand the database over, and to act for its owner, the master has to be a member of it: since PostgreSQL 16 that it
-- made the role is not enough for SET ROLE. Source: PostgreSQL 16 release notes.
GRANT tmi TO CURRENT_USER;
SELECT 'CREATE DATABASE tmi' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tmi') \gexec
ALTER DATABASE tmi OWNER TO tmi;

-- Whoever connects is a person, unless it is TMI: a forgotten query must not hold TMI up, nor one that queues for a
-- lock. The limits are the database's, since a login does not inherit the settings of its groups. TMI is exempt, or its
-- migrations, which take long and wait for each other's lock, would be cut in the middle.
ALTER DATABASE tmi SET statement_timeout = '5min';
ALTER DATABASE tmi SET lock_timeout = '5s';
ALTER ROLE tmi IN DATABASE tmi SET statement_timeout = 0;
ALTER ROLE tmi IN DATABASE tmi SET lock_timeout = 0;
-- Otherwise a schema that happens to be called tmi would come first.
ALTER ROLE tmi IN DATABASE tmi SET search_path = public;

\connect tmi
SET ROLE tmi;
BEGIN;
REVOKE ALL ON DATABASE tmi FROM PUBLIC, tmi_readers;
REVOKE ALL ON SCHEMA public FROM PUBLIC, tmi_readers;
GRANT CONNECT ON DATABASE tmi TO tmi_readers;
GRANT USAGE ON SCHEMA public TO tmi_readers;
-- Tables that TMI's migrations will make, and those that are there.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM tmi_readers;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO tmi_readers;
SELECT format('REVOKE ALL ON %s FROM tmi_readers', oid::regclass),
       format('GRANT SELECT ON %s TO tmi_readers', oid::regclass)
  FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relowner = 'tmi'::regrole AND relkind IN ('r', 'p', 'v', 'm', 'f')
 ORDER BY oid \gexec
COMMIT;
