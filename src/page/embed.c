#include "page/embed.h"

#include "text/url.h"

/*
 * Where a kind has a page for people, its address is made of the identifier in the frame's: the
 * piece of the path behind `path` (BY_PATH), or a parameter (BY_PARAM); a parameter may also be the
 * whole address (BY_URL). Else the frame itself can be opened.
 */
enum embed_by { ITSELF, BY_PATH, BY_PARAM, BY_URL };

struct embed_kind {
	struct str host; /* or a host below it */
	struct str path; /* how its path begins */
	enum embed_by by;
	struct str param;
	struct str page; /* what stands before the identifier */
};

static const struct embed_kind kinds[] = {
	{ STR("youtube.com"), STR("/embed/"), BY_PATH, STR(""),
	  STR("https://www.youtube.com/watch?v=") },
	{ STR("youtube.com"), STR("/v/"), BY_PATH, STR(""),
	  STR("https://www.youtube.com/watch?v=") },
	{ STR("youtube-nocookie.com"), STR("/embed/"), BY_PATH, STR(""),
	  STR("https://www.youtube.com/watch?v=") },
	{ STR("youtu.be"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("player.vimeo.com"), STR("/video/"), BY_PATH, STR(""), STR("https://vimeo.com/") },
	{ STR("vimeo.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("dailymotion.com"), STR("/embed/video/"), BY_PATH, STR(""),
	  STR("https://www.dailymotion.com/video/") },
	{ STR("dailymotion.com"), STR("/player"), BY_PARAM, STR("video"),
	  STR("https://www.dailymotion.com/video/") },
	{ STR("player.bilibili.com"), STR("/"), BY_PARAM, STR("bvid"),
	  STR("https://www.bilibili.com/video/") },
	{ STR("player.bilibili.com"), STR("/"), BY_PARAM, STR("aid"),
	  STR("https://www.bilibili.com/video/av") },
	{ STR("v.qq.com"), STR("/"), BY_PARAM, STR("vid"), STR("https://v.qq.com/x/page/") },
	{ STR("player.youku.com"), STR("/embed/"), BY_PATH, STR(""),
	  STR("https://v.youku.com/v_show/id_") },
	{ STR("ixigua.com"), STR("/iframe/"), BY_PATH, STR(""), STR("https://www.ixigua.com/") },
	{ STR("platform.twitter.com"), STR("/embed/"), BY_PARAM, STR("id"),
	  STR("https://twitter.com/i/status/") },
	{ STR("facebook.com"), STR("/plugins/"), BY_URL, STR("href"), STR("") },
	{ STR("facebook.com"), STR("/v"), BY_URL, STR("href"), STR("") },
	{ STR("instagram.com"), STR("/p/"), BY_PATH, STR(""), STR("https://www.instagram.com/p/") },
	{ STR("instagram.com"), STR("/reel/"), BY_PATH, STR(""),
	  STR("https://www.instagram.com/reel/") },
	{ STR("tiktok.com"), STR("/embed"), ITSELF, STR(""), STR("") },
	{ STR("tiktok.com"), STR("/player/"), ITSELF, STR(""), STR("") },
	{ STR("w.soundcloud.com"), STR("/player"), BY_URL, STR("url"), STR("") },
	{ STR("open.spotify.com"), STR("/embed/"), ITSELF, STR(""), STR("") },
	{ STR("open.spotify.com"), STR("/embed-podcast/"), ITSELF, STR(""), STR("") },
	{ STR("embed.podcasts.apple.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("embed.music.apple.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("embed.ted.com"), STR("/talks/"), BY_PATH, STR(""),
	  STR("https://www.ted.com/talks/") },
	{ STR("player.twitch.tv"), STR("/"), BY_PARAM, STR("video"),
	  STR("https://www.twitch.tv/videos/") },
	{ STR("player.twitch.tv"), STR("/"), BY_PARAM, STR("channel"),
	  STR("https://www.twitch.tv/") },
	{ STR("clips.twitch.tv"), STR("/embed"), BY_PARAM, STR("clip"),
	  STR("https://clips.twitch.tv/") },
	{ STR("rumble.com"), STR("/embed/"), ITSELF, STR(""), STR("") },
	{ STR("odysee.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("streamable.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("archive.org"), STR("/embed/"), BY_PATH, STR(""),
	  STR("https://archive.org/details/") },
	{ STR("embed.nicovideo.jp"), STR("/watch/"), BY_PATH, STR(""),
	  STR("https://www.nicovideo.jp/watch/") },
	{ STR("tv.naver.com"), STR("/embed/"), BY_PATH, STR(""), STR("https://tv.naver.com/v/") },
	{ STR("rutube.ru"), STR("/play/embed/"), BY_PATH, STR(""),
	  STR("https://rutube.ru/video/") },
	{ STR("vk.com"), STR("/video_ext.php"), ITSELF, STR(""), STR("") },
	{ STR("ok.ru"), STR("/videoembed/"), BY_PATH, STR(""), STR("https://ok.ru/video/") },
	{ STR("t.me"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("telegram.org"), STR("/embed"), ITSELF, STR(""), STR("") },
	{ STR("reddit.com"), STR("/r/"), ITSELF, STR(""), STR("") },
	{ STR("redditmedia.com"), STR("/r/"), ITSELF, STR(""), STR("") },
	{ STR("imgur.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("giphy.com"), STR("/embed/"), BY_PATH, STR(""), STR("https://giphy.com/gifs/") },
	{ STR("gfycat.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("bandcamp.com"), STR("/EmbeddedPlayer/"), ITSELF, STR(""), STR("") },
	{ STR("mixcloud.com"), STR("/widget/"), ITSELF, STR(""), STR("") },
	{ STR("player.simplecast.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("embed.acast.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("playlist.megaphone.fm"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("player.megaphone.fm"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("buzzsprout.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("libsyn.com"), STR("/embed/"), ITSELF, STR(""), STR("") },
	{ STR("omny.fm"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("audioboom.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("open.firstory.me"), STR("/embed/"), ITSELF, STR(""), STR("") },
	{ STR("player.soundon.fm"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("google.com"), STR("/maps/"), ITSELF, STR(""), STR("") },
	{ STR("maps.google.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("docs.google.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("drive.google.com"), STR("/file/"), ITSELF, STR(""), STR("") },
	{ STR("openstreetmap.org"), STR("/export/embed"), ITSELF, STR(""), STR("") },
	{ STR("datawrapper.dwcdn.net"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("infogram.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("flo.uri.sh"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("public.tableau.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("ourworldindata.org"), STR("/grapher/"), ITSELF, STR(""), STR("") },
	{ STR("documentcloud.org"), STR("/documents/"), ITSELF, STR(""), STR("") },
	{ STR("embed.documentcloud.org"), STR("/documents/"), ITSELF, STR(""), STR("") },
	{ STR("slideshare.net"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("scribd.com"), STR("/embeds/"), ITSELF, STR(""), STR("") },
	{ STR("issuu.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("codepen.io"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("jsfiddle.net"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("wistia.net"), STR("/embed/iframe/"), ITSELF, STR(""), STR("") },
	{ STR("loom.com"), STR("/embed/"), BY_PATH, STR(""), STR("https://www.loom.com/share/") },
	{ STR("brightcove.net"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("content.jwplatform.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("cdn.jwplayer.com"), STR("/"), ITSELF, STR(""), STR("") },
	{ STR("c-span.org"), STR("/video/"), ITSELF, STR(""), STR("") },
	{ STR(""), STR("/videos/embed/"), ITSELF, STR(""), STR("") }, /* PeerTube, anywhere */
};

static bool is_host(struct str host, struct str of)
{
	if (!str_has_suffix(host, of))
		return false;
	return !of.len || host.len == of.len || host.ptr[host.len - of.len - 1] == '.';
}

static bool is_identifier(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!ch_is_alnum(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '_')
			return false;
	}
	return s.len > 0 && s.len <= 128;
}

static struct str parameter(struct str query, struct str name)
{
	struct str one;

	while (str_split(&query, '&', &one)) {
		size_t eq = str_find_ch(one, '=');

		if (eq != STR_NONE && str_eq(str_sub(one, 0, eq), name))
			return str_from(one, eq + 1);
	}
	return str_n(NULL, 0);
}

static struct str page_of(struct arena *a, const struct embed_kind *k, const struct url *url)
{
	struct str id = { NULL, 0 };
	size_t end;

	switch (k->by) {
	case ITSELF: return url->href;
	case BY_URL:
		id = url_unescape(a, parameter(url->query, k->param));
		return url_is_http(id) ? id : url->href;
	case BY_PARAM: id = parameter(url->query, k->param); break;
	case BY_PATH:
		id = str_from(url->path, k->path.len);
		end = str_find_ch(id, '/');
		id = end == STR_NONE ? id : str_sub(id, 0, end);
		break;
	}
	if (!is_identifier(id))
		return str_n(NULL, 0);
	return arena_strf(a, "%.*s%.*s", STR_FMT(k->page), STR_FMT(id));
}

struct str embed_address(struct arena *a, struct str address)
{
	struct err ignored;
	struct url url;

	if (!url_is_http(address) || url_parse(a, address, &url, &ignored) < 0)
		return str_n(NULL, 0);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct str page;

		if (!is_host(url.host, kinds[i].host) || !str_has_prefix(url.path, kinds[i].path))
			continue;
		page = page_of(a, &kinds[i], &url);
		if (page.len)
			return page;
	}
	return str_n(NULL, 0);
}
