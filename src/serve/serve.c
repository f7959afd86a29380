/*
 * Requests are answered by a few threads, each with a store and a site of its own, taken from a
 * pool as long as a page is made. No path is ever opened as a file: it is looked up in the store
 * and in the theme.
 */
#include "serve/serve.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/log.h"
#include "base/mem.h"
#include "serve/private.h"
#include "text/url.h"

enum {
	CONNECTIONS_MAX = 512,
	IDLE_SECONDS = 30,
	PAGE_BYTES_MAX = 64 << 20,
	POSTINGS_MAX = 8,
	DRAIN_MS = 1000
};

/* What makes a page: belongs to one request at a time. */
struct renderer {
	struct store *store;
	struct site *site;
	struct arena arena;
	struct renderer *next;
};

struct serve {
	struct serve_options opt;
	struct arena arena; /* of the options' strings */
	struct MHD_Daemon *daemon;
	struct str base_path;
	int port;
	atomic_int postings;   /* under way */
	pthread_mutex_t mutex; /* of `idle` */
	struct renderer *idle;
};

static void renderer_free(struct renderer *r)
{
	site_close(&r->site);
	store_close(&r->store);
	arena_fini(&r->arena);
	mem_free(r);
}

static struct renderer *renderer_take(struct serve *s, struct err *err)
{
	struct renderer *r;

	pthread_mutex_lock(&s->mutex);
	r = s->idle;
	if (r)
		s->idle = r->next;
	pthread_mutex_unlock(&s->mutex);
	if (r)
		return r;
	r = mem_alloc(sizeof(*r));
	arena_init(&r->arena);
	if (store_open(&s->opt.store, &r->store, err) < 0 ||
	    site_open(&s->opt.site, r->store, &r->site, err) < 0) {
		renderer_free(r);
		return NULL;
	}
	return r;
}

static void renderer_give(struct serve *s, struct renderer *r)
{
	arena_reset(&r->arena);
	pthread_mutex_lock(&s->mutex);
	r->next = s->idle;
	s->idle = r;
	pthread_mutex_unlock(&s->mutex);
}

/* --- a request
 * ------------------------------------------------------------------------------------ */

static struct str header(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

static struct str argument(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name));
}

/* The site may be asked for below its base path too, as by a proxy that passes paths on whole. */
static struct str site_path(const struct serve *s, struct str path)
{
	if (s->base_path.len > 1 && str_has_prefix(path, s->base_path))
		return str_from(path, s->base_path.len - 1);
	return path;
}

/* "/a" where the site has "/a/": old links leave the slash out. */
static bool is_folder(struct renderer *r, struct str path, struct buf *scratch)
{
	struct site_page page;
	struct err none;
	size_t slash = str_rfind_ch(path, '/');

	if (slash == STR_NONE || slash + 1 == path.len ||
	    str_find_ch(str_from(path, slash), '.') != STR_NONE)
		return false;
	bool there = site_render(r->site, &r->arena, arena_strf(&r->arena, "%.*s/", STR_FMT(path)),
				 scratch, &page, &none) == 0;
	buf_reset(scratch);
	return there;
}

/* Relative to the address asked for, so that it holds behind a proxy too; "./" keeps a ":" from
 * being a scheme. */
static const char *folder_name(struct renderer *r, struct str path)
{
	struct str last = str_from(path, str_rfind_ch(path, '/') + 1);

	return arena_strf(&r->arena, "./%.*s/", STR_FMT(url_escape(&r->arena, last))).ptr;
}

static int render(struct serve *s, struct renderer *r, struct MHD_Connection *c, struct str path,
		  struct answer *a, struct err *err)
{
	struct site_page page = { 0 };
	int64_t number = 1;
	int rc;

	path = site_path(s, path);
	a->status = MHD_HTTP_OK;
	a->modified = TIME_UNSTATED;
	a->foreign = s->opt.site.comments.len > 0;
	struct str query = str_trim(argument(c, "q"));
	/* Links made for plain files (forms elsewhere, a browser's search engine) name the page. */
	if (str_eq(path, S("/search")) || (query.len && str_eq(path, S("/search.html")))) {
		str_to_i64(argument(c, "page"), 1, 1000, &number);
		a->type = S("text/html; charset=utf-8");
		a->cache = "no-cache";
		return site_render_search(r->site, &r->arena, str_sub(query, 0, 1000), number,
					  &a->body, err);
	}
	rc = site_render(r->site, &r->arena, path, &a->body, &page, err);
	if (rc == ERR_NOTFOUND && is_folder(r, path, &a->body)) {
		a->location = folder_name(r, path);
		return 0;
	}
	if (rc == ERR_NOTFOUND || str_eq(path, S("/404.html"))) {
		a->status = MHD_HTTP_NOT_FOUND;
		if (rc == ERR_NOTFOUND) {
			buf_reset(&a->body);
			rc = site_render(r->site, &r->arena, S("/404.html"), &a->body, &page, err);
		}
	}
	a->type = page.content_type;
	a->modified = a->status == MHD_HTTP_OK ? page.modified : TIME_UNSTATED;
	/* A picture is named by its bytes: what has that name never changes. */
	a->cache = a->status != MHD_HTTP_OK             ? "no-cache"
		   : str_has_prefix(path, S("/media/")) ? "public, max-age=31536000, immutable"
		   : str_has_prefix(a->type, S("text/html")) || str_contains(a->type, S("xml;"))
			   ? "public, max-age=60"
			   : "public, max-age=3600";
	return rc;
}

