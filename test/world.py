"""world - a small world of news that changes by the hour, for kill-ticks and soak: a web server inside the test's process.

What it serves follows from the seed and the hour alone. Every hour articles appear, some are edited, some are withdrawn
(404 or 410), one comes back; every page has a clock and a list of links that change with each hour and are no edit."""

import hashlib
import http.server
import random
import threading
import time
from email.utils import formatdate

WORDS = ("harbour council ferry bridge winter budget school river market engineer teacher minister report vote storm island "
	"tunnel library hospital price strike museum forest village record season company railway airport festival witness "
	"garden theatre committee orchard island quarry mayor printer lantern pasture novel statute voyage").split()
BASE = 1672567200  # 2023-01-01T10:00:00Z


class Article:
	def __init__(self, chance, source, number, born):
		self.source, self.number, self.born = source, number, born
		self.path = f"/s{source}/{number}.html"
		self.seed = chance.random()
		# Within the looks of its first day, so that a short world sees them.
		self.edits = sorted({born + 1 + int(chance.expovariate(0.3)) for _ in range(2)}) if chance.random() < 0.35 else []
		self.gone = born + 1 + int(chance.expovariate(0.2)) if chance.random() < 0.15 else None
		self.back = self.gone + 40 if self.gone is not None and chance.random() < 0.2 else None
		self.status = chance.choice((404, 410))

	def revision(self, hour):
		return sum(edit <= hour for edit in self.edits)

	def is_gone(self, hour):
		return self.gone is not None and self.gone <= hour and not (self.back and self.back <= hour)

	def title(self):
		return random.Random(self.seed).choice(WORDS).title() + f" news number {self.source}.{self.number}"

	def paragraphs(self, hour):
		chance = random.Random(self.seed)
		made = [" ".join(chance.choice(WORDS) for _ in range(45)).capitalize() + "." for _ in range(6)]
		for n in range(self.revision(hour)):
			made[(n * 2 + 1) % 6] = f"As it was corrected for the {n + 1}. time, " + " ".join(
				random.Random(self.seed + n + 1).choice(WORDS) for _ in range(40)) + "."
		return made


class World:
	def __init__(self, seed, sources, hours, each_hour=0.5, shown=12):
		self.hour, self.sources, self.shown, self.feeds_fail, self.asked = 0, sources, shown, False, 0
		self.hub, self.hubs = None, 0  # address of a hub, and how many feeds name it
		chance = random.Random(seed)
		self.articles = [[] for _ in range(sources)]
		for source, made in enumerate(self.articles):
			for hour in range(-shown // 2, hours):
				if hour < 0 or chance.random() < each_hour:
					made.append(Article(chance, source, len(made), hour))
		self.by_path = {a.path: a for made in self.articles for a in made}

	def now(self):
		return BASE + self.hour * 3600

	def feed(self, source, origin, only_of_hour=None):
		shown = [a for a in self.articles[source] if a.born <= self.hour and not a.is_gone(self.hour)]
		shown = [a for a in shown if a.born == only_of_hour] if only_of_hour is not None else shown[-self.shown:]
		hub = f'<atom:link rel="hub" href="{self.hub}"/><atom:link rel="self" href="{origin}/s{source}.xml"/>' if source < self.hubs else ""
		items = "".join(
			f"<item><title>{a.title()}</title><link>{origin}{a.path}</link><guid>g{source}-{a.number}</guid>"
			f"<pubDate>{formatdate(BASE + a.born * 3600, usegmt=True)}</pubDate><description>A hint.</description></item>"
			for a in reversed(shown))
		return ('<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
			f"<title>Source {source}</title><link>{origin}/</link><ttl>60</ttl>{hub}{items}</channel></rss>")

	def page(self, a):
		clock = self.hour
		links = "".join(f'<li><a href="/s{a.source}/{(clock + k) % 50}.html">Link of the hour {clock + k}</a></li>' for k in range(6))
		body = "".join(f"<p>{p}</p>" for p in a.paragraphs(self.hour))
		return (f'<!doctype html><html lang="en"><head><title>{a.title()}</title></head><body><nav><a href="/">Home</a> '
			f'<a href="/c">It is {clock} o\'clock</a></nav><article><h1>{a.title()}</h1>{body}</article>'
			f"<aside><h2>Most read</h2><ul>{links}</ul></aside><footer>Read {clock * 7 + 3} times</footer></body></html>")

	def answer(self, path, origin):
		"""Status, type, body."""
		self.asked += 1
		if path == "/robots.txt":
			return 404, "text/plain", ""
		if path.endswith(".xml"):
			if self.feeds_fail:
				return 503, "text/plain", "out of order"
			return 200, "application/rss+xml", self.feed(int(path[2:-4]), origin)
		a = self.by_path.get(path)
		if not a or a.born > self.hour:
			return 404, "text/html", "<title>Not found</title>"
		if a.is_gone(self.hour):
			return a.status, "text/html", "<title>Gone</title>"
		return 200, "text/html", self.page(a)


class Handler(http.server.BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	# One write an answer: else the second waits for the peer's delayed acknowledgement.
	wbufsize = 65536

	def log_message(self, *args):
		pass

	def do_GET(self):
		server = self.server
		if server.latency:
			time.sleep(server.latency)
		status, kind, text = server.world.answer(self.path, server.origin)
		body = text.encode()
		etag = '"' + hashlib.sha1(body).hexdigest()[:16] + '"'
		if status == 200 and self.headers.get("If-None-Match") == etag:
			status, body = 304, b""
		self.send_response(status)
		self.send_header("ETag", etag)
		self.send_header("Content-Type", kind + "; charset=utf-8")
		if status != 304:
			self.send_header("Content-Length", str(len(body)))
		self.end_headers()
		self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
	daemon_threads = True
	request_queue_size = 128

	def handle_error(self, request, client_address):
		pass  # the client was killed


def serve(world, latency=0.0):
	"""Starts the server; its `origin` is the address of the world."""
	server = Server(("127.0.0.1", 0), Handler)
	server.world, server.latency = world, latency
	server.origin = f"http://127.0.0.1:{server.server_port}"
	threading.Thread(target=server.serve_forever, daemon=True).start()
	return server


def write_settings(mirror, server, more=""):
	with open(f"{mirror}/dibao.conf", "a", encoding="utf-8") as conf:
		conf.write(f'\nhost_gap = "0s"\npictures = false\nmax_per_host = 8\n{more}')
	with open(f"{mirror}/sources.conf", "a", encoding="utf-8") as conf:
		for source in range(server.world.sources):
			conf.write(f'source "s{source}" {{\n\turl = "{server.origin}/s{source}.xml"\n\tallow_private = true\n}}\n')
