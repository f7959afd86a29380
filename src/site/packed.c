#include "site/packed.h"

#include <assert.h>
#include <libdeflate.h>

#include "base/mem.h"

/* Made once, sent often. Beyond, three times the time takes 1 % off. */
enum { LEVEL = 9 };

struct packer {
	struct libdeflate_compressor *compressor;
	struct buf out;
};

struct packer *packer_new(void)
{
	struct packer *p = mem_alloc(sizeof(*p));

	p->compressor = libdeflate_alloc_compressor(LEVEL);
	/* It fails where there is no memory, which ends the process everywhere else too. */
	assert(p->compressor);
	buf_init(&p->out, BUF_NO_MAX);
	return p;
}

void packer_free(struct packer **pp)
{
	struct packer *p = *pp;

	if (!p)
		return;
	libdeflate_free_compressor(p->compressor);
	buf_fini(&p->out);
	mem_free(p);
	*pp = NULL;
}

struct str packer_pack(struct packer *p, struct str bytes)
{
	buf_reset(&p->out);
	size_t most = libdeflate_gzip_compress_bound(p->compressor, bytes.len);
	char *room = buf_room(&p->out, most);
	size_t len = libdeflate_gzip_compress(p->compressor, bytes.ptr, bytes.len, room, most);
	assert(len);
	return str_n(room, len);
}

bool packed_is_worth(struct str path)
{
	static const struct str endings[] = {
		STR(".html"), STR(".xml"), STR(".css"), STR(".js"),
		STR(".json"), STR(".svg"), STR(".txt"), STR(".webmanifest"),
	};

	/* Of packs pieces are asked for, and those are deflated already. */
	if (str_has_prefix(path, S("/search/g/")))
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_has_suffix(path, endings[i]))
			return true;
	return false;
}