static enum MHD_Result send_plain(struct MHD_Connection *c, unsigned status, const char *text,
				  const char *name, const char *value)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
	if (name)
		MHD_add_response_header(r, name, value);
	enum MHD_Result done = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return done;
}

static enum MHD_Result send_answer(struct MHD_Connection *c, struct answer *a)
{
	size_t len = a->len;
	struct MHD_Response *r;

	if (a->from > 0) {
		buf_str(&a->body);
		memmove(a->body.ptr, a->body.ptr + a->from, len);
	}
	buf_truncate(&a->body, len);
	buf_cstr(&a->body); /* never NULL */
	char *bytes = buf_take(&a->body, &len);
	r = MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
	for (size_t i = 0; i < a->header_count; i++)
		MHD_add_response_header(r, a->headers[i].name, a->headers[i].value);
	enum MHD_Result done = MHD_queue_response(c, a->status, r);
	MHD_destroy_response(r);
	return done;
}

/* What whoever runs the server answers himself. */
static bool answer_extra(struct serve *s, struct MHD_Connection *c, const char *url,
			 enum MHD_Result *done)
{
	const char *type = "text/plain; charset=utf-8";
	int status = MHD_HTTP_OK;
	struct buf body;
	size_t len;

	if (!s->opt.extra)
		return false;
	buf_init(&body, PAGE_BYTES_MAX);
	if (!s->opt.extra(s->opt.extra_arg, str_of(url), &body, &type, &status)) {
		buf_fini(&body);
		return false;
	}
	char *bytes = buf_take(&body, &len);
	struct MHD_Response *r = MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type", type);
	MHD_add_response_header(r, "Cache-Control", "no-store");
	*done = MHD_queue_response(c, (unsigned)status, r);
	MHD_destroy_response(r);
	return true;
}

/* --- hooks ------------------------------------------------------------------------------------ */

/* A body on its way to a hook; few at a time, for each may be large. */
struct posting {
	struct serve *serve;
	struct buf body;
	int refused; /* status, or 0 */
};

struct str serve_header(const struct serve_call *call, const char *name)
{
	return header(call->connection, name);
}

struct str serve_argument(const struct serve_call *call, const char *name)
{
	return argument(call->connection, name);
}

/* True, and the name, where the path's last folder is the hook's: proxies may put others before. */
static bool is_hooked(const struct serve *s, struct str path, struct str *name)
{
	size_t slash = str_rfind_ch(path, '/');

	if (!s->opt.hook.take || slash == STR_NONE)
		return false;
	*name = str_from(path, slash + 1);
	return name->len > 0 && str_has_suffix(str_sub(path, 0, slash + 1), s->opt.hook.folder);
}

static struct posting *posting_new(struct serve *s, struct MHD_Connection *c, struct str name)
{
	struct posting *p = mem_alloc(sizeof(*p));
	struct str coding = header(c, "Content-Encoding");
	int64_t length = 0;

	p->serve = s;
	buf_init(&p->body, s->opt.hook.max_body);
	p->refused = s->opt.hook.expect(s->opt.hook.arg, name);
	if (!p->refused && str_to_i64(header(c, "Content-Length"), 0, INT64_MAX, &length) &&
	    (uint64_t)length > s->opt.hook.max_body)
		p->refused = MHD_HTTP_CONTENT_TOO_LARGE;
	if (!p->refused && coding.len && !str_eq_nocase(coding, S("identity")))
		p->refused = MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
	if (atomic_fetch_add(&s->postings, 1) >= POSTINGS_MAX && !p->refused)
		p->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
	return p;
}

static void posting_free(struct posting *p)
{
	atomic_fetch_sub(&p->serve->postings, 1);
	buf_fini(&p->body);
	mem_free(p);
}

static void posting_add(struct posting *p, const char *bytes, size_t len)
{
	if (p->refused)
		return;
	buf_add_n(&p->body, bytes, len);
	if (!p->body.dropped)
		return;
	p->refused = MHD_HTTP_CONTENT_TOO_LARGE;
	buf_reset(&p->body);
}

static enum MHD_Result send_text(struct MHD_Connection *c, int status, struct buf *text)
{
	size_t len;

