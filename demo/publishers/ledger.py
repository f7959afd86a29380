"""The Harbour Ledger: British English; Atom with the full text as XHTML, links with tracking parameters."""

from html import escape

from .base import Publisher, json_script, utc

COMMENTS = [
	("Gwen of the Ropewalk", "I have been reading this newspaper since it cost fourpence and I will say only that somebody ought to "
		"have asked the harbour master before the whole thing was decided, but nobody ever does, and then they act surprised."),
	("tidepool", "Lovely piece. More like this, please, and fewer about parking."),
	("A. Mariner", "My grandfather told much the same story, though in his version there was a donkey in it and nobody was paid. "
		"The donkey, he always insisted, had the right of way, and the county has the paperwork somewhere to prove it."),
]
ABOUT = {
	"Rowan Tate": "Rowan Tate covers the harbour and everything that floats in it.",
	"Ines Calloway": "Ines Calloway writes about culture and science.",
	"Odhran Pell": "Odhran Pell reports on councils, money and mud.",
}


class Ledger(Publisher):
	key, name, lang, locale = "ledger", "The Harbour Ledger", "en-GB", "en_GB"
	tagline = "Port Larkin's newspaper of record, and of tides, since 1874."
	address = "127.0.0.4"
	feed_path, feed_type, feed_title = "/feed.atom", "application/atom+xml", "The Harbour Ledger"
	sections = {"World": "world", "Business": "business", "Local": "local", "Heritage": "heritage", "Arts": "arts",
		"Life": "life"}
	section_prefix, tag_prefix = "/section/", "/topic/"

	def path(self, article):
		return f"/{article.date:%Y/%m/%d}/{article.slug}/"

	def structured(self, article):
		crumbs = [{"@type": "ListItem", "position": i + 1, "name": n, "item": self.url(p)} for i, (n, p) in
			enumerate([("Home", "/"), (article.section, self.section_path(article.section))])]
		return json_script({"@context": "https://schema.org", "@graph": [
			{"@type": "WebSite", "@id": self.url("/#site"), "url": self.url("/"), "name": self.name},
			{"@type": "BreadcrumbList", "itemListElement": crumbs},
			self.news_article(article),
		]})

	def frame(self, body):
		menu = "".join(f'<li><a href="{self.section_path(s)}">{s}</a></li>' for s in self.sections)
		return f"""<body class="theme-paper">
<a class="skip" href="#main">Skip to content</a>
<aside class="consent" role="dialog" aria-label="Cookies"><p>We and our 1 partner use cookies to remember that you have seen this notice.
You can change your mind at any time by clicking nothing.</p><button>Accept</button> <button>Manage choices</button></aside>
<header class="masthead"><p class="edition">Port Larkin · Late tide edition</p><a class="title" href="/">The Harbour Ledger</a>
<nav aria-label="Sections"><ul>{menu}<li class="subscribe"><a href="/member/join/">Subscribe</a></li></ul></nav></header>
{body}
<footer class="colophon"><div><strong>The Harbour Ledger</strong><p>Printed on Thursdays. Corrected on Fridays.</p></div>
<ul><li><a href="/about/">About us</a></li><li><a href="/corrections/">Corrections</a></li><li><a href="/tides/">Tide
tables</a></li><li><a href="/privacy/">Privacy</a></li><li><a href="/contact/">Contact the newsroom</a></li></ul>
<p class="small">© The Harbour Ledger. All rights reserved. Registered at the Old Ropewalk, Port Larkin.</p></footer>
</body>"""

	def front_page(self, title, articles, path):
		lead, rest = articles[0], articles[1:]
		cards = "".join(f"""<article class="card"><a href="{self.path(a)}"><img src="{self.picture(a)}" alt="" loading="lazy"></a>
<p class="kicker">{a.section}</p><h3>{self.link(a)}</h3><p>{escape(a.teaser(120))}</p></article>""" for a in rest)
		body = f"""<main id="main" class="front"><article class="lead"><a href="{self.path(lead)}"><img src="{self.picture(lead)}" alt=""></a>
<div><p class="kicker">{lead.section}</p><h2>{self.link(lead)}</h2><p>{escape(lead.teaser(220))}</p><p class="by">{lead.author}</p></div>
</article><div class="cards">{cards}</div></main>"""
		return self.document(self.head(f"{title} | The Harbour Ledger" if path != "/" else title, path), self.frame(body))

	def article_page(self, article):
		paragraphs = self.blocks(article)
		paragraphs.insert(3, """<aside class="newsletter"><h4>The Morning Tide</h4><p>Get the day's news from the harbour in your inbox,
five mornings a week, with the times of high water.</p><form action="/newsletter"><input type="email" placeholder="Your email"><button>Sign
up</button></form><p class="small">By signing up you agree to our terms. You can unsubscribe at slack water.</p></aside>""")
		share = "".join(f'<li><a href="/share/{n.lower()}">{n}</a></li>' for n in ("Email", "Copy", "Post", "Print"))
		most = "".join(f"<li>{self.link(a)}</li>" for a in self.others(article, 5))
		related = "".join(f"""<li><a href="{self.path(a)}"><img loading="lazy" src="{self.picture(a)}" alt=""><span>{escape(a.title)}</span></a>
<p>{escape(a.teaser(110))}</p></li>""" for a in self.of_keyword(article, article.keywords[-1], 3))
		tags = "".join(f'<a href="{self.tag_path(w)}" rel="tag">{escape(w)}</a>' for w in article.keywords)
		comments = "".join(f"""<li class="comment"><header><cite>{n}</cite> <time>{i + 2} hours later</time></header><p>{t}</p>
<footer><button>Reply</button> <button>Recommend ({i * 4 + 1})</button></footer></li>""" for i, (n, t) in enumerate(COMMENTS))
		minutes = max(1, round(sum(len(b.split()) for b in article.blocks) / 220))
		body = f"""<main id="main"><article class="story" itemscope itemtype="https://schema.org/NewsArticle">
<header><p class="kicker"><a href="{self.section_path(article.section)}">{article.section}</a></p>
<h1 itemprop="headline">{escape(article.title)}</h1>
<p class="byline">By <a rel="author" href="/by/{article.author.lower().replace(" ", "-")}/">{article.author}</a></p>
<p class="meta"><time datetime="{article.date.isoformat()}">{article.date:%A %-d %B %Y, %H:%M}</time> · {minutes} min read</p>
<ul class="share" aria-label="Share">{share}</ul></header>
<figure><img src="{self.picture(article)}" srcset="{self.picture(article)} 640w" alt="" width="640" height="360">
<figcaption>{escape(article.caption)}</figcaption></figure>
<div class="body" itemprop="articleBody">
{chr(10).join(paragraphs)}
</div>
<footer class="after"><p class="tags">{tags}</p><div class="author-box"><strong>{article.author}</strong>
<p>{ABOUT[article.author]}</p></div></footer>
</article>
<aside class="rail"><h2>Most read</h2><ol>{most}</ol><div class="promo"><p>Support the only newspaper that prints the tide tables on the
front page. From £1 a week.</p><a href="/member/join/">Subscribe now</a></div></aside>
<section class="related"><h2>More on {escape(article.keywords[-1])}</h2><ul>{related}</ul></section>
<section id="comments" class="comments"><h2>3 comments</h2><p class="small">Comments are the opinions of their authors, who should know
better.</p><ol>{comments}</ol></section></main>"""
		return self.document(self.head(f"{article.title} | {article.section} | The Harbour Ledger", self.path(article),
			article), self.frame(body))

	def feed(self):
		entries = "".join(f"""<entry>
<id>tag:harbour-ledger.example,{a.date:%Y-%m-%d}:{a.slug}</id>
<title>{escape(a.title)}</title>
<link rel="alternate" type="text/html" href="{self.url(self.path(a))}?utm_source=feed&amp;utm_medium=atom"/>
<published>{utc(a.date)}</published>
<updated>{utc(a.date)}</updated>
<author><name>{a.author}</name></author>
<category term="{escape(a.section)}"/>
<summary>{escape(a.teaser(140))}</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p><img src="{self.picture(a)}" alt=""/></p>
{chr(10).join(self.blocks(a))}
<p><em>This article first appeared in <a href="/">The Harbour Ledger</a>.</em></p></div></content>
</entry>
""" for a in self.articles)
		return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB" xml:base="{self.url("/")}">
<id>{self.url("/")}</id>
<title>{self.feed_title}</title>
<subtitle>{escape(self.tagline)}</subtitle>
<link rel="self" href="{self.feed_path}"/>
<link rel="alternate" type="text/html" href="/"/>
<updated>{utc(self.newest)}</updated>
<rights>© The Harbour Ledger</rights>
{entries}</feed>
""".encode()
