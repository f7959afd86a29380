"""The newsroom's articles: text files with a head of `name: value` lines, a blank line, and the text,
its blocks separated by blank lines. A block that opens with "## " is a heading, "- " lines a list."""

import datetime
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent / "articles"
HEAD = {"title", "date", "section", "slug", "keywords", "author", "translator", "editor", "picture",
	"caption"}


class Article:
	def __init__(self, path):
		head, _, text = path.read_text(encoding="utf-8").partition("\n\n")
		self.publisher = path.parent.name
		self.event = path.stem.split("-", 1)[1]
		fields = dict.fromkeys(HEAD, "")
		for line in head.splitlines():
			name, _, value = line.partition(":")
			if name not in HEAD:
				raise ValueError(f"{path}: no field {name}")
			fields[name] = value.strip()
		for name, value in fields.items():
			setattr(self, name, value)
		self.date = datetime.datetime.fromisoformat(fields["date"])
		self.keywords = [word.strip() for word in fields["keywords"].split(",")]
		self.picture_name = fields["picture"].replace(" ", "-")
		self.blocks = [block.strip() for block in text.strip().split("\n\n")]

	def paragraphs(self):
		return [block for block in self.blocks if block[:3] != "## " and block[:2] != "- "]

	def plain_blocks(self):
		"""The text as a reader sees it: each paragraph, heading and list entry one string."""
		out = []
		for block in self.blocks:
			if block.startswith("## "):
				out.append(block[3:])
			elif block.startswith("- "):
				out += [line[2:] for line in block.splitlines()]
			else:
				out.append(block)
		return out

	def teaser(self, limit):
		text = self.paragraphs()[0]
		if len(text) <= limit:
			return text
		cut = text[:limit]
		if text[limit].isascii() and " " in cut:
			cut = cut.rsplit(" ", 1)[0]
		return cut.rstrip("，,。.、；") + "…"


def load(publisher=None):
	"""All articles, or one publisher's, newest first."""
	paths = sorted(ROOT.glob(f"{publisher or '*'}/*.txt"))
	return sorted(map(Article, paths), key=lambda a: a.date, reverse=True)
