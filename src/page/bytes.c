/*
 * bytes - what bytes are that no browser would show as a page: told by their first ones, as
 * file(1) does, by too many that no text has, or by what they begin to say.
 */
#include "page/private.h"

struct magic {
	size_t at;
	struct str bytes;
	const char *what;
};

/* More telling ones first: an AVIF image is in the container of MP4. */
static const struct magic magics[] = {
	{ 0, STR("%PDF-"), "a PDF document" },
	{ 0, STR("%!PS"), "a PostScript document" },
	{ 0, STR("{\\rtf"), "an RTF document" },
	{ 0, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an Office document" },
	{ 0, STR("\x89PNG"), "a PNG image" },
	{ 0, STR("GIF8"), "a GIF image" },
	{ 0, STR("\xff\xd8\xff"), "a JPEG image" },
	{ 0, STR("\xff\x0a"), "a JPEG XL image" },
	{ 0, STR("II*\0"), "a TIFF image" },
	{ 0, STR("MM\0*"), "a TIFF image" },
	{ 0, STR("\0\0\1\0"), "an icon" },
	{ 8, STR("WEBPVP8"), "a WebP image" },
	{ 8, STR("WAVEfmt"), "a WAV file" },
	{ 0, STR("RIFF"), "a RIFF file" },
	{ 4, STR("ftypavif"), "an AVIF image" },
	{ 4, STR("ftypheic"), "a HEIC image" },
	{ 4, STR("ftypM4A"), "an M4A file" },
	{ 4, STR("ftyp"), "an MP4 file" },
	{ 0, STR("\x1a\x45\xdf\xa3"), "a WebM or Matroska file" },
	{ 0, STR("OggS"), "an Ogg file" },
	{ 0, STR("fLaC"), "a FLAC file" },
	{ 0, STR("ID3"), "an MP3 file" },
	{ 0, STR("FLV\1"), "a Flash video" },
	{ 0, STR("PK\x03\x04"), "a zip archive" },
	{ 0, STR("\x1f\x8b"), "gzip data" },
	{ 0, STR("BZh"), "bzip2 data" },
	{ 0,
	  STR("\xfd"
	      "7zXZ"),
	  "xz data" },
	{ 0, STR("\x28\xb5\x2f\xfd"), "zstd data" },
	{ 0, STR("7z\xbc\xaf"), "a 7z archive" },
	{ 0, STR("Rar!\x1a"), "a RAR archive" },
	{ 0,
	  STR("\x7f"
	      "ELF"),
	  "a program" },
	{ 0, STR("MZ\x90\0"), "a program" },
	{ 0, STR("wOF2"), "a font" },
	{ 0, STR("wOFF"), "a font" },
	{ 0, STR("SQLite format 3"), "a database" },
};

enum { LOOK_BYTES = 1024, MIN_BYTES = 16 };

/* BM, then sizes whose reserved bytes are zero: "BMW ..." is a text. */
static bool is_bitmap(struct str b)
{
	static const char reserved[4] = { 0 };

	return b.len > 10 && str_has_prefix(b, S("BM")) &&
	       str_eq(str_sub(b, 6, 10), str_n(reserved, 4));
}

/*
 * Text has no control characters but tabs, ends of lines, a form feed, and the ESC of ISO-2022.
 * UTF-16 has zeros, in every other byte at most.
 */
static bool is_binary(struct str b)
{
	size_t zero = 0, control = 0, look = b.len < LOOK_BYTES ? b.len : LOOK_BYTES;

	if (look < MIN_BYTES || str_has_prefix(b, S("\xff\xfe")) ||
	    str_has_prefix(b, S("\xfe\xff")))
		return false;
	for (size_t i = 0; i < look; i++) {
		unsigned char ch = (unsigned char)b.ptr[i];

		zero += ch == 0;
		control += (ch > 0 && ch < 0x20 && !(ch >= '\t' && ch <= '\r') && ch != 0x1B) ||
			   ch == 0x7F;
	}
	return zero * 10 > look * 6 || control * 50 > look;
}

/* Data that begins as such: what stands in a page's place when an address is an API's or a feed's.
 */
static const char *data_kind(struct str b)
{
	static const struct str feeds[] = { STR("<rss"),    STR("<feed"),         STR("<rdf:RDF"),
					    STR("<urlset"), STR("<sitemapindex"), STR("<opml") };
	struct str front = str_trim(str_sub(b, 0, LOOK_BYTES));
	bool xml = str_has_prefix(front, S("<?xml"));

	if (str_has_prefix(front, S("{")) || str_has_prefix(front, S("[{"))) {
		struct str in = str_trim(str_from(front, front.ptr[0] == '[' ? 2 : 1));
		if (str_has_prefix(in, S("\"")) &&
		    str_has_suffix(str_trim(b), front.ptr[0] == '[' ? S("]") : S("}")))
			return "JSON data";
	}
	for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++)
		if (str_has_prefix(front, feeds[i]) || (xml && str_contains(front, feeds[i])))
			return "a feed or a sitemap";
	return NULL;
}

const char *bytes_kind(struct str b)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (b.len > magics[i].at &&
		    str_has_prefix(str_from(b, magics[i].at), magics[i].bytes))
			return magics[i].what;
	if (is_bitmap(b))
		return "a BMP image";
	return is_binary(b) ? "binary data" : data_kind(b);
}
