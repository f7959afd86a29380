"""Jiangan Evening Post: Simplified Chinese in GB18030, pages and feed; RSS 1.0 with summaries only. Its pages
have no structured data, a table around them, and readers' comments as long as the article's paragraphs."""

from html import escape
from urllib.parse import quote

from .base import Publisher

COMMENTS = [
	("桥头老周", "每天早上就盼着看晚报的这类稿子，不吵不闹，把事情说清楚。希望记者以后多写写我们身边的人，少写点口号，过年的时候还能翻出来再看一遍。"),
	("不吃香菜", "沙发。楼上说得对，另外建议把配图放大一点，手机上实在看不清楚，我拿着放大镜看了半天。"),
	("汀溪渔火", "我就住在附近，当天也在现场，和报道里写的差不多，只是人比照片上看着还要多。带孩子去的朋友记得早点出门，停车位九点以前就满了。"),
]


class Jiangan(Publisher):
	key, name, lang, locale = "jiangan", "江岸晚报", "zh-CN", "zh_CN"
	tagline = "江岸晚报电子版：汀溪两岸的本埠新闻、人文与科学。"
	address = "127.0.0.3"
	encoding, html_type = "gb18030", "text/html"
	feed_path, feed_type, feed_title = "/rss/index.rdf", "application/rdf+xml", "江岸晚报·最新报道"
	sections = {"本埠": "benbu", "科学": "kexue", "人文": "renwen", "财经": "caijing", "生态": "shengtai",
		"体育": "tiyu"}
	section_prefix, tag_prefix = "/gb/", "/so/"

	def path(self, article):
		day, number = article.slug.split("_")
		return f"/gb/content/{day[:4]}-{day[4:6]}/{day[6:]}/content_{number}.htm"

	def head(self, title, path, article=None):
		if not article:
			return super().head(title, path)
		return f"""<meta http-equiv="Content-Type" content="text/html; charset=gb18030">
<title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="keywords" content="{escape(",".join(article.keywords))}">
<meta name="description" content="{escape(article.teaser(90))}">
<meta name="publishdate" content="{article.date:%Y-%m-%d}">
<meta name="author" content="{escape(article.author)}">
<link rel="canonical" href="{self.url(path)}">
<link rel="alternate" type="application/rdf+xml" title="{self.feed_title}" href="{self.feed_path}">
<link rel="stylesheet" href="/assets/site.css">"""

	def frame(self, body):
		menu = " | ".join(f'<a href="{self.section_path(s)}">{s}</a>' for s in self.sections)
		return f"""<body>
<div id="top"><a href="/" id="masthead">江岸晚报</a><span>兰汀 · 汀溪两岸的一份晚报</span></div>
<div id="menu"><a href="/">首页</a> | {menu} | <a href="/epaper/">数字报</a> | <a href="/bbs/">社区</a></div>
{body}
<div id="foot"><p><a href="/about.htm">关于晚报</a> | <a href="/ad.htm">广告刊例</a> | <a href="/job.htm">加入我们</a> | <a
href="/law.htm">法律声明</a></p><p>江岸晚报社版权所有，未经书面授权不得转载。新闻热线：0000-1234567</p></div>
</body>"""

	def front_page(self, title, articles, path):
		rows = "".join(f"""<div class="row"><a href="{self.path(a)}"><img src="{self.picture(a)}" alt=""></a><div><h2>{self.link(a)}</h2>
<p>{escape(a.teaser(70))}</p><span>{a.date:%Y年%m月%d日 %H:%M}　{a.section}</span></div></div>""" for a in articles)
		body = f'<div id="list"><h1>{escape(title)}</h1>{rows}</div>'
		return self.document(self.head(f"{title}_江岸晚报", path), self.frame(body))

	def article_page(self, article):
		hot = "".join(f"<li>{self.link(a)}</li>" for a in self.others(article, 6))
		related = "".join(f'<li>· {self.link(a)} <span>({a.date:%m-%d %H:%M})</span></li>'
			for a in self.of_keyword(article, article.keywords[0], 4))
		comments = "".join(f"""<div class="comment"><b>{name}</b> <span>{article.date:%m-%d} {20 + i}:1{i}</span>
<p>{text}</p><a href="#">回复</a> <a href="#">顶({7 * i + 3})</a></div>""" for i, (name, text) in enumerate(COMMENTS))
		tags = " ".join(f'<a href="{self.tag_path(quote(w))}">{escape(w)}</a>' for w in article.keywords)
		paragraphs = ["<p>　　" + escape(block, quote=False) + "</p>" for block in article.blocks]
		paragraphs.insert(3, '<div class="ad_in"><a href="/ad/teahouse.htm">【广告】老街茶馆秋季新茶上市，凭本报剪角买一赠一</a></div>')
		body = f"""<table id="layout"><tr><td id="left">
<div class="path">您的位置：<a href="/">江岸晚报</a> &gt; <a href="{self.section_path(article.section)}">{article.section}</a> &gt; 正文</div>
<h1 id="title">{escape(article.title)}</h1>
<div class="info">{article.date:%Y年%m月%d日 %H:%M}　来源：江岸晚报　记者：{article.author}　<a href="#pl">评论(3)</a>　字号：<a
href="#">大</a> <a href="#">中</a> <a href="#">小</a></div>
<div class="summary_tools"><a href="#">打印</a> <a href="#">收藏</a> <a href="#">纠错</a></div>
<div id="content">
<div class="pic" align="center"><img src="{self.picture(article)}" alt="{escape(article.title)}" width="600"><br><span
class="tu">{escape(article.caption)}</span></div>
{chr(10).join(paragraphs)}
</div>
<div class="editor">（责任编辑：{article.editor}）</div>
<div class="tags">标签：{tags}</div>
<div class="share">分享到：<a href="/share/1">微讯</a> <a href="/share/2">空间</a> <a href="/share/3">朋友们</a>
<span>扫一扫，在手机打开当前页</span></div>
<div class="xgxw"><h3>相关新闻</h3><ul>{related}</ul></div>
<div id="pl"><h3>网友评论</h3><p class="note">网友评论仅供其表达个人看法，并不表明江岸晚报同意其观点或证实其描述。</p>{comments}
<form><textarea placeholder="文明上网，理性发言"></textarea><button>发表评论</button></form></div>
</td><td id="right"><h3>热点排行</h3><ol>{hot}</ol><div class="adv">广告位招租</div><h3>数字报</h3><p>足不出户，翻阅当日纸版。每天下午四点上线。</p></td></tr></table>"""
		return self.document(self.head(f"{article.title}_{article.section}_江岸晚报", self.path(article), article),
			self.frame(body))

	def feed(self):
		order = "".join(f'<rdf:li rdf:resource="{self.url(self.path(a))}"/>\n' for a in self.articles)
		items = "".join(f"""<item rdf:about="{self.url(self.path(a))}">
<title>{escape(a.title)}</title>
<link>{self.url(self.path(a))}</link>
<description>{escape(a.teaser(60))}</description>
<dc:creator>{escape(a.author)}</dc:creator>
<dc:subject>{escape(a.section)}</dc:subject>
<dc:date>{a.date.isoformat()}</dc:date>
</item>
""" for a in self.articles)
		return f"""<?xml version="1.0" encoding="GB18030"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{self.url(self.feed_path)}">
<title>{self.feed_title}</title>
<link>{self.url("/")}</link>
<description>{self.tagline}</description>
<dc:language>zh-CN</dc:language>
<items><rdf:Seq>
{order}</rdf:Seq></items>
</channel>
{items}</rdf:RDF>
""".encode("gb18030")
