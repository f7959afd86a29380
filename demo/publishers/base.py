"""What every publisher of the newsroom has: routes, the head of a page, and the shapes feeds are made of."""

import datetime
import json
import pathlib
from email.utils import format_datetime
from html import escape

import pictures

HERE = pathlib.Path(__file__).resolve().parent
UTC = datetime.timezone.utc


class Route:
	def __init__(self, content_type, make, modified):
		self.content_type = content_type
		self.make = make
		self.modified = modified
		self.bytes = None

	def body(self):
		if self.bytes is None:
			self.bytes = self.make()
		return self.bytes


def rfc822(date):
	return format_datetime(date)


def utc(date):
	return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def json_script(value):
	text = json.dumps(value, ensure_ascii=False, indent=1).replace("</", "<\\/")
	return f'<script type="application/ld+json">{text}</script>'


def cdata(text):
	return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


class Publisher:
	key = name = lang = locale = tagline = address = ""
	encoding = "utf-8"
	html_type = "text/html; charset=utf-8"
	feed_path = feed_type = feed_title = ""
	tag_prefix = section_prefix = ""

	def __init__(self, base, articles):
		self.base = base
		self.articles = articles
		self.newest = max(a.date for a in articles)
		self.routes = {}
		self.add_routes()

	# Addresses.

	def url(self, path):
		return self.base + path

	def path(self, article):
		raise NotImplementedError

	def picture(self, article):
		return f"/img/{article.picture_name}.png"

	def section_path(self, section):
		return f"{self.section_prefix}{self.sections[section]}/"

	def tag_path(self, keyword):
		return f"{self.tag_prefix}{keyword.lower().replace(' ', '-')}/"

	def add_page(self, path, make, modified):
		self.routes[path] = Route(self.html_type, lambda: self.encode(make()), modified)

	def encode(self, text):
		return text.encode(self.encoding, "xmlcharrefreplace")

	def add_routes(self):
		add = self.routes.__setitem__
		self.add_page("/", lambda: self.front_page(self.name, self.articles, "/"), self.newest)
		for article in self.articles:
			self.add_page(self.path(article), lambda a=article: self.article_page(a), article.date)
			add(self.picture(article), Route("image/png",
				lambda a=article: pictures.draw(a.picture_name), article.date))
		for section in self.sections:
			here = [a for a in self.articles if a.section == section]
			path = self.section_path(section)
			self.add_page(path, lambda s=section, h=here, p=path: self.front_page(s, h or self.articles, p),
				self.newest)
		for word in sorted({word for a in self.articles for word in a.keywords}):
			here = [a for a in self.articles if word in a.keywords]
			path = self.tag_path(word)
			self.add_page(path, lambda w=word, h=here, p=path: self.front_page(w, h, p), self.newest)
		add(self.feed_path, Route(self.feed_type, self.feed, self.newest))
		add("/robots.txt", Route("text/plain", self.robots, self.newest))
		add("/sitemap.xml", Route("application/xml", self.sitemap, self.newest))
		add("/assets/site.css", Route("text/css; charset=utf-8",
			(HERE / f"{self.key}.css").read_bytes, self.newest))
		add("/favicon.ico", Route("image/png", lambda: pictures.draw("sea-1"), self.newest))

	def robots(self):
		return (f"User-agent: *\nDisallow: /search\nDisallow: /member/\n\nSitemap: {self.url('/sitemap.xml')}\n"
			).encode()

	def sitemap(self):
		rows = "".join(f"<url><loc>{escape(self.url(self.path(a)))}</loc><lastmod>{utc(a.date)}</lastmod></url>\n"
			for a in self.articles)
		return ('<?xml version="1.0" encoding="UTF-8"?>\n'
			f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n').encode()

	# What pages are made of.

	def others(self, article, count, skip=0):
		"""Other articles, the same ones for the same article."""
		at = self.articles.index(article) + skip
		ring = self.articles[at + 1:] + self.articles[:at + 1]
		return [a for a in ring if a is not article][:count]

	def of_keyword(self, article, keyword, count):
		same = [a for a in self.articles if keyword in a.keywords and a is not article]
		more = [a for a in self.others(article, 9, len(keyword)) if a not in same]
		return (same + more)[:count]

	def blocks(self, article, classes=""):
		out = []
		for block in article.blocks:
			if block.startswith("## "):
				out.append(f"<h2>{escape(block[3:])}</h2>")
			elif block.startswith("- "):
				lines = "".join(f"<li>{escape(line[2:])}</li>" for line in block.splitlines())
				out.append(f"<ul>{lines}</ul>")
			else:
				out.append(f"<p{classes}>{escape(block, quote=False)}</p>")
		return out

	def link(self, article, text=None, classes=""):
		inner = escape(article.title) if text is None else text
		return f'<a{classes} href="{self.path(article)}">{inner}</a>'

	def news_article(self, article):
		out = {
			"@type": "NewsArticle",
			"mainEntityOfPage": {"@type": "WebPage", "@id": self.url(self.path(article))},
			"headline": article.title,
			"description": article.teaser(120),
			"image": [self.url(self.picture(article))],
			"datePublished": article.date.isoformat(),
			"dateModified": article.date.isoformat(),
			"inLanguage": self.lang,
			"articleSection": article.section,
			"keywords": article.keywords,
			"publisher": {"@type": "NewsMediaOrganization", "name": self.name,
				"logo": {"@type": "ImageObject", "url": self.url("/favicon.ico")}},
		}
		if article.author:
			out["author"] = [{"@type": "Person", "name": article.author}]
		return out

	def structured(self, article):
		return json_script({"@context": "https://schema.org", **self.news_article(article)})

	def head(self, title, path, article=None):
		url = self.url(path)
		description = article.teaser(120) if article else self.tagline
		rows = [
			f"<title>{escape(title)}</title>",
			'<meta name="viewport" content="width=device-width, initial-scale=1">',
			f'<meta name="description" content="{escape(description)}">',
			f'<link rel="canonical" href="{url}">',
			f'<link rel="alternate" type="{self.feed_type.split(";")[0]}" title="{escape(self.feed_title)}"'
			f' href="{self.feed_path}">',
			'<link rel="stylesheet" href="/assets/site.css">',
			'<link rel="icon" href="/favicon.ico">',
			f'<meta property="og:site_name" content="{escape(self.name)}">',
			f'<meta property="og:title" content="{escape(article.title if article else title)}">',
			f'<meta property="og:description" content="{escape(description)}">',
			f'<meta property="og:url" content="{url}">',
			f'<meta property="og:locale" content="{self.locale}">',
			f'<meta property="og:type" content="{"article" if article else "website"}">',
		]
		if article:
			image = self.url(self.picture(article))
			rows += [
				f'<meta property="og:image" content="{image}">',
				'<meta name="twitter:card" content="summary_large_image">',
				f'<meta property="article:published_time" content="{article.date.isoformat()}">',
				f'<meta property="article:section" content="{escape(article.section)}">',
			]
			rows += [f'<meta property="article:tag" content="{escape(word)}">' for word in article.keywords]
			rows.append(self.structured(article))
		return "\n".join(rows)

	def document(self, head, body):
		charset = {"utf-8": "utf-8"}.get(self.encoding, self.encoding)
		return (f'<!DOCTYPE html>\n<html lang="{self.lang}">\n<head>\n<meta charset="{charset}">\n{head}\n</head>\n'
			f"{body}\n</html>\n")
