/*
 * The strict tokenizer. expat is handed the document slice by slice and stopped at the end of every
 * entry, so that an entry is built in the arena of the call that returns it. A slice grows while
 * one token does not end, for expat looks at an unfinished token from its beginning each time; a
 * token past TOKEN_MAX goes to the liberal tokenizer.
 */
#include <string.h>

#include "feed/private.h"

enum { SLICE = 16 << 10, TOKEN_MAX = 4 << 20, BOMB_START = 1 << 20 };
static const float bomb_factor = 20;

static void remember(struct feed *f)
{
	f->checkpoint =
		(size_t)(XML_GetCurrentByteIndex(f->expat) + XML_GetCurrentByteCount(f->expat));
	f->checkpoint_depth = f->depth;
	f->checkpoint_names = f->names.len;
	f->checkpoint_bindings = f->binding_count;
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **pairs)
{
	struct xml_attr attrs[FEED_MAX_ATTRS];
	struct feed *f = user;
	size_t n = 0;

	f->events++;
	if (f->entry && !f->collect_depth && feed_begins_entry(f, str_of(name))) {
		/* an entry inside an entry: the outer one was never closed */
		f->expat_failed = true;
		XML_StopParser(f->expat, XML_FALSE);
		return;
	}
	for (; n < FEED_MAX_ATTRS && pairs[2 * n]; n++)
		attrs[n] = (struct xml_attr){ str_of(pairs[2 * n]), str_of(pairs[2 * n + 1]) };
	feed_on_start(f, str_of(name), attrs, n);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	struct feed *f = user;

	(void)name; /* expat has checked that it is the innermost's */
	f->events++;
	feed_on_end_innermost(f);
	if (f->entry_done) {
		remember(f);
		XML_StopParser(f->expat, XML_TRUE);
	}
}

static void XMLCALL on_text(void *user, const XML_Char *ptr, int len)
{
	struct feed *f = user;

	f->events++;
	feed_on_text(f, ptr, (size_t)len);
}

/* An entity that an external subset may declare, which is never read: HTML's names are known all
 * the same. */
static void XMLCALL on_skipped(void *user, const XML_Char *name, int is_parameter)
{
	struct feed *f = user;
	struct arena a;

	if (is_parameter || strlen(name) > 32)
		return;
	arena_init(&a);
	struct str ref = arena_strf(&a, "&%s;", name), text = feed_reference(&a, ref);
	if (!str_eq(ref, text))
		feed_on_text(f, text.ptr, text.len);
	arena_fini(&a);
}

static void start(struct feed *f)
{
	f->expat = XML_ParserCreate("UTF-8");
	f->slice = SLICE;
	XML_SetUserData(f->expat, f);
	XML_SetElementHandler(f->expat, on_start, on_end);
	XML_SetCharacterDataHandler(f->expat, on_text);
	XML_SetSkippedEntityHandler(f->expat, on_skipped);
	XML_SetParamEntityParsing(f->expat, XML_PARAM_ENTITY_PARSING_NEVER);
	XML_SetBillionLaughsAttackProtectionMaximumAmplification(f->expat, bomb_factor);
	XML_SetBillionLaughsAttackProtectionActivationThreshold(f->expat, BOMB_START);
}

static enum XML_Status feed_slice(struct feed *f)
{
	size_t left = f->root.len - f->fed, take = left < f->slice ? left : f->slice;
	const char *at = f->root.ptr + f->fed;
	enum XML_Status status;

	f->events = 0;
	f->fed += take;
	status = XML_Parse(f->expat, at, (int)take, take == left);
	if (take == left && status == XML_STATUS_OK)
		f->expat_done = true;
	return status;
}

int feed_expat_next(struct feed *f)
{
	XML_ParsingStatus now;
	enum XML_Status status;

	if (!f->expat)
		start(f);
	for (;;) {
		XML_GetParsingStatus(f->expat, &now);
		if (now.parsing == XML_SUSPENDED) {
			status = XML_ResumeParser(f->expat);
			if (status == XML_STATUS_OK && now.finalBuffer)
				f->expat_done = true;
		} else if (f->expat_done) {
			return 0;
		} else {
			status = feed_slice(f);
			f->quiet = f->events ? 0 : f->quiet + f->slice;
			f->slice = f->events ? SLICE : f->slice * 2;
		}
		if (status == XML_STATUS_ERROR || f->quiet > TOKEN_MAX)
			return -1;
		if (f->entry_done)
			return 1;
	}
}

void feed_expat_free(struct feed *f)
{
	if (f->expat)
		XML_ParserFree(f->expat);
	f->expat = NULL;
}
