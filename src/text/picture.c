/*
 * Sizes are read where each format has them: PNG (ISO/IEC 15948, 11.2.2), GIF89a (section 18), JPEG
 * (ITU-T T.81, B.2.2: the frame header behind any number of other segments), WebP (RFC 9649, 2.5
 * to 2.7), AVIF (the 'ispe' property of ISO/IEC 23008-12, 6.5.3, wherever it stands in the first
 * bytes).
 */
#include "text/picture.h"

#include <stdint.h>

enum { MAX_SIDE = 1 << 16, ISPE_WITHIN = 4096 };

static uint32_t big(struct str s, size_t at, int bytes)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n = n << 8 | (at + (size_t)i < s.len ? (unsigned char)s.ptr[at + (size_t)i] : 0);
	return n;
}

static uint32_t little(struct str s, size_t at, int bytes)
{
	uint32_t n = 0;

	for (int i = bytes - 1; i >= 0; i--)
		n = n << 8 | (at + (size_t)i < s.len ? (unsigned char)s.ptr[at + (size_t)i] : 0);
	return n;
}

static void set_size(struct picture *p, uint32_t width, uint32_t height)
{
	if (width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE)
		return;
	p->width = (int)width;
	p->height = (int)height;
}

static void png_size(struct str s, struct picture *p)
{
	set_size(p, big(s, 16, 4), big(s, 20, 4));
}

static void gif_size(struct str s, struct picture *p)
{
	set_size(p, little(s, 6, 2), little(s, 8, 2));
}

static void jpeg_size(struct str s, struct picture *p)
{
	size_t at = 2;

	while (at + 9 < s.len) {
		if ((unsigned char)s.ptr[at] != 0xFF)
			return;
		unsigned marker = (unsigned char)s.ptr[at + 1];

		if (marker == 0xFF) { /* a fill byte */
			at++;
			continue;
		}
		/* SOF0 to SOF15, but DHT, JPG and DAC */
		if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
		    marker != 0xCC) {
			set_size(p, big(s, at + 7, 2), big(s, at + 5, 2));
			return;
		}
		if (marker == 0xD9 || marker == 0xDA)
			return;
		bool alone = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);
		at += alone ? 2 : 2 + (size_t)big(s, at + 2, 2);
	}
}

static void webp_size(struct str s, struct picture *p)
{
	struct str chunk = str_sub(s, 12, 16);

	if (str_eq(chunk, S("VP8X")))
		set_size(p, little(s, 24, 3) + 1, little(s, 27, 3) + 1);
	else if (str_eq(chunk, S("VP8L")))
		set_size(p, (little(s, 21, 4) & 0x3FFF) + 1, (little(s, 21, 4) >> 14 & 0x3FFF) + 1);
	else if (str_eq(chunk, S("VP8 ")))
		set_size(p, little(s, 26, 2) & 0x3FFF, little(s, 28, 2) & 0x3FFF);
}

static void avif_size(struct str s, struct picture *p)
{
	size_t at = str_find(str_sub(s, 0, ISPE_WITHIN), S("ispe"));

	if (at != STR_NONE)
		set_size(p, big(s, at + 8, 4), big(s, at + 12, 4));
}

static const struct {
	size_t at;
	struct str magic;
	const char *type, *extension;
	void (*size)(struct str s, struct picture *p);
} kinds[] = {
	{ 0, STR("\x89PNG\r\n\x1a\n"), "image/png", "png", png_size },
	{ 0, STR("\xFF\xD8\xFF"), "image/jpeg", "jpg", jpeg_size },
	{ 0, STR("GIF87a"), "image/gif", "gif", gif_size },
	{ 0, STR("GIF89a"), "image/gif", "gif", gif_size },
	{ 8, STR("WEBP"), "image/webp", "webp", webp_size },
	{ 4, STR("ftypavif"), "image/avif", "avif", avif_size },
	{ 4, STR("ftypavis"), "image/avif", "avif", avif_size },
};

bool picture_read(struct str bytes, struct picture *out)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct str magic = kinds[i].magic;

		if (!str_eq(str_sub(bytes, kinds[i].at, kinds[i].at + magic.len), magic))
			continue;
		*out = (struct picture){ .type = kinds[i].type, .extension = kinds[i].extension };
		kinds[i].size(bytes, out);
		return true;
	}
	return false;
}

const char *picture_extension(struct str type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(str_of(kinds[i].type), type))
			return kinds[i].extension;
	return NULL;
}
