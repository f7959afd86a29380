#include "base/check.h"
#include "text/picture.h"

int main(void)
{
	static const struct {
		const char *why;
		struct str in;
		const char *extension; /* NULL: no picture */
		int width, height;
	} rows[] = {
		{ "PNG", STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x02"),
		  "png", 640, 480 },
		{ "GIF", STR("GIF89a\x10\0\x20\0\x80"), "gif", 16, 32 },
		{ "JPEG behind a comment",
		  STR("\xFF\xD8\xFF\xFE\0\x04hi\xFF\xC0\0\x11\x08\0\x64\0\xC8\x03\x01\x11"), "jpg",
		  200, 100 },
		{ "JPEG without a frame", STR("\xFF\xD8\xFF\xD9"), "jpg", 0, 0 },
		{ "JPEG whose segment leads past the end",
		  STR("\xFF\xD8\xFF\xFE\xFF\xFFxxxxxxxxxxxx"), "jpg", 0, 0 },
		{ "WebP, extended",
		  STR("RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x8F\x01\0\x2B\x01\0"), "webp", 400,
		  300 },
		{ "AVIF",
		  STR("\0\0\0\x1c"
		      "ftypavif\0\0\0\0ispe\0\0\0\0\0\0\0\x10\0\0\0\x08"),
		  "avif", 16, 8 },
		{ "cut off", STR("\x89PNG\r\n\x1a\n\0\0"), "png", 0, 0 },
		{ "SVG is a program", STR("<svg xmlns='http://www.w3.org/2000/svg'/>"), NULL, 0,
		  0 },
		{ "a page", STR("<!DOCTYPE html>"), NULL, 0, 0 },
		{ "nothing", STR(""), NULL, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct picture p = { 0 };
		bool is = picture_read(rows[i].in, &p);

		CHECK_STR(rows[i].why, str_of(is ? p.extension : NULL), str_of(rows[i].extension));
		CHECK_I64(rows[i].why, p.width, rows[i].width);
		CHECK_I64(rows[i].why, p.height, rows[i].height);
		CHECK(!is ||
		      str_eq(str_of(picture_extension(str_of(p.type))), str_of(p.extension)));
	}
	return check_done();
}
