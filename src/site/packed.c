#include "site/packed.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

enum { LEVEL = 9, GZIP_WINDOW = 15 + 16 }; /* made once, sent often */

struct packer {
	z_stream z;
	struct buf out;
};

struct packer *packer_new(void)
{
	struct packer *p = mem_alloc(sizeof(*p));
	int r = deflateInit2(&p->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY);

	/* It fails where there is no memory, which ends the process everywhere else too. */
	assert(r == Z_OK);
	(void)r;
	buf_init(&p->out, BUF_NO_MAX);
	return p;
}

void packer_free(struct packer **pp)
{
	struct packer *p = *pp;

	if (!p)
		return;
	deflateEnd(&p->z);
	buf_fini(&p->out);
	mem_free(p);
	*pp = NULL;
}

struct str packer_pack(struct packer *p, struct str bytes)
{
	buf_reset(&p->out);
	deflateReset(&p->z);
	assert(bytes.len < UINT_MAX / 2);
	size_t most = deflateBound(&p->z, (uLong)bytes.len);
	char *room = buf_room(&p->out, most);
	p->z.next_in = (Bytef *)(uintptr_t)bytes.ptr;
	p->z.avail_in = (uInt)bytes.len;
	p->z.next_out = (Bytef *)room;
	p->z.avail_out = (uInt)most;
	int r = deflate(&p->z, Z_FINISH);
	assert(r == Z_STREAM_END);
	(void)r;
	return str_n(room, most - p->z.avail_out);
}

bool packed_is_worth(struct str path)
{
	static const struct str endings[] = {
		STR(".html"), STR(".xml"), STR(".css"), STR(".js"),
		STR(".json"), STR(".svg"), STR(".txt"), STR(".webmanifest"),
	};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_has_suffix(path, endings[i]))
			return true;
	return false;
}
