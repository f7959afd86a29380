"""Pictures for the newsroom, drawn from their names: `sea-3` is always the same PNG of a few kilobytes."""

import math
import random
import struct
import zlib

WIDTH, HEIGHT = 640, 360
KINDS = {
	# top of the sky, bottom of the sky, then the layers from far to near
	"sea": [(126, 170, 200), (236, 222, 200), (70, 118, 150), (44, 92, 126), (28, 66, 98)],
	"hills": [(150, 186, 205), (244, 232, 206), (132, 160, 140), (86, 128, 92), (48, 88, 58)],
	"night": [(10, 14, 34), (44, 48, 88), (30, 34, 62), (20, 24, 44), (12, 14, 28)],
	"city": [(196, 170, 160), (250, 226, 196), (156, 132, 136), (108, 92, 108), (66, 58, 76)],
}
BANDS = 48


def palette_of(kind):
	top, bottom, *layers = KINDS[kind]
	sky = [tuple(a + (b - a) * i // (BANDS - 1) for a, b in zip(top, bottom)) for i in range(BANDS)]
	return sky + layers + [(255, 250, 230), (228, 196, 110)]


def edge_of_layer(kind, rng, layer):
	"""The height of one layer's upper edge at each column."""
	base = HEIGHT * (46 + 16 * layer) // 100
	if kind == "city":
		edge, x = [], 0
		while x < WIDTH:
			width, top = rng.randrange(18, 56), base - rng.randrange(0, 80 - 18 * layer)
			edge += [top] * width
			x += width
		return edge[:WIDTH]
	swing = 5 if kind == "sea" else 34 - 7 * layer
	waves = [(rng.uniform(0.5, 3.5) * (3 if kind == "sea" else 1), rng.uniform(0, 6.3), rng.random())
		for _ in range(4)]
	return [int(base + swing * sum(w * math.sin(f * x * 6.28 / WIDTH + p) for f, p, w in waves) / 2)
		for x in range(WIDTH)]


def draw(name):
	"""The bytes of picture `name`: KIND-NUMBER. KeyError or ValueError: there is none of that name."""
	kind, number = name.split("-")
	palette = palette_of(kind)
	rng = random.Random(f"{kind} {int(number)}")
	rows = [bytearray([y * BANDS // HEIGHT]) * WIDTH for y in range(HEIGHT)]
	light, accent = len(palette) - 2, len(palette) - 1
	if kind == "night":
		for _ in range(90):
			rows[rng.randrange(HEIGHT * 2 // 5)][rng.randrange(WIDTH)] = light
	cx, cy, radius = rng.randrange(120, 520), rng.randrange(50, 120), rng.randrange(14, 30)
	for y in range(cy - radius, cy + radius):
		half = int(math.sqrt(radius * radius - (y - cy) ** 2))
		rows[y][cx - half:cx + half] = bytes([light]) * (2 * half)
	for layer in range(3):
		for x, edge in enumerate(edge_of_layer(kind, rng, layer)):
			for y in range(max(edge, 0), HEIGHT):
				rows[y][x] = BANDS + layer
	if kind in ("city", "night"):
		for _ in range(60):
			x, y = rng.randrange(WIDTH - 4), rng.randrange(HEIGHT * 3 // 4, HEIGHT - 6)
			for dy in range(5):
				rows[y + dy][x:x + 3] = bytes([accent]) * 3
	if kind == "sea":
		x, y = rng.randrange(140, 440), HEIGHT * 58 // 100
		for i in range(14):
			rows[y + i][x + 2 * i:x + 96 - 2 * i] = bytes([light]) * (96 - 4 * i)
		for i in range(12):
			rows[y - 12 + i][x + 24:x + 70] = bytes([accent]) * 46
	return png(rows, palette)


def png(rows, palette):
	def chunk(name, body):
		return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
	return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0))
		+ chunk(b"PLTE", b"".join(map(bytes, palette)))
		+ chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)) + chunk(b"IEND", b""))
