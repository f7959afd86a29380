/*
 * config_table - the options of dibao.conf and sources.conf: what they are called, what they may be
 * and what they mean. For config.c, which parses, prints and documents by walking them.
 */
#ifndef DIBAO_CONFIG_TABLE_H
#define DIBAO_CONFIG_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"

enum option_type { TEXT, BOOL, COUNT, DURATION, SIZE, ZONE, WEB, LANGUAGE, KIND, SELECTORS };

struct option {
	const char *name;
	enum option_type type;
	size_t offset, size; /* of its field in struct config or struct source */
	const char *value;   /* default, as it would be written */
	int64_t min, max;    /* in the field's unit */
	const char *help;    /* sentences, each with its stop */
};

#define IN(type, field) offsetof(struct type, field), sizeof(((struct type *)0)->field)

/* A row without a type's field opens a group of the ones behind it. */
static const struct option mirror_options[] = {
	{ "The mirror", 0, 0, 0, NULL, 0, 0, NULL },
	{ "title", TEXT, IN(config, title), "News mirror", 0, 0, "What the site is called." },
	{ "subtitle", TEXT, IN(config, subtitle), "", 0, 0, "One line under the title." },
	{ "author", TEXT, IN(config, author), "", 0, 0,
	  "Who keeps the mirror; stands in its feeds and in the foot of its pages." },
	{ "language", LANGUAGE, IN(config, language), "en", 0, 0,
	  "Language of the site's own words, as a BCP 47 tag: en, zh-Hant-TW, ja, ko. Articles "
	  "state "
	  "their own." },
	{ "base_url", WEB, IN(config, base_url), "", 0, 0,
	  "Where the site will stand: https://example.org/news/. Empty: addresses stay relative, "
	  "and the site can be "
	  "moved or read from a disk; feeds and the sitemap want it." },
	{ "zone", ZONE, IN(config, zone_min), "+00:00", 0, 0,
	  "Zone of the dates on list pages, and of sources that state none." },
	{ "theme", TEXT, IN(config, theme), "theme", 0, 0,
	  "Directory whose files stand before those of the built-in theme. A path without a "
	  "leading slash starts in "
	  "the mirror, here as below." },
	{ "comments", TEXT, IN(config, comments), "", 0, 0,
	  "HTML put under each article, for isso, giscus or another provider of comments. It is "
	  "not sanitized. "
	  "Empty: no comments." },
	{ "site_search", BOOL, IN(config, site_search), "true", 0, 0,
	  "Write a search index beside the pages: they are searched in the browser, without a "
	  "server." },
	{ "noindex", BOOL, IN(config, noindex), "false", 0, 0,
	  "Ask search engines to leave the site out." },
	{ "gzip", BOOL, IN(config, gzip), "false", 0, 0,
	  "Write a compressed copy beside each file of the site that is text: index.html.gz. "
	  "Hosts that know them (nginx: gzip_static) then need not compress." },
	{ "offline", BOOL, IN(config, offline), "false", 0, 0,
	  "Let browsers keep the pages that were read, for when there is no network: a service "
	  "worker, and a page that says so. It works over https only." },

	{ "Storage", 0, 0, 0, NULL, 0, 0, NULL },
	{ "store", TEXT, IN(config, store), "archive.db", 0, 0, "The database of articles." },
	{ "blobs", TEXT, IN(config, blobs), "blobs", 0, 0, "Directory of the captured bytes." },
	{ "search_index", BOOL, IN(config, search_index), "true", 0, 0,
	  "Keep the full-text index up while articles are stored." },

	{ "Fetching", 0, 0, 0, NULL, 0, 0, NULL },
	{ "user_agent", TEXT, IN(config, user_agent), "", 0, 0,
	  "How dibao names itself to publishers. Empty: dibao, its version, and contact." },
	{ "contact", TEXT, IN(config, contact), "", 0, 0,
	  "Address of a person or a page, sent along so that a publisher can write to you." },
	{ "proxy", TEXT, IN(config, proxy), "", 0, 0,
	  "Fetch through this proxy: http://host:port, socks5h://127.0.0.1:9050 for Tor. Empty: "
	  "directly." },
	{ "max_connections", COUNT, IN(config, max_connections), "64", 1, 4096,
	  "Transfers at a time." },
	{ "max_per_host", COUNT, IN(config, max_per_host), "2", 1, 64,
	  "Transfers at a time from one host." },
	{ "host_gap", DURATION, IN(config, host_gap_ms), "1s", 0, 3600000,
	  "Pause between two requests to one host." },
	{ "timeout", DURATION, IN(config, timeout_ms), "30s", 100, 3600000,
	  "Longest time one fetch may take." },
	{ "max_feed", SIZE, IN(config, max_feed_bytes), "16MiB", 1024, 1 << 30, "Largest feed." },
	{ "pictures", BOOL, IN(config, pictures), "true", 0, 0,
	  "Keep the pictures that articles show, so that the site's pages ask no other host for "
	  "them." },
	{ "max_picture", SIZE, IN(config, max_picture_bytes), "5MiB", 1024, 1 << 30,
	  "Largest picture that is kept." },
	{ "max_page", SIZE, IN(config, max_page_bytes), "8MiB", 1024, 1 << 30, "Largest page." },
	{ "allow_private", BOOL, IN(config, allow_private), "false", 0, 0,
	  "Allow every source, and every address a source names, to lead to loopback and private "
	  "networks. "
	  "Better allowed for the one source that needs it, in sources.conf." },
	{ "ignore_robots", BOOL, IN(config, ignore_robots), "false", 0, 0,
	  "Fetch what a host's robots.txt asks robots to leave." },

	{ "Serving", 0, 0, 0, NULL, 0, 0, NULL },
	{ "listen", TEXT, IN(config, listen), "127.0.0.1:8080", 0, 0,
	  "Address and port of serve. An empty address is every address of the machine." },
	{ "hub_callback", WEB, IN(config, hub_callback), "", 0, 0,
	  "Where hubs reach this server from outside: https://example.org/. With it, run "
	  "subscribes "
	  "where a feed names a WebSub hub, and takes what the hub pushes below websub/ there; "
	  "empty: "
	  "feeds are polled only." },
	{ 0 },
};

