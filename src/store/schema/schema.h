/*
 * schema - the tables, as migrations: element n takes a store from version n to n + 1. Never edited
 * once released; a change of the tables is one more element. docs/SCHEMA.md says what the columns
 * mean.
 */
#ifndef DIBAO_STORE_SCHEMA_SCHEMA_H
#define DIBAO_STORE_SCHEMA_SCHEMA_H

static const char *const schema_migrations[] = {
	"CREATE TABLE sources ("
	" key TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, home_url TEXT NOT "
	"NULL,"
	" category TEXT NOT NULL, moved_url TEXT NOT NULL, moved_count INTEGER NOT NULL, etag TEXT "
	"NOT NULL,"
	" last_modified TEXT NOT NULL, body_hash {blob} NOT NULL, hub TEXT NOT NULL,"
	" first_fetch BIGINT NOT NULL, last_fetch BIGINT NOT NULL, last_success BIGINT NOT NULL,"
	" last_new BIGINT NOT NULL, next_due BIGINT NOT NULL, failures INTEGER NOT NULL,"
	" last_error TEXT NOT NULL, stopped INTEGER NOT NULL, entries_seen BIGINT NOT NULL,"
	" articles BIGINT NOT NULL, fetches BIGINT NOT NULL, not_modified BIGINT NOT NULL,"
	" bytes BIGINT NOT NULL) {clustered};"

	"CREATE TABLE captures ("
	" id {id}, url TEXT NOT NULL, final_url TEXT NOT NULL, fetched BIGINT NOT NULL, status "
	"INTEGER NOT NULL,"
	" content_type TEXT NOT NULL, headers TEXT NOT NULL, etag TEXT NOT NULL, last_modified "
	"TEXT NOT NULL,"
	" body {blob} NOT NULL, body_bytes BIGINT NOT NULL);"

	"CREATE TABLE articles ("
	" id {id}, key TEXT NOT NULL, date BIGINT NOT NULL, month INTEGER NOT NULL, change BIGINT "
	"NOT NULL,"
	" revision INTEGER NOT NULL, doc BIGINT NOT NULL, first_seen BIGINT NOT NULL, last_seen "
	"BIGINT NOT NULL,"
	" gone BIGINT NOT NULL, published BIGINT NOT NULL, published_offset_min INTEGER NOT NULL,"
	" modified BIGINT NOT NULL, paywalled INTEGER NOT NULL, origins INTEGER NOT NULL, url TEXT "
	"NOT NULL,"
	" path TEXT NOT NULL, source TEXT NOT NULL, guid TEXT NOT NULL, text_source TEXT NOT NULL,"
	" fetched_url TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL, language TEXT NOT "
	"NULL,"
	" image TEXT NOT NULL, site_name TEXT NOT NULL, section TEXT NOT NULL, licence TEXT NOT "
	"NULL,"
	" dateline TEXT NOT NULL, authors TEXT NOT NULL, credits TEXT NOT NULL, keywords TEXT NOT "
	"NULL,"
	" attachments TEXT NOT NULL);"
	"CREATE UNIQUE INDEX articles_key ON articles (key);"
	"CREATE INDEX articles_date ON articles (date, id);"
	"CREATE INDEX articles_change ON articles (change);"
	"CREATE INDEX articles_unindexed ON articles (id) WHERE doc = 0;"

	"CREATE TABLE revisions ("
	" id {id}, seen BIGINT NOT NULL, capture_id BIGINT NOT NULL, title TEXT NOT NULL, text "
	"TEXT NOT NULL,"
	" html TEXT NOT NULL);"

	"CREATE TABLE article_sources ("
	" article_id BIGINT NOT NULL, source TEXT NOT NULL, guid_hash BIGINT NOT NULL, guid TEXT "
	"NOT NULL,"
	" date BIGINT NOT NULL, seen BIGINT NOT NULL, PRIMARY KEY (article_id, source)) "
	"{clustered};"
	"CREATE INDEX article_sources_date ON article_sources (source, date, article_id);"
	"CREATE INDEX article_sources_guid ON article_sources (guid_hash);"

	"CREATE TABLE aliases (url TEXT NOT NULL PRIMARY KEY, article_id BIGINT NOT NULL) "
	"{clustered};"
	"CREATE TABLE paths (path TEXT NOT NULL PRIMARY KEY, article_id BIGINT NOT NULL) "
	"{clustered};"

	"CREATE TABLE keywords ("
	" name TEXT NOT NULL, date BIGINT NOT NULL, article_id BIGINT NOT NULL,"
	" PRIMARY KEY (name, date, article_id)) {clustered};"

	"CREATE TABLE groups ("
	" kind INTEGER NOT NULL, name TEXT NOT NULL, count BIGINT NOT NULL, newest BIGINT NOT NULL,"
	" PRIMARY KEY (kind, name)) {clustered};"

	"CREATE TABLE state (key TEXT NOT NULL PRIMARY KEY, value {blob} NOT NULL) {clustered};"

	"CREATE TABLE search_segments ("
	" id {id}, base BIGINT NOT NULL, span BIGINT NOT NULL, docs BIGINT NOT NULL, level INTEGER "
	"NOT NULL);"
	"CREATE TABLE search_blocks (id {id}, segment BIGINT NOT NULL, first {blob} NOT NULL, data "
	"{blob} NOT NULL);"
	"CREATE UNIQUE INDEX search_blocks_first ON search_blocks (segment, first);"
	"CREATE TABLE search_docs (block {id}, data {blob} NOT NULL);",

	"CREATE TABLE media ("
	" url TEXT NOT NULL PRIMARY KEY, source TEXT NOT NULL, type TEXT NOT NULL, body {blob} NOT "
	"NULL,"
	" bytes BIGINT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, fetched BIGINT "
	"NOT NULL,"
	" next_due BIGINT NOT NULL, tries INTEGER NOT NULL, reason TEXT NOT NULL) {clustered};"
	"CREATE INDEX media_due ON media (next_due);"
	"CREATE INDEX media_body ON media (body);"
	"CREATE TABLE media_wants ("
	" url TEXT NOT NULL, article_id BIGINT NOT NULL, PRIMARY KEY (url, article_id)) "
	"{clustered};",

	"CREATE TABLE looks ("
	" article_id {id}, due BIGINT NOT NULL, step INTEGER NOT NULL, tries INTEGER NOT NULL,"
	" gone_first BIGINT NOT NULL, title_hash BIGINT NOT NULL, text_hash BIGINT NOT NULL, etag "
	"TEXT NOT NULL, last_modified TEXT NOT NULL);"
	"CREATE INDEX looks_due ON looks (due);",

	"ALTER TABLE revisions ADD COLUMN around TEXT NOT NULL DEFAULT '';",

	/* What was noticed before there was a journal is numbered in the order it was. */
	"CREATE TABLE events ("
	" kind INTEGER NOT NULL, number BIGINT NOT NULL, article_id BIGINT NOT NULL, revision "
	"INTEGER NOT NULL,"
	" time BIGINT NOT NULL, PRIMARY KEY (kind, number)) {clustered};"
	"CREATE INDEX events_article ON events (article_id);"
	"INSERT INTO events (kind, number, article_id, revision, time)"
	" SELECT 0, ROW_NUMBER() OVER (ORDER BY seen, id), id >> 16, id & 65535, seen FROM "
	"revisions"
	" WHERE (id & 65535) > 1;"
	"INSERT INTO events (kind, number, article_id, revision, time)"
	" SELECT 1, ROW_NUMBER() OVER (ORDER BY gone, id), id, 0, gone FROM articles"
	" WHERE gone > -9223372036854775807;",

	"ALTER TABLE sources ADD COLUMN topic TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE sources ADD COLUMN push_until BIGINT NOT NULL DEFAULT 0;"
	"CREATE TABLE subscriptions ("
	" token TEXT NOT NULL PRIMARY KEY, source TEXT NOT NULL, hub TEXT NOT NULL, topic TEXT NOT "
	"NULL,"
	" secret TEXT NOT NULL, state INTEGER NOT NULL, lease_until BIGINT NOT NULL, next_due "
	"BIGINT NOT NULL,"
	" tries INTEGER NOT NULL, last_push BIGINT NOT NULL, pushes BIGINT NOT NULL, refused "
	"BIGINT NOT NULL,"
	" reason TEXT NOT NULL) {clustered};",

	"CREATE INDEX events_time ON events (kind, time);",

	"CREATE TABLE furniture ("
	" source TEXT NOT NULL PRIMARY KEY, pages {blob} NOT NULL, entries {blob} NOT NULL) "
	"{clustered};"
	"ALTER TABLE sources ADD COLUMN recent TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE sources ADD COLUMN layout_changed BIGINT NOT NULL DEFAULT 0;"
	"ALTER TABLE looks ADD COLUMN made_with BIGINT NOT NULL DEFAULT 0;",

	"ALTER TABLE looks ADD COLUMN based_on BIGINT NOT NULL DEFAULT 0;",

	"CREATE TABLE search_days (block {id}, data {blob} NOT NULL);",

	"CREATE TABLE search_fallen (doc {id}, revision_id BIGINT NOT NULL, date BIGINT NOT NULL);"
	"CREATE TABLE search_fallen_texts ("
	" doc {id}, title TEXT NOT NULL, text TEXT NOT NULL, summary TEXT NOT NULL, around TEXT "
	"NOT NULL,"
	" language TEXT NOT NULL, sources TEXT NOT NULL, keywords TEXT NOT NULL);",

	0,
};

#endif
