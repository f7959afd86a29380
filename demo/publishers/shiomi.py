"""Shiomi Shimbun: Japanese; RSS 2.0 with one-line summaries. Paragraphs are divs and lines are broken inside them."""

from html import escape
from urllib.parse import quote

from .base import Publisher, rfc822


class Shiomi(Publisher):
	key, name, lang, locale = "shiomi", "汐見新聞", "ja", "ja_JP"
	tagline = "汐見新聞デジタル：汐見と海の向こうのニュース。"
	address = "127.0.0.6"
	feed_path, feed_type, feed_title = "/rss/news.xml", "text/xml; charset=utf-8", "汐見新聞デジタル"
	sections = {"国際": "world", "科学": "science", "地域": "area", "文化": "culture", "スポーツ": "sports"}
	section_prefix, tag_prefix = "/list/", "/keyword/"

	def path(self, article):
		return f"/articles/{article.slug}.html"

	def frame(self, body):
		menu = "".join(f'<li><a href="{self.section_path(s)}">{s}</a></li>' for s in self.sections)
		return f"""<body>
<header id="gHeader"><div class="logo"><a href="/">汐見新聞<span>デジタル</span></a></div><div class="login"><a href="/member/login">ログイン</a><a
class="join" href="/member/join">無料会員登録</a></div></header>
<nav id="gNav"><ul><li><a href="/">トップ</a></li>{menu}<li><a href="/shasetsu/">社説</a></li><li><a href="/weather/">天気</a></li></ul></nav>
{body}
<footer id="gFooter"><ul><li><a href="/info/about">会社案内</a></li><li><a href="/info/privacy">個人情報について</a></li><li><a
href="/info/link">リンク・著作権</a></li><li><a href="/info/ad">広告掲載</a></li></ul>
<p>汐見新聞デジタルに掲載の記事・写真の無断転載を禁じます。すべての内容は著作権法により保護されています。</p><p>Copyright © 汐見新聞社</p></footer>
<script>for (const img of document.querySelectorAll("img.lazyload")) img.src = img.dataset.src;</script>
</body>"""

	def front_page(self, title, articles, path):
		rows = "".join(f"""<li><a href="{self.path(a)}"><figure><img src="{self.picture(a)}" alt="" loading="lazy"></figure><div><em>{escape(a.title)}</em>
<time datetime="{a.date.isoformat()}">{a.date.month}月{a.date.day}日 {a.date:%H:%M}</time></div></a></li>""" for a in articles)
		body = f'<main id="list"><h1>{escape("新着ニュース" if path == "/" else title)}</h1><ul>{rows}</ul></main>'
		return self.document(self.head(f"{title}｜汐見新聞デジタル", path), self.frame(body))

	def article_page(self, article):
		texts = [f'<div class="Text">　{escape(b, quote=False)}</div>' for b in article.blocks]
		texts.insert(2, f"""<div class="InArticle"><a href="{self.path(self.others(article, 1, 2)[0])}"><b>【関連】</b>{escape(self.others(article, 1, 2)[0].title)}</a></div>""")
		related = "".join(f"""<dl><dt><a href="{self.tag_path(quote(w))}">{escape(w)}の記事</a></dt>""" + "".join(
			f"<dd>{self.link(a)}<span>（{a.date.month}/{a.date.day}）</span></dd>" for a in self.of_keyword(article, w, 3)) + "</dl>"
			for w in article.keywords[:2])
		ranking = "".join(f'<li><a href="{self.path(a)}"><span>{escape(a.title)}</span></a></li>' for a in self.others(article, 5))
		tags = "".join(f'<li><a href="{self.tag_path(quote(w))}">{escape(w)}</a></li>' for w in article.keywords)
		date = article.date
		body = f"""<div id="wrap"><main id="MainInner">
<ol class="Breadcrumb"><li><a href="/">トップ</a></li><li><a href="{self.section_path(article.section)}">{article.section}</a></li><li>記事</li></ol>
<div class="ArticleTitle"><h1>{escape(article.title)}</h1></div>
<div class="SubInfo"><p class="ByLine"><a href="/reporter/{quote(article.author)}">{article.author}</a></p><time
datetime="{date.isoformat()}">{date.year}年{date.month}月{date.day}日 {date.hour}時{date.minute:02}分</time>
<ul class="Sns"><li><a href="/sns/1">ポスト</a></li><li><a href="/sns/2">シェア</a></li><li><a href="/sns/3">ブックマーク</a></li><li><a
href="/sns/4">メールする</a></li><li><a href="/sns/5">印刷</a></li></ul></div>
<div class="ArticleBody">
<div class="Image"><figure><img data-src="{self.picture(article)}" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
class="lazyload" width="640" height="360" alt=""><noscript><img src="{self.picture(article)}" alt=""></noscript><figcaption>{escape(article.caption)}</figcaption></figure></div>
{chr(10).join(texts)}
</div>
<ul class="Keyword">{tags}</ul>
<div class="MemberBox"><p>無料会員に登録すると、有料記事を月3本までお読みいただけます。記事の保存や朝夕のお知らせメールもご利用になれます。</p><a
href="/member/join">いますぐ登録</a></div>
<section class="Related"><h2>関連記事</h2>{related}</section>
<section class="Recommend"><h2>あなたにおすすめ</h2><p>最近の閲覧履歴をもとに表示しています。</p><div class="PR">PR　歩いてみませんか、汐見の朝市。毎月第二日曜、海岸通り。</div></section>
</main><aside id="Side"><h2>アクセスランキング</h2><ol>{ranking}</ol><div class="Ad">広告</div><h2>ニュースレター</h2><p>週に一度、編集局から届く手紙。海の向こうの話題を一つ、ゆっくりお届けします。</p></aside></div>"""
		return self.document(self.head(f"{article.title}：汐見新聞デジタル", self.path(article), article), self.frame(body))

	def feed(self):
		items = "".join(f"""<item>
<title>{escape(a.title)}</title>
<link>{self.url(self.path(a))}</link>
<guid isPermaLink="false">{a.slug}</guid>
<category>{escape(a.section)}</category>
<pubDate>{rfc822(a.date)}</pubDate>
<description>{escape(a.teaser(50))}</description>
</item>
""" for a in self.articles)
		return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
<channel>
<title>{self.feed_title}</title>
<link>{self.url("/")}</link>
<description>{self.tagline}</description>
<language>ja</language>
<pubDate>{rfc822(self.newest)}</pubDate>
{items}</channel>
</rss>
""".encode()
