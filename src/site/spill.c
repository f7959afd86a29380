#include "site/spill.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

struct spill {
	FILE *file;
	off_t len;
};

int spill_new(const char *dir, const char *name, struct spill **out, struct err *err)
{
	int fd = file_nameless(dir, name, err);

	*out = NULL;
	if (fd < 0)
		return err->code;
	FILE *file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		return err_errno(err, ERR_IO, "%s", name);
	}
	*out = mem_alloc(sizeof(**out));
	(*out)->file = file;
	return 0;
}

void spill_free(struct spill **sp)
{
	if (*sp)
		fclose((*sp)->file);
	mem_free(*sp);
	*sp = NULL;
}

int spill_add(struct spill *s, struct str bytes, struct spill_place *out, struct err *err)
{
	*out = (struct spill_place){ s->len, (uint32_t)bytes.len };
	if (fwrite(bytes.ptr, 1, bytes.len, s->file) != bytes.len)
		return err_errno(err, ERR_IO, "what is put aside cannot be written");
	s->len += (off_t)bytes.len;
	return 0;
}

int spill_end(struct spill *s, struct err *err)
{
	if (fflush(s->file) != 0)
		return err_errno(err, ERR_IO, "what is put aside cannot be written");
	return 0;
}

int spill_read(const struct spill *s, struct spill_place place, struct buf *out, struct err *err)
{
	char *room = buf_room(out, place.len);
	size_t done = 0;

	while (room && done < place.len) {
		ssize_t n = pread(fileno(s->file), room + done, place.len - done,
				  place.at + (off_t)done);

		if (n <= 0)
			return err_errno(err, ERR_IO, "what was put aside cannot be read back");
		done += (size_t)n;
	}
	buf_advance(out, done);
	return 0;
}
