"""Tidewater Signal: American English, science; JSON Feed with summaries, so that the article is fetched from its page."""

import json
from html import escape

from .base import Publisher, json_script

REPLIES = [
	("quietmode", "Great write-up. One quibble: the error bars in the preprint are wider than the paragraph about them suggests, and I would "
		"not bet the farm on the third significant figure until somebody else repeats the measurement on a different continent."),
	("mothra_fan_88", "ok but has anyone tried turning it off and on again"),
]


class Signal(Publisher):
	key, name, lang, locale = "signal", "Tidewater Signal", "en-US", "en_US"
	tagline = "Tidewater Signal: how the physical world works, and who is taking it apart."
	address = "127.0.0.5"
	feed_path, feed_type, feed_title = "/feed.json", "application/feed+json", "Tidewater Signal"
	sections = {"Energy": "energy", "Oceans": "oceans", "Animals": "animals", "Space": "space", "Earth": "earth",
		"Computing": "computing"}
	section_prefix, tag_prefix = "/desk/", "/tagged/"

	def path(self, article):
		return f"/story/{article.slug}"

	def structured(self, article):
		news = self.news_article(article)
		news["isAccessibleForFree"] = True
		news["author"][0]["url"] = self.url(f"/people/{self.slug(article.author)}")
		news["author"][0]["jobTitle"] = "Staff Writer"
		return json_script([{"@context": "https://schema.org", **news}])

	@staticmethod
	def slug(name):
		return name.lower().replace(" ", "-")

	def frame(self, body):
		menu = "".join(f'<a class="nav__item" href="{self.section_path(s)}">{s}</a>' for s in self.sections)
		return f"""<body>
<div id="__app"><div class="promo-strip">Signal Live is back! <a href="/live">Get tickets</a> before the tide turns.</div>
<header class="nav"><a class="nav__logo" href="/">SIGNAL<i>.</i></a><div class="nav__items">{menu}</div><a class="nav__cta"
href="/newsletter">Newsletter</a></header>
{body}
<footer class="footer"><div class="footer__cols"><div><h5>Desks</h5>{menu}</div><div><h5>Company</h5><a href="/masthead">Masthead</a><a
href="/ethics">Ethics</a><a href="/jobs">Jobs</a></div><div><h5>Follow</h5><a href="/feed.json">JSON Feed</a><a
href="/newsletter">Newsletter</a></div></div><p>© Tidewater Signal. May contain traces of opinion.</p></footer></div>
</body>"""

	def card(self, article):
		return f"""<div class="card"><a href="{self.path(article)}"><img loading="lazy" data-src="{self.picture(article)}"
src="{self.picture(article)}" alt=""></a><div class="card__desk">{article.section}</div><div class="card__title">{self.link(article)}</div>
<div class="card__dek">{escape(article.teaser(100))}</div></div>"""

	def front_page(self, title, articles, path):
		body = f'<main class="front"><h1 class="front__title">{escape(title)}</h1><div class="grid">' + "".join(
			map(self.card, articles)) + "</div></main>"
		return self.document(self.head(f"{title} | Tidewater Signal" if path != "/" else title, path), self.frame(body))

	def article_page(self, article):
		paragraphs = self.blocks(article, ' class="paywall"')
		first, second = self.others(article, 2, 1)
		paragraphs.insert(2, f'<p class="read-more"><strong>Read more:</strong> {self.link(first)}</p>')
		paragraphs.insert(5, f"""<div class="callout"><div class="callout__label">Most Popular</div><ul><li>{self.link(second)}<span>By
{second.author}</span></li><li>{self.link(first)}<span>By {first.author}</span></li></ul></div>""")
		tags = "".join(f'<a class="tag" href="{self.tag_path(w)}">{escape(w)}</a>' for w in article.keywords)
		cards = "".join(map(self.card, self.others(article, 3)))
		replies = "".join(f'<div class="reply"><div class="reply__who">@{n}</div><div class="reply__text">{t}</div></div>'
			for n, t in REPLIES)
		body = f"""<main class="content"><div class="content-header"><a class="rubric" href="{self.section_path(article.section)}">{article.section}</a>
<h1 class="hed">{escape(article.title)}</h1><div class="content-header__byline"><span class="byline__name">By <a
href="/people/{self.slug(article.author)}">{article.author}</a></span><time datetime="{article.date.isoformat()}">{article.date:%b %-d, %Y %-I:%M %p}</time></div>
<div class="social"><button>Share</button><button>Save</button><button>Comment</button></div></div>
<div class="lede-image"><picture><source media="(max-width: 600px)" srcset="{self.picture(article)}"><img src="{self.picture(article)}"
alt="{escape(article.caption)}"></picture><div class="caption">{escape(article.caption)}</div></div>
<div class="chunk-wrap"><div class="body__inner">
{chr(10).join(paragraphs[:5])}
</div><div class="ad ad--mid"><div class="ad__label">Advertisement</div></div><div class="body__inner">
{chr(10).join(paragraphs[5:])}
</div></div>
<div class="nl-box"><h3>Undertow: the Signal newsletter</h3><p>One strange finding every Sunday, explained by the person who found it. No
growth hacks, no hot takes.</p><input placeholder="you@example.com"><button>Sign me up</button></div>
<div class="tags">{tags}</div>
<div class="bio"><img src="/favicon.ico" alt="" width="48"><p><a href="/people/{self.slug(article.author)}">{article.author}</a> is a
staff writer at Tidewater Signal covering {article.section.lower()}. Before that, {article.author.split(" ")[0]} repaired outboard motors.</p></div>
<div class="recirc"><h2>Up next</h2><div class="grid">{cards}</div></div>
<div class="replies"><h2>Replies</h2>{replies}</div></main>
<div class="cookie-toast">We use cookies to keep the lights on. <a href="/privacy">Learn more</a> <button>OK</button></div>"""
		return self.document(self.head(f"{article.title} | Tidewater Signal", self.path(article), article), self.frame(body))

	def feed(self):
		items = [{
			"id": f"signal-{a.date:%Y%m%d}-{a.slug}",
			"url": self.url(self.path(a)),
			"title": a.title,
			"summary": a.teaser(160),
			"content_text": a.teaser(160),
			"image": self.url(self.picture(a)),
			"date_published": a.date.isoformat(),
			"authors": [{"name": a.author, "url": self.url(f"/people/{self.slug(a.author)}")}],
			"tags": [a.section],
		} for a in self.articles]
		feed = {
			"version": "https://jsonfeed.org/version/1.1", "title": self.feed_title, "home_page_url": self.url("/"),
			"feed_url": self.url(self.feed_path), "description": self.tagline, "language": "en-US", "items": items,
		}
		return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