	buf_cstr(text); /* never NULL */
	char *bytes = buf_take(text, &len);
	struct MHD_Response *r = MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(r, "Cache-Control", "no-store");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(r, "Retry-After", "60");
	enum MHD_Result done = MHD_queue_response(c, (unsigned)status, r);
	MHD_destroy_response(r);
	return done;
}

/* `p` NULL: a GET. */
static enum MHD_Result answer_hooked(struct serve *s, struct MHD_Connection *c, struct str name,
				     struct posting *p)
{
	struct serve_call call = {
		.name = name,
		.post = p != NULL,
		.content_type = header(c, "Content-Type"),
		.connection = c,
	};
	struct buf text;
	int status = p ? p->refused : 0;

	buf_init(&text, PAGE_BYTES_MAX);
	if (p)
		call.body = buf_str(&p->body);
	if (!status)
		status = s->opt.hook.take(s->opt.hook.arg, &call, &text);
	return send_text(c, status, &text);
}

static enum MHD_Result answer_request(struct serve *s, struct MHD_Connection *c, const char *url,
				      bool head)
{
	struct err err;
	struct answer a = { 0 };
	enum MHD_Result done;

	if (answer_extra(s, c, url, &done))
		return done;
	struct renderer *r = renderer_take(s, &err);
	int rc = r ? 0 : err.code;

	buf_init(&a.body, PAGE_BYTES_MAX);
	if (r) {
		rc = render(s, r, c, str_of(url), &a, &err);
		if (rc >= 0 && !a.location) {
			struct request_headers h = {
				.if_none_match = header(c, "If-None-Match"),
				.if_modified_since = header(c, "If-Modified-Since"),
				.range = header(c, "Range"),
				.if_range = header(c, "If-Range"),
				.accept_encoding = header(c, "Accept-Encoding"),
				.head = head,
			};
			answer_finish(&a, &h);
		}
	}
	if (rc < 0) {
		log_line(LOG_ERROR, "%s: %s", url, err.msg);
		done = send_plain(c, MHD_HTTP_INTERNAL_SERVER_ERROR,
				  "This page could not be made.\n", NULL, NULL);
	} else if (a.location) {
		done = send_plain(c, MHD_HTTP_MOVED_PERMANENTLY,
				  "This page has a slash behind its name.\n", "Location",
				  a.location);
	} else {
		done = send_answer(c, &a);
	}
	if (r)
		renderer_give(s, r);
	buf_fini(&a.body);
	return done;
}

static const char not_posted = 0; /* the state of a request that has no body for us */

static void on_completed(void *arg, struct MHD_Connection *c, void **state,
			 enum MHD_RequestTerminationCode how)
{
	(void)arg;
	(void)c;
	(void)how;
	if (*state && *state != (const void *)&not_posted)
		posting_free(*state);
	*state = NULL;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	bool head = strcmp(method, "HEAD") == 0;
	struct serve *s = arg;
	struct str name;
	bool hooked = is_hooked(s, str_of(url), &name);

	(void)version;
	if (!*state) { /* only the head of the request is here yet */
		*state = hooked && strcmp(method, "POST") == 0 ? (void *)posting_new(s, c, name)
							       : (void *)(uintptr_t)&not_posted;
		return MHD_YES;
	}
	struct posting *p = *state == (const void *)&not_posted ? NULL : *state;
	if (*upload_size) {
		if (p)
			posting_add(p, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (p || (hooked && strcmp(method, "GET") == 0))
		return answer_hooked(s, c, name, p);
	if (!head && strcmp(method, "GET") != 0)
		return send_plain(c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET and HEAD only.\n", "Allow",
				  "GET, HEAD");
	return answer_request(s, c, url, head);
}

/* --- opening
 * -------------------------------------------------------------------------------------- */

/* "ADDR:PORT", "[ADDR]:PORT", ":PORT" */
static int split_listen(struct arena *a, struct str listen, char **host, char **port,
			struct err *err)
{
	size_t colon = str_rfind_ch(listen, ':');
	int64_t number;

	if (colon == STR_NONE || !str_to_i64(str_from(listen, colon + 1), 0, 65535, &number))
		return err_set(err, ERR_CONFIG, "no ADDR:PORT to listen on: %.*s", STR_FMT(listen));
	struct str name = str_sub(listen, 0, colon);
	if (name.len > 1 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']')
		name = str_sub(name, 1, name.len - 1);
	else if (str_find_ch(name, ':') != STR_NONE)
		return err_set(err, ERR_CONFIG, "an IPv6 address stands in brackets: [%.*s]",
			       STR_FMT(name));
	*host = arena_cstr(a, name);
	*port = arena_cstr(a, str_from(listen, colon + 1));
	return 0;
}

static int port_of(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return 0;
	return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
					      : ((struct sockaddr_in *)&at)->sin_port);
}

static int listen_on(struct serve *s, int *out, struct err *err)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
				  .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE },
			*found;
	char *host = NULL, *port = NULL;
	int one = 1;

	if (split_listen(&s->arena, str_of(s->opt.listen), &host, &port, err) < 0)
		return err->code;
	int rc = getaddrinfo(*host ? host : "0.0.0.0", port, &hints, &found);
	if (rc != 0)
		return err_set(err, ERR_CONFIG, "%s: %s", s->opt.listen, gai_strerror(rc));
	int fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 128) != 0) {
		err_errno(err, ERR_IO, "%s", s->opt.listen);
		if (fd >= 0)
			close(fd);
		freeaddrinfo(found);
		return err->code;
	}
	freeaddrinfo(found);
	*out = fd;
	return 0;
}

