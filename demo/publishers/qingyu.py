"""Qingyu News Agency: Traditional Chinese; RSS 2.0 whose content:encoded brings the page's furniture along."""

from html import escape
from urllib.parse import quote

from .base import Publisher, cdata, rfc822


class Qingyu(Publisher):
	key, name, lang, locale = "qingyu", "青嶼通訊社", "zh-Hant-TW", "zh_TW"
	tagline = "青嶼通訊社：海峽兩岸小島與山村的即時新聞、圖片與深度報導。"
	address = "127.0.0.2"
	feed_path, feed_type, feed_title = "/rss/all.xml", "application/rss+xml; charset=utf-8", "青嶼社 即時新聞"
	sections = {"地方": "aloc", "國際": "aopl", "科技": "ait", "財經": "afe", "文化": "acul", "生活": "ahel",
		"體育": "aspt"}
	section_prefix, tag_prefix = "/list/", "/tag/"

	def path(self, article):
		return f"/news/{self.sections[article.section]}/{article.slug}.aspx"

	def tag_link(self, word, text=None):
		return f"<a href='/tag/{quote(word)}/'>{text or escape(word)}</a>"

	# The parts that stand both on the page and in the feed's full text.

	def keyword_group(self, article):
		tags = "".join(f"<div class='keywordTag'>{self.tag_link(w, '#' + escape(w))}</div>" for w in article.keywords)
		return f"<div class='articlekeywordGroup'>{tags}</div>"

	def more_articles(self, article):
		out = ""
		for word in article.keywords[:2]:
			rows = "".join(
				f"<a class='discursive' href='{self.url(self.path(a))}'><svg width='6' height='6'>"
				f"<use href='#svg-dot'></use></svg><span>{escape(a.title)}</span></a>"
				for a in self.of_keyword(article, word, 2))
			out += ("<div class='paragraph moreArticle flexhalf'><div class='moreArticle-title trailing'>"
				f"{self.tag_link(word)}</div>{rows}</div>")
		return out

	def carousel(self, article):
		items = ""
		for a in self.others(article, 9):
			source = self.url(self.picture(a))
			items += (f"<div class='item topicItem'><a href='{self.url(self.path(a))}'><div class='topNewsGroup'>"
				f"<div class='picWrap'><img class='owl-lazy' data-src='{source}' alt='{escape(a.title)}'"
				f" data-srcset='{source}'></div><span>{escape(a.title)}</span></div></a></div>")
		return ("<div class='paragraph bottomBox'><div class='topNewsTitle'><a href='/list/headlines/'>聚焦新聞</a></div>"
			"<div class='topNews'><div class='owl-carousel focus-carousel owl-theme' id='TopNews'"
			f" style='display: none'>{items}</div></div></div>")

	# Pages.

	def frame(self, body, current=""):
		entries = "".join(
			f'<li{" class=current" if s == current else ""}><a href="{self.section_path(s)}">{s}</a></li>'
			for s in self.sections)
		ticker = "".join(f"<li>{self.link(a)}</li>" for a in self.articles[:4])
		return f"""<body class="newsPage">
<svg style="display:none"><symbol id="svg-dot" viewBox="0 0 6 6"><circle cx="3" cy="3" r="3"/></symbol></svg>
<header class="siteHeader"><div class="inner">
<a class="logo" href="/"><b>青嶼社</b><small>Qingyu News Agency</small></a>
<form class="searchBox" action="/search"><input name="q" placeholder="搜尋新聞" aria-label="搜尋新聞"><button>搜尋</button></form>
</div>
<nav class="mainMenu"><ul><li><a href="/">首頁</a></li><li><a href="/list/headlines/">即時</a></li>{entries}<li><a
href="/photos/">圖輯</a></li><li><a href="/video/">影音</a></li></ul></nav></header>
<div class="marquee"><span>快訊</span><ul>{ticker}</ul></div>
{body}
<footer class="siteFooter"><div class="inner"><ul><li><a href="/about/">關於我們</a></li><li><a
href="/about/contact/">聯絡我們</a></li><li><a href="/about/privacy/">隱私權政策</a></li><li><a
href="/about/copyright/">著作權聲明</a></li></ul><p>本網站之文字、圖片及影音，非經授權，不得轉載、公開播送或公開傳輸及利用。</p>
<p>© 青嶼通訊社　編輯台：蘭汀市港前路18號3樓</p></div></footer>
</body>"""

	def front_page(self, title, articles, path):
		lead, rest = articles[0], articles[1:]
		rows = "".join(
			f'<li>{self.link(a, classes=" class=title")}<span class="date">{a.date:%m/%d %H:%M}</span>'
			f'<img loading="lazy" src="{self.picture(a)}" alt=""></li>' for a in rest)
		body = f"""<main class="listPage"><section class="lead"><a href="{self.path(lead)}"><img src="{self.picture(lead)}"
alt=""></a><h2>{self.link(lead)}</h2><p>{escape(lead.teaser(90))}</p></section>
<h1 class="listTitle">{escape("最新消息" if path == "/" else title)}</h1><ul class="mainList">{rows}</ul></main>"""
		return self.document(self.head(f"{title} | 青嶼社", path), self.frame(body, title))

	def article_page(self, article):
		paragraphs = self.blocks(article)
		other = self.others(article, 1, 3)[0]
		paragraphs.insert(2, f"""<div class="inlineMore"><span>延伸閱讀</span>{self.link(other)}</div>
<div class="adSlot" aria-hidden="true">廣告　請繼續往下閱讀</div>""")
		hot = "".join(f"<li>{self.link(a)}</li>" for a in self.others(article, 6, 2))
		share = "".join(f'<li><a class="{n}" href="/share/{n}?u={quote(self.path(article))}">{t}</a></li>'
			for n, t in (("line", "LINE"), ("fb", "臉書"), ("copy", "複製連結"), ("print", "列印")))
		body = f"""<div class="wrapper"><main class="centralContent" id="article">
<div class="breadcrumb"><a href="/">首頁</a> / <a href="{self.section_path(article.section)}">{article.section}</a></div>
<h1><span>{escape(article.title)}</span></h1>
<div class="timeBox"><div class="updatetime"><span>{article.date:%Y/%m/%d %H:%M}</span></div>
<div class="fontSize"><button>小</button><button>中</button><button>大</button></div><ul class="shareBar">{share}</ul></div>
<div class="fullPic"><figure class="floatImg"><img src="{self.picture(article)}" alt="{escape(article.caption)}" width="640"
height="360"><figcaption>{escape(article.caption)}</figcaption></figure></div>
<div class="paragraph">
{chr(10).join(paragraphs)}
</div>
{self.keyword_group(article)}
<div class="appBox"><p>選擇青嶼社，選擇看見小地方的大新聞。</p><a href="/app/">下載青嶼社App，即時新聞不漏接</a></div>
<p class="reprint">本網站之文字、圖片及影音，非經授權，不得轉載、公開播送或公開傳輸及利用。</p>
{self.more_articles(article)}
{self.carousel(article)}
</main>
<aside class="sideBar"><h3>熱門新聞</h3><ol>{hot}</ol><div class="adBox">廣告</div>
<div class="epaper"><h3>訂閱電子報</h3><p>每天早上七點，把小島的消息寄給你。</p><form action="/epaper"><input
placeholder="電子郵件"><button>訂閱</button></form></div></aside></div>
<div class="cookieBar"><p>本網站使用相關技術提供更好的閱讀體驗，同時尊重使用者隱私，點這裡瞭解青嶼社隱私聲明。當您關閉此視窗，代表您同意上述規範。</p><button>我知道了</button></div>"""
		return self.document(self.head(f"{article.title} | {article.section} | 青嶼社", self.path(article), article),
			self.frame(body, article.section))

	def feed(self):
		items = ""
		for a in self.articles:
			full = ("<div></div><div>" + "".join(self.blocks(a)) + self.keyword_group(a) + self.more_articles(a)
				+ self.carousel(a) + "</div>")
			items += f"""<item>
<title>{escape(a.title)}</title>
<link>{self.url(self.path(a))}</link>
<guid isPermaLink="true">{self.url(self.path(a))}</guid>
<pubDate>{rfc822(a.date)}</pubDate>
<category>{a.section}</category>
<description>{escape(a.teaser(80))}</description>
<content:encoded>{cdata(full)}</content:encoded>
</item>
"""
		return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{self.feed_title}</title>
<link>{self.url("/")}</link>
<atom:link href="{self.url(self.feed_path)}" rel="self" type="application/rss+xml"/>
<description>{self.tagline}</description>
<language>zh-TW</language>
<lastBuildDate>{rfc822(self.newest)}</lastBuildDate>
<ttl>10</ttl>
{items}</channel>
</rss>
""".encode()