static const struct option source_options[] = {
	{ "url", WEB, IN(source, url), NULL, 0, 0,
	  "What is fetched: the address of the feed or page. Required." },
	{ "name", TEXT, IN(source, name), "", 0, 0, "As readers see it. Empty: the key." },
	{ "category", TEXT, IN(source, category), "", 0, 0,
	  "Where its articles stand on the site. Empty: the name." },
	{ "home", WEB, IN(source, home_url), "", 0, 0, "The publisher's own page." },
	{ "kind", KIND, IN(source, kind), "feed", 0, 0,
	  "feed, or page for a page without a feed that is watched itself." },
	{ "full_text", BOOL, IN(source, full_text), "true", 0, 0,
	  "Fetch the article's page where the feed has no full text." },
	{ "look_again", BOOL, IN(source, look_again), "true", 0, 0,
	  "Look at its articles again, an hour to a month after publication, for edits and "
	  "deletions." },
	{ "every", DURATION, IN(source, every_ms), "0s", 0, INT64_C(31536000000),
	  "How often it is looked at. 0s: by how often it publishes." },
	{ "zone", ZONE, IN(source, zone_min), "", 0, 0,
	  "Zone of its dates where they state none. Empty: the mirror's." },
	{ "keep", SELECTORS, IN(source, keep), NULL, 0, 0,
	  "CSS selectors of what is the article on its pages, where dibao by itself takes too "
	  "little." },
	{ "drop", SELECTORS, IN(source, drop), NULL, 0, 0,
	  "CSS selectors of what is not the article, where dibao by itself takes too much." },
	{ "ignore_robots", TEXT, IN(source, ignore_robots), "", 0, 0,
	  "Why its robots.txt is not obeyed: \"the publisher agreed on 1 March\". Empty: it is." },
	{ "allow_private", BOOL, IN(source, allow_private), "false", 0, 0,
	  "Allow this source, and what it names, to lead to loopback and private networks." },
	{ 0 },
};

#endif
