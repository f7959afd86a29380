/*
 * config - dibao.conf and sources.conf: one table of options, from which they are parsed, printed
 * and documented.
 *
 * For main and cmd only; a stage gets a small settings struct of its own. Errors name file and line
 * and the nearest right word (ERR_CONFIG). Threads: one load at a time (libconfuse's scanner is one
 * a process). Limits: CONFIG_MAX_BYTES a file.
 */
#ifndef DIBAO_CONFIG_H
#define DIBAO_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model.h"

enum { CONFIG_MAX_BYTES = 16 << 20, CONFIG_MAX_KEY = 40 };

struct config {
	/* the mirror */
	struct str title, subtitle, language, base_url, author;
	struct str theme; /* directory of the theme; a path inside the mirror, as written */
	struct str store,
		blobs;       /* as written: "archive.db", "blobs"; cmd_path makes paths of them */
	struct str comments; /* HTML snippet, or "" */
	int zone_min;
	bool noindex;
	bool gzip, offline, site_search;
	/* fetching */
	struct str user_agent, contact, proxy;
	int max_connections, max_per_host, timeout_ms;
	int64_t host_gap_ms, max_feed_bytes, max_page_bytes, max_picture_bytes;
	bool pictures; /* keep those that articles show */
	bool allow_private, ignore_robots, search_index;
	/* serving */
	struct str listen;
	struct str hub_callback; /* ends with a slash, or is empty */
	/* sources.conf */
	struct source *sources;
	size_t source_count;
};

/* Reads DIR/dibao.conf and DIR/sources.conf; strings in a. ERR_NOTFOUND: no mirror there. */
int config_load(struct arena *a, const char *dir, struct config *out, struct err *err);

/* The text of a new dibao.conf and sources.conf: every option with its default and help, commented
 * out. */
void config_print_default(struct buf *out);
void config_print_default_sources(struct buf *out);
/* mdoc for dibao.conf(5): the options of dibao.conf, then those of sources.conf. */
void config_print_manual(struct buf *out);
void config_print_manual_sources(struct buf *out);

/* Sets an option that stands in DIR/dibao.conf as init wrote it, commented out: 1 where it did, 0
 * where it was set. */
int config_set_unset(const char *dir, const char *name, struct str value, struct err *err);
/* `name = "value"`, escaped, without a newline. */
void config_print_text(struct buf *out, const char *name, struct str value);
/* One `source "key" { ... }` section, as add appends it. */
void config_print_source(struct buf *out, const struct source *s);
/* Appends sections to DIR/sources.conf, durably. */
int config_append_sources(const char *dir, const struct source *sources, size_t count,
			  struct err *err);

const struct source *config_source(const struct config *c, struct str key); /* or NULL */

#endif