static struct str keep(struct serve *s, struct str text)
{
	return arena_str(&s->arena, text);
}

static void copy_options(struct serve *s, const struct serve_options *opt)
{
	struct site_options *o = &s->opt.site;
	struct url base;
	struct err err;

	s->opt = *opt;
	s->opt.listen = keep(s, str_of(opt->listen)).ptr;
	s->opt.store.where = keep(s, str_of(opt->store.where)).ptr;
	s->opt.store.write = false;
	s->opt.hook.folder = keep(s, s->opt.hook.folder);
	o->title = keep(s, o->title);
	o->subtitle = keep(s, o->subtitle);
	o->language = keep(s, o->language);
	o->author = keep(s, o->author);
	o->base_url = keep(s, o->base_url);
	o->theme_dir = keep(s, o->theme_dir);
	o->comments = keep(s, o->comments);
	if (o->blobs)
		o->blobs = keep(s, str_of(o->blobs)).ptr;
	o->live = true;
	if (url_parse(&s->arena, o->base_url, &base, &err) == 0) {
		s->base_path = base.path;
		if (base.path.len && base.path.ptr[base.path.len - 1] != '/')
			s->base_path = arena_strf(&s->arena, "%.*s/", STR_FMT(base.path));
	}
}

/* `fd`: the socket to listen on, or -1. */
static int open_on(const struct serve_options *opt, int fd, struct serve **out, struct err *err)
{
	struct serve *s = mem_alloc(sizeof(*s));
	struct renderer *first;

	*out = NULL;
	arena_init(&s->arena);
	pthread_mutex_init(&s->mutex, NULL);
	copy_options(s, opt);
	/* One is made now, so that a wrong theme or a missing store is told at once. */
	first = renderer_take(s, err);
	if (first)
		renderer_give(s, first);
	if (!first || (fd < 0 && listen_on(s, &fd, err) < 0)) {
		if (fd >= 0)
			close(fd);
		serve_close(&s);
		return err->code;
	}
	s->port = port_of(fd);
	s->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, on_request, s,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
		(unsigned)(opt->threads > 1 ? opt->threads : 2), MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	if (!s->daemon) {
		close(fd);
		serve_close(&s);
		return err_set(err, ERR_IO, "%s: the server could not be started", opt->listen);
	}
	*out = s;
	return 0;
}

int serve_open(const struct serve_options *opt, struct serve **out, struct err *err)
{
	return open_on(opt, -1, out, err);
}

/* Lets those who are being answered go; who only keeps a connection open is not waited for long. */
static void drain(struct serve *s)
{
	const struct timespec step = { 0, 10 * 1000000 };
	int64_t until = clock_mono_ms() + DRAIN_MS;

	while (clock_mono_ms() < until) {
		const union MHD_DaemonInfo *info =
			MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

		if (!info || info->num_connections == 0)
			return;
		nanosleep(&step, NULL);
	}
}

int serve_reopen(const struct serve_options *opt, struct serve **sp, struct err *err)
{
	struct serve *old = *sp, *s = NULL;
	int fd = -1;

	/* The socket lives on: what connects now waits in its queue for the new threads. */
	if (old && strcmp(old->opt.listen, opt->listen) == 0)
		fd = MHD_quiesce_daemon(old->daemon);
	if (fd < 0)
		serve_close(&old);
	int rc = open_on(opt, fd, &s, err);
	if (old)
		drain(old);
	serve_close(&old);
	*sp = s;
	return rc;
}

int serve_port(const struct serve *s)
{
	return s->port;
}

/* Requests being answered are answered: MHD waits for its threads. */
void serve_close(struct serve **sp)
{
	struct serve *s = *sp;

	if (!s)
		return;
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	while (s->idle) {
		struct renderer *r = s->idle;

		s->idle = r->next;
		renderer_free(r);
	}
	pthread_mutex_destroy(&s->mutex);
	arena_fini(&s->arena);
	mem_free(s);
	*sp = NULL;
}
