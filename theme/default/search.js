/* Search without a server: reads the index that dibao build wrote beside the pages (docs/SEARCH.md). */
'use strict';
var dibao = (function () {
	var PAGE = 10, PACK = 1 << 20, OPEN = 7, CLOSE = 2, TABLE = 128, GROUP = 8, HOUR = 36e5, PLACES = 64, CHUNK = 8192, NEAR = 800, SAMPLE = 256, WINDOW = 8, FEW = 8192, YEAR = 365 * 864e5, NOWHERE = 1 / 0;

	/* --- bytes ------------------------------------------------------------------------------ */

	/* What windows-1252 makes of 0x80 to 0x9F. */
	var HIGH = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90' +
		'\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

	function bytesOfText(text) {
		var out = new Uint8Array(text.length);
		for (var i = 0; i < text.length; i++) {
			var c = text.charCodeAt(i);
			out[i] = c < 256 ? c : 128 + HIGH.indexOf(text[i]);
		}
		return out;
	}

	function unescape(piece) {
		var out = new Uint8Array(piece.length), n = 0, at = 0, next;
		for (; (next = piece.indexOf(61, at)) >= 0; at = next + 2) {
			out.set(piece.subarray(at, next), n);
			n += next - at;
			out[n++] = piece[next + 1] ^ 64;
		}
		out.set(piece.subarray(at), n);
		return out.subarray(0, n + piece.length - at);
	}

	function unpack(piece) {
		var bytes = unescape(piece);
		return bytes[0] ? inflate(bytes.subarray(1)) : bytes.subarray(1);
	}

	/* fast: by the next 9 bits, symbol and length of a short code; 0: a longer one. */
	function huffman(lengths) {
		var count = new Uint16Array(16), at = new Uint16Array(16), symbols = new Uint16Array(lengths.length), i, k, code = 0;
		var fast = new Uint16Array(512), codes = new Uint16Array(16);
		for (i = 0; i < lengths.length; i++)
			count[lengths[i]]++;
		count[0] = 0;
		for (i = 1; i < 16; i++) {
			at[i] = at[i - 1] + count[i - 1];
			codes[i] = code = (code + count[i - 1]) << 1;
		}
		for (i = 0; i < lengths.length; i++) {
			var length = lengths[i];
			if (!length)
				continue;
			symbols[at[length]++] = i;
			code = codes[length]++;
			if (length > 9)
				continue;
			for (k = 0, at[0] = 0; k < length; k++)
				at[0] |= (code >> k & 1) << (length - 1 - k);
			for (k = at[0]; k < 512; k += 1 << length)
				fast[k] = i << 4 | length;
			at[0] = 0;
		}
		return {count: count, symbols: symbols, fast: fast};
	}

	/* RFC 1951: not every browser has a DecompressionStream, and none has one that answers at once. */
	function inflate(from) {
		var out = new Uint8Array(from.length * 4), n = 0, at = 0, held = 0, have = 0, last, kind, i;

		function bits(count) {
			while (have < count) {
				held |= from[at++] << have;
				have += 8;
			}
			var value = held & ((1 << count) - 1);
			held >>>= count;
			have -= count;
			return value;
		}
		function symbol(tree) {
			while (have < 16 && at < from.length) {
				held |= from[at++] << have;
				have += 8;
			}
			var short = tree.fast[held & 511];
			if (short && (short & 15) <= have) {
				held >>>= short & 15;
				have -= short & 15;
				return short >> 4;
			}
			for (var length = 1, code = 0, first = 0, index = 0; length < 16; length++) {
				code |= bits(1);
				var count = tree.count[length];
				if (code - count < first)
					return tree.symbols[index + code - first];
				index += count;
				first = (first + count) << 1;
				code <<= 1;
			}
			throw Error('damaged');
		}
		function room(count) {
			if (n + count <= out.length)
				return;
			var more = new Uint8Array((n + count) * 2);
			more.set(out);
			out = more;
		}
		function trees() {
			var order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
			var literals = bits(5) + 257, distances = bits(5) + 1, count = bits(4) + 4;
			var lengths = new Uint8Array(19), all = new Uint8Array(literals + distances);
			for (var k = 0; k < count; k++)
				lengths[order[k]] = bits(3);
			var tree = huffman(lengths);
			for (k = 0; k < all.length;) {
				var s = symbol(tree), value = 0, times = 1;
				if (s < 16)
					value = s;
				else if (s === 16) {
					value = all[k - 1];
					times = 3 + bits(2);
				} else
					times = s === 17 ? 3 + bits(3) : 11 + bits(7);
				while (times--)
					all[k++] = value;
			}
			return [huffman(all.subarray(0, literals)), huffman(all.subarray(literals))];
		}
		function fixed() {
			var lengths = new Uint8Array(288);
			for (var k = 0; k < 288; k++)
				lengths[k] = k < 144 ? 8 : k < 256 ? 9 : k < 280 ? 7 : 8;
			return [huffman(lengths), huffman(new Uint8Array(30).fill(5))];
		}
		function extra(s, step, base) {
			return s < 2 * step ? base + s : base + ((step + s % step) << (s / step - 1)) + bits((s / step | 0) - 1);
		}
		do {
			last = bits(1);
			kind = bits(2);
			if (!kind) {
				at -= have >> 3;
				held = have = 0;
				i = from[at] | from[at + 1] << 8;
				room(i);
				out.set(from.subarray(at + 4, at + 4 + i), n);
				n += i;
				at += 4 + i;
				continue;
			}
			var two = kind === 2 ? trees() : fixed(), s;
			while ((s = symbol(two[0])) !== 256) {
				room(258);
				if (s < 256) {
					out[n++] = s;
					continue;
				}
				var length = s === 285 ? 258 : extra(s - 257, 4, 3), back = extra(symbol(two[1]), 2, 1);
				for (i = 0; i < length; i++, n++)
					out[n] = out[n - back];
			}
		} while (!last);
		return out.subarray(0, n);
	}

	function Reader(bytes) {
		this.b = bytes;
		this.at = 0;
	}
	Reader.prototype = {
		varint: function () {
			var c = this.b[this.at++], n = c & 127;
			if (c < 128)
				return n;
			for (var scale = 128; ; scale *= 128) {
				c = this.b[this.at++];
				n += (c & 127) * scale;
				if (c < 128)
					return n;
				if (c === undefined)
					throw Error('damaged');
			}
		},
		signed: function () {
			var n = this.varint();
			return n % 2 ? -(n + 1) / 2 : n / 2;
		},
		numbers: function () {
			var count = this.varint(), out = new Uint32Array(count), last = -1, i;
			if (count < 8) {
				for (i = 0; i < count; i++)
					out[i] = last += 1 + this.varint();
				return out;
			}
			var b = this.b, at = this.at, k = b[at++], held = 0, have = 0, high, ones;
			function fill() {
				for (; have < 25 && at < b.length; have += 8)
					held |= b[at++] << have;
			}
			for (i = 0; i < count; i++) {
				for (high = 0; ; high += ones) {
					fill();
					ones = Math.min(have, ~held ? 31 - Math.clz32(~held & -~held) : 32);
					if (!have)
						throw Error('damaged');
					held = ones < 32 ? held >>> ones : 0;
					have -= ones;
					if (have)
						break;
				}
				held >>>= 1;
				have--;
				fill();
				out[i] = last += 1 + (high + ones) * (1 << k) + (held & ((1 << k) - 1));
				held >>>= k;
				have -= k;
			}
			this.at = at - (have >> 3);
			return out;
		},
		/* A term behind the one before it. */
		shared: function (before) {
			var same = this.b[this.at++], own = this.b[this.at++], out = new Uint8Array(same + own);
			out.set(before.subarray(0, same));
			out.set(this.b.subarray(this.at, this.at + own), same);
			this.at += own;
			return out;
		}
	};

	function compare(a, b) {
		for (var i = 0; i < a.length && i < b.length; i++)
			if (a[i] !== b[i])
				return a[i] - b[i];
		return a.length - b.length;
	}

	/* --- files ------------------------------------------------------------------------------ */

	var read = 0; /* bytes, of pieces */
	var base = 'search/', files = {}, pieces = {}, wanted = [], http = typeof location !== 'undefined' && /^http/.test(location.protocol);
	var ranges; /* does the host give pieces of files? A promise of it, while that is found out */

	function get(name, how) {
		return fetch(base + name, how).then(function (answer) {
			if (!answer.ok)
				throw Object.assign(Error(name + ': ' + answer.status), {status: answer.status});
			return answer.arrayBuffer().then((buffer) => ({partial: answer.status === 206, bytes: new Uint8Array(buffer)}));
		});
	}

	/* From a disk only a script can be read; its text stands for the bytes of the file. */
	function script(name) {
		return new Promise(function (done, failed) {
			var el = document.createElement('script');
			el.charset = 'windows-1252';
			el.src = base + name;
			el.take = function (text) {
				done({length: text.length + OPEN + CLOSE, subarray: (from, to) => bytesOfText(text.slice(from - OPEN, to - OPEN))});
			};
			el.onerror = function () {
				failed(Object.assign(Error(name), {status: 404}));
			};
			el.onload = function () {
				el.remove();
			};
			document.head.appendChild(el);
		});
	}

	function whole(name, fresh) {
		if (!files[name] || fresh) {
			files[name] = http ? get(name, {cache: fresh ? 'no-cache' : 'default'}).then((got) => got.bytes) : script(name);
			files[name].catch(function () {
				delete files[name];
			});
		}
		return files[name];
	}

	/* A file of one piece. */
	function load(name, fresh) {
		return whole(name, fresh).then((file) => unpack(file.subarray(OPEN, file.length - CLOSE)));
	}

	/*
	 * Bytes of a file, or all of it where the host knows no ranges: that is kept. The browser's cache would have pieces of one
	 * file come one behind the other.
	 */
	function range(name, from, to) {
		return get(name, {cache: 'no-store', headers: {Range: 'bytes=' + from + '-' + (to - 1)}}).then(function (got) {
			read += got.bytes.length;
			if (got.partial && got.bytes.length === to - from)
				return got.bytes;
			if (!got.partial)
				files[name] = Promise.resolve(got.bytes);
			throw {status: 416};
		}).catch(function (e) {
			if (!e.status || e.status === 404)
				throw e;
			ranges = false;
			return whole(name).then((file) => file.subarray(from, to));
		});
	}

	/* Asks for what is wanted: what stands together at once. */
	function ask() {
		var groups = [];
		wanted.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : a.from - b.from);
		wanted.forEach(function (w) {
			var last = groups[groups.length - 1];
			if (last && last.name === w.name && w.from - last.to < NEAR) {
				last.to = Math.max(last.to, w.to);
				last.all.push(w);
			} else
				groups.push({name: w.name, from: w.from, to: w.to, all: [w]});
		});
		wanted = [];
		groups.forEach(function (g) {
			function go() {
				return ranges === false ? whole(g.name).then((file) => file.subarray(g.from, g.to)) : range(g.name, g.from, g.to);
			}
			var got = ranges && ranges.then ? ranges.then(go) : go();
			if (ranges === undefined)
				ranges = got.then(function () { ranges = ranges && true; }, function () { ranges = undefined; });
			got.then(function (bytes) {
				g.all.forEach((w) => w.done(bytes.subarray(w.from - g.from, w.to - g.from)));
			}, function (e) {
				g.all.forEach((w) => w.failed(e));
			});
		});
	}

	/* A piece of a stream of packs, as it stands there. */
	function piece(stem, at, length) {
		var name = stem + Math.floor(at / PACK) + '.js', from = at % PACK, key = name + ':' + from;
		if (!length)
			return Promise.resolve(new Uint8Array(0));
		if (!http || ranges === false)
			return whole(name).then((file) => file.subarray(from, from + length));
		if (!pieces[key]) {
			pieces[key] = new Promise(function (done, failed) {
				if (!wanted.length)
					Promise.resolve().then(ask);
				wanted.push({name: name, from: from, to: from + length, done: done, failed: failed});
			});
			pieces[key].catch(function () {
				delete pieces[key];
			});
		}
		return pieces[key];
	}

	/* Addresses of pieces behind one another: one that has no room in a file begins the next. */
	function addresses(at, lengths, limit) {
		return lengths.map(function (length) {
			var from = at % PACK + length > limit - CLOSE ? (Math.floor(at / PACK) + 1) * PACK + OPEN : at;
			at = from + length;
			return from;
		});
	}

	function utf8(bytes) {
		return new TextDecoder().decode(bytes);
	}

	/* --- folding and terms: src/text/fold.c, src/text/segment.c ------------------------------ */

	var han = new Map(), words = [], cjks = [];

	function setTables(bytes) {
		var r = new Reader(bytes), count = r.varint(), from = 0, to = 0;
		while (count--)
			han.set(from += r.varint(), to += r.signed());
		[words, cjks].forEach(function (list) {
			list.length = 0;
			for (count = r.varint() * 2, from = 0; count--;)
				list.push(from += r.varint());
		});
	}

	/* In [from, behind) of one of the pairs? */
	function within(list, c) {
		var low = 0, high = list.length;
		while (low < high) {
			var middle = (low + high) >> 1;
			if (list[middle] <= c)
				low = middle + 1;
			else
				high = middle;
		}
		return low % 2 === 1;
	}
	function isCjk(c) {
		return c >= 0x4e00 && c < 0xa000 || c >= 0x1100 && within(cjks, c);
	}
	function isWord(c) {
		return c < 128 ? c > 47 && c < 58 || c > 64 && c < 91 || c > 96 && c < 123 : within(words, c) && !isCjk(c);
	}

	var IGNORED = /[\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0100}-\u{e01ef}]/u;
	var CLUSTER = /[^](?:(?![\u2000-\u2e7f])[\p{M}\u1160-\u11ff\u3131-\u318e\ud7b0-\ud7ff\uff9e-\uffdc])*/uy;
	var alone = new Map();

	function foldCase(ch) {
		var c = ch.codePointAt(0), up;
		if (IGNORED.test(ch))
			return '';
		if (c === 0x131 || c >= 0x2e80 && c < 0xa000 || han.has(c))
			return String.fromCodePoint(han.get(c) || c);
		up = ch.toUpperCase();
		if (c >= 0x13a0 && c < 0x1400 || c >= 0xab70 && c < 0xabc0)
			return up;
		up = up.toLowerCase().replace(/\u03c2/g, '\u03c3').replace(/\xdf/g, 'ss');
		return up.length > 1 ? up.normalize() : up;
	}

	function foldCluster(cluster) {
		var out = alone.get(cluster);
		if (out === undefined) {
			out = '';
			/* Marks on nothing stay in their order. */
			var parts = /^\p{M}/u.test(cluster) ? Array.from(cluster) : [cluster];
			for (var ch of parts.map((s) => s.normalize('NFKC')).join(''))
				out += foldCase(ch);
			if (alone.size > 20000)
				alone.clear();
			alone.set(cluster, out);
		}
		return out;
	}

	/* Does nothing that begins with this code unit combine with what stands before it? */
	function apart(c) {
		return c < 0x300 || c >= 0x3400 && c < 0xa000 || c >= 0x3000 && c < 0x302a || c >= 0xff00 && c < 0xff9e;
	}

	/* Folded, and where in the text each of its code units is from (one more ends them). */
	function fold(text, places) {
		for (var out = '', i = 0, length = text.length; i < length;) {
			var c = text.charCodeAt(i), from = i, folded;
			if ((c < 128 || c >= 0x3400 && c < 0xa000) && (i + 1 === length || apart(text.charCodeAt(i + 1)))) {
				folded = String.fromCodePoint(c < 128 ? c > 64 && c < 91 ? c + 32 : c : han.get(c) || c);
				i++;
			} else {
				CLUSTER.lastIndex = i;
				i += CLUSTER.exec(text)[0].length;
				folded = foldCluster(text.slice(from, i));
			}
			out += folded;
			for (var k = 0; places && k < folded.length; k++)
				places.push(from);
		}
		if (places)
			places.push(i);
		return out;
	}

	/* Characters of CJK and words, in order; `joined`: CJK directly behind CJK. */
	function segment(folded) {
		var out = [], end = -1, i = 0;
		while (i < folded.length) {
			var c = folded.codePointAt(i), next = i + (c > 0xffff ? 2 : 1), cjk = isCjk(c);
			if (!cjk && isWord(c))
				while (next < folded.length && isWord(folded.codePointAt(next)))
					next += folded.codePointAt(next) > 0xffff ? 2 : 1;
			else if (!cjk) {
				i = next;
				continue;
			}
			out.push({text: folded.slice(i, next), cjk: cjk, joined: cjk && end === i && out[out.length - 1].cjk});
			end = i = next;
		}
		return out;
	}

	/* The terms that src/text/segment.c has of a text: what the test compares. */
	function terms(folded) {
		var units = segment(folded), out = [];
		units.forEach(function (u, i) {
			var next = units[i + 1];
			out.push(u.cjk && next && next.joined ? u.text + next.text : u.text);
		});
		return out;
	}

	/* --- the query: src/store/query.c -------------------------------------------------------- */

	function Problem(key, value) {
		this.key = key;
		this.value = value || '';
	}

	function day(text, behind, zone) {
		var m = /^(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text);
		if (!m)
			return NaN;
		var y = +m[1], month = m[2] ? +m[2] : 1, d = m[3] ? +m[3] : 1, t = new Date(0);
		t.setUTCFullYear(y, month - 1, d);
		if (y < 1 || y > 9998 || t.getUTCMonth() !== month - 1 || t.getUTCDate() !== d)
			return NaN;
		if (behind)
			t.setUTCFullYear(m[2] ? y : y + 1, m[2] && !m[3] ? month : month - 1, m[3] ? d + 1 : d);
		return t - zone * 6e4;
	}

	/* The pieces of a phrase: runs of CJK as pairs that cover them, and words. */
	function piecesOf(units) {
		var pieces = [], i, k, n;
		for (i = 0; i < units.length; i += n) {
			for (n = 1; units[i].cjk && i + n < units.length && units[i + n].joined;)
				n++;
			var items = [];
			if (n < 2)
				items.push({text: units[i].text, off: 0});
			for (k = 0; n > 1 && k < n; k += 2) {
				var off = Math.min(k, n - 2);
				items.push({text: units[i + off].text + units[i + off + 1].text, off: off});
			}
			pieces.push({items: items, length: n, loose: i > 0 && units[i].cjk && units[i - 1].cjk});
		}
		return pieces;
	}

	function parse(text, zone) {
		var q = {clauses: [], from: -1 / 0, to: 1 / 0}, at = 0;
		var space = /[\s\x85\u200b\ufeff]/, field = /^(source|tag|from|to):/i;
		if (new TextEncoder().encode(text).length > 4096)
			throw new Problem('long');
		while (at < text.length) {
			if (space.test(text[at])) {
				at++;
				continue;
			}
			var without = text[at] === '-' && at + 1 < text.length, value, word;
			at += without;
			word = field.exec(text.slice(at, at + 8));
			at += word ? word[0].length : 0;
			word = word ? word[1].toLowerCase() : '';
			var start = at;
			if (at < text.length && /["\u201c\u201d]/.test(text[at])) {
				for (start = ++at; at < text.length && !/["\u201c\u201d]/.test(text[at]);)
					at++;
				if (at === text.length)
					throw new Problem('quote', text.slice(start, start + 60));
				value = text.slice(start, at++);
			} else {
				while (at < text.length && !space.test(text[at]))
					at++;
				value = text.slice(start, at);
			}
			add(q, word, value, without, zone);
		}
		if (!q.clauses.some((c) => !c.without))
			throw new Problem('nothing');
		return q;
	}

	function add(q, word, value, without, zone) {
		if (word && !value.trim())
			throw new Problem('value', word + ':');
		if (word === 'from' || word === 'to') {
			var t = without ? NaN : day(value, word === 'to', zone);
			if (t !== t)
				throw new Problem('date', word + ':' + value);
			q[word] = t;
			return;
		}
		if (word) {
			value = word === 'tag' ? fold(value).trim() : value;
			q.clauses.push({field: word, value: value, without: without,
				pieces: [{items: [{text: (word === 'tag' ? '\x03' : '\x02') + value, off: 0}], length: 1}]});
		} else {
			var units = segment(fold(value)).slice(0, 128);
			if (units.length)
				q.clauses.push({units: units, pieces: piecesOf(units), without: without});
		}
		if (q.clauses.length > 64)
			throw new Problem('long');
	}

	/* --- where a clause stands in a folded text: src/store/match.c ---------------------------- */

	function wordBefore(s, at) {
		if (!at)
			return false;
		var c = s.codePointAt(at - 1);
		if (c >= 0xdc00 && c < 0xe000 && at > 1)
			c = s.codePointAt(at - 2);
		return isWord(c);
	}

	/* The end of a match that begins at `at`, or -1. */
	function matchAt(units, s, at) {
		for (var i = 0; i < units.length; i++) {
			var u = units[i];
			if (i && !u.joined)
				for (; at < s.length; at += s.codePointAt(at) > 0xffff ? 2 : 1) {
					var c = s.codePointAt(at);
					if (c === 10)
						return -1;
					if (isCjk(c) || isWord(c))
						break;
				}
			if (!s.startsWith(u.text, at))
				return -1;
			at += u.text.length;
			if (!u.cjk && at < s.length && isWord(s.codePointAt(at)))
				return -1;
		}
		return at;
	}

	/* [from, to) of the first match at or behind `at`, or null. */
	function find(units, s, at) {
		for (; (at = s.indexOf(units[0].text, at)) >= 0; at++) {
			var to = matchAt(units, s, at);
			if (to >= 0 && (units[0].cjk || !wordBefore(s, at)))
				return [at, to];
		}
		return null;
	}

	/* A document's text as it is matched: title, text, around, each folded. */
	function folded(doc) {
		return doc.folded || (doc.folded = [doc.title, doc.text, doc.around].map((s) => fold(s)));
	}

	function stands(clause, doc) {
		if (clause.field)
			return doc[clause.field].indexOf(clause.value) >= 0;
		return folded(doc).some((s) => find(clause.units, s, 0));
	}

	function answers(q, doc) {
		return q.clauses.every((c) => stands(c, doc) !== c.without);
	}

	/* Has a title all terms of a query? Of lists only those are known that were asked for. */
	function inTitle(q, title) {
		var units = segment(fold(title)), have = new Set(terms(fold(title)).concat(units.map((u) => u.text)));
		var wanted = q.clauses.filter((c) => !c.field && !c.without);
		return wanted.length > 0 && wanted.every(function (c) {
			return c.units.every(function (u, i) {
				var next = c.units[i + 1];
				return have.has(next && next.joined ? u.text + next.text : u.text) || u.joined && !(next && next.joined);
			});
		});
	}

	/* --- parts ------------------------------------------------------------------------------- */

	/* Terms in order, each with the piece that begins with it. */
	function Index(r, at, limit) {
		var lengths = [];
		for (this.terms = []; r.at < r.b.length;) {
			this.terms.push(r.shared(this.terms[this.terms.length - 1] || new Uint8Array(0)));
			lengths.push(r.varint());
		}
		this.lengths = lengths;
		this.at = addresses(at, lengths, limit);
	}
	/* The piece that has a term, if any has: of the last that does not begin behind it. */
	Index.prototype.find = function (stem, key) {
		var low = 0, high = this.terms.length;
		while (low < high) {
			var middle = (low + high) >> 1;
			if (compare(this.terms[middle], key) <= 0)
				low = middle + 1;
			else
				high = middle;
		}
		return low ? piece(stem, this.at[low - 1], this.lengths[low - 1]).then(unescape) : Promise.resolve(null);
	};

	/* A term of a block: its documents and where its places are, or where both are. */
	function entry(bytes, key) {
		var r = new Reader(bytes), at = r.varint(), term = new Uint8Array(0);
		while (r.at < bytes.length) {
			term = r.shared(term);
			var order = compare(term, key), flags = bytes[r.at++], place = flags & 1 ? r.varint() : at, length = r.varint();
			if (order > 0)
				break;
			var docs = flags & 1 ? null : r.numbers(), titles = flags === 2 ? r.numbers() : new Uint32Array(0);
			if (!order)
				return {docs: docs, titles: titles, at: place, length: length};
			at += flags & 1 ? 0 : length;
		}
		return null;
	}

	/* Groups of documents: what the first of each is less than an hour before, and where they are. */
	function groupsOf(r, at, count, limit) {
		var dates = [], lengths = [], hour = 0;
		while (dates.length < count && r.at < r.b.length) {
			dates.push((hour -= r.signed()) * HOUR);
			lengths.push(r.varint());
		}
		return {dates: dates, lengths: lengths, at: addresses(at, lengths, limit)};
	}

	/* name: its folder; head: what the piece holds that leads to everything, where the root has it. */
	function Part(name, at, length, head, limit) {
		this.name = name;
		this.limit = limit;
		this.from = parseInt(name.slice(2), 10);
		this.terms = {};
		this.tables = {};
		this.groups = {};
		this.head = head ? () => Promise.resolve(head) : () => piece(name + 'i', at, length).then(unpack);
	}
	Part.prototype = {
		open: function () {
			var self = this;
			return this.ready || (this.ready = this.head().then(function (bytes) {
				var r = new Reader(bytes), leads;
				self.docs = r.varint();
				self.flat = r.varint() === 1;
				self.step = self.flat ? GROUP : GROUP * TABLE; /* documents from one of the dates to the next */
				leads = groupsOf(r, r.varint(), Math.ceil(self.docs / self.step), self.limit);
				self.dates = leads.dates;
				self.leads = leads;
				self.index = new Index(r, r.varint(), self.limit);
			}));
		},
		/* A term's documents and which of them have it in the title. */
		term: function (text) {
			return this.terms[text] || (this.terms[text] = this.find(text));
		},
		find: function (text) {
			var key = new TextEncoder().encode(text).subarray(0, 64), self = this;
			return (this.flat ? this.index.find(this.name + 'l', key) : this.index.find(this.name + 'i', key).then(function (bytes) {
				var r = bytes && new Reader(bytes);
				return r && new Index(r, r.varint(), self.limit).find(self.name + 'l', key);
			})).then(function (bytes) {
				var t = bytes && entry(bytes, key);
				if (!t)
					return {docs: new Uint32Array(0), titles: new Uint32Array(0)};
				return t.docs ? t : piece(self.name + 'p', t.at, t.length).then(function (list) {
					var r = new Reader(unescape(list)), lengths = [];
					t.docs = r.numbers();
					t.titles = r.numbers();
					for (t.blocks = [[]]; r.at < r.b.length;) {
						var n = r.varint();
						t.blocks[t.blocks.length - 1].push(lengths.length);
						lengths.push(Math.floor(n / 2));
						if (n % 2 === 0)
							t.blocks.push([]);
					}
					t.lengths = lengths;
					t.pieces = addresses(t.at + t.length, lengths, self.limit);
					return t;
				});
			}).then(function (t) {
				t.titles = t.titles.map((i) => t.docs[i]);
				t.read = {};
				return t;
			});
		},
		/* The bytes of one piece of a term's places, and where in it those of each document begin. */
		block: function (t, n) {
			var stem = this.name + 'p';
			var all = t.blocks ? (t.blocks[n] || []).map((k) => piece(stem, t.pieces[k], t.lengths[k])) : [piece(stem, t.at, t.length)];
			return t.read[n] || (t.read[n] = Promise.all(all).then(function (got) {
				var bytes = joined(got.map(unescape)), starts = [0];
				for (var at = 0; at < bytes.length;) {
					var more = bytes[at] & 1;
					while (bytes[at++] > 127);
					if (!more)
						starts.push(at);
				}
				return {bytes: bytes, starts: starts};
			}));
		},
		/* Of a term's places: those in `docs`, a subset of its own. */
		places: function (t, docs) {
			var at = 0, size = t.blocks ? PLACES : t.docs.length, wanted = {}, self = this;
			var where = Array.from(docs, function (doc) {
				while (t.docs[at] < doc)
					at++;
				wanted[Math.floor(at / size)] = null;
				return at;
			});
			return Promise.all(Object.keys(wanted).map((n) => self.block(t, +n).then(function (block) {
				wanted[n] = block;
			}))).then(() => where.map((k) => placesAt(wanted[Math.floor(k / size)], k % size)));
		},
		/* How many bytes those are, and those between them that are read along. */
		cost: function (t, docs) {
			if (!t.blocks || !docs.length)
				return docs.length && t.length;
			var sum = 0, last = -1, at = 0, end = 0;
			docs.forEach(function (doc) {
				while (t.docs[at] < doc)
					at++;
				if (Math.floor(at / PLACES) === last)
					return;
				last = Math.floor(at / PLACES);
				(t.blocks[last] || []).forEach(function (k) {
					var gap = t.pieces[k] - end;
					end = t.pieces[k] + t.lengths[k];
					sum += t.lengths[k] + (gap < NEAR ? Math.max(gap, 0) : 0);
				});
			});
			return sum;
		},
		/* Date, number and record of the document at a rank. */
		look: function (rank) {
			return this.group(Math.floor(rank / GROUP)).then((rows) => rows[rank % GROUP]);
		},
		group: function (n) {
			var self = this;
			return this.groups[n] || (this.groups[n] = this.table(this.flat ? 0 : Math.floor(n / TABLE)).then(function (t) {
				var k = self.flat ? n : n % TABLE;
				return piece(self.name + 'r', t.at[k], t.lengths[k]).then(function (bytes) {
					var r = new Reader(unpack(bytes)), number = 0, date = t.dates[k], rows = [];
					while (r.at < r.b.length) {
						number += r.signed();
						var step = r.varint(), length = r.varint();
						date -= step % 2 ? (step - 1) / 2 : step * 500;
						rows.push({number: number, date: date, record: r.b.subarray(r.at, r.at += length)});
					}
					return rows;
				});
			}));
		},
		table: function (n) {
			var self = this, leads = this.leads;
			return this.flat ? Promise.resolve(leads) : this.tables[n] || (this.tables[n] = piece(this.name + 'i', leads.at[n], leads.lengths[n]).then(function (bytes) {
				var r = new Reader(unescape(bytes));
				return groupsOf(r, r.varint(), TABLE, self.limit);
			}));
		},
		/* How many documents are from `date` on or later: they are the first ones. */
		since: function (date) {
			var self = this, n = lastFrom(this.dates, date);
			return n < 0 ? Promise.resolve(0) : this.table(this.flat ? 0 : n).then(function (t) {
				return inGroup(self.flat ? n : n * TABLE + Math.max(lastFrom(t.dates, date), 0));
			});

			function inGroup(group) {
				return self.group(group).then(function (rows) {
					var k = rows.findIndex((row) => row.date < date);
					return k || !group ? group * GROUP + (k < 0 ? rows.length : k) : inGroup(group - 1);
				});
			}
		}
	};

	/* The last of dates, the latest of which comes first, that is `date` or later; -1: none. */
	function lastFrom(dates, date) {
		var n = dates.findIndex((d) => d < date);
		return (n < 0 ? dates.length : n) - 1;
	}

	/* The places of the k-th document of a block. */
	function placesAt(block, k) {
		var r = new Reader(block.bytes), place = -1, out = [];
		if (k + 1 >= block.starts.length)
			return out;
		r.at = block.starts[k];
		for (var step = 1; step % 2;) {
			step = r.varint();
			if (step > 1)
				out.push(place += Math.floor(step / 2));
		}
		return out;
	}

	function joined(all) {
		if (all.length === 1)
			return all[0];
		var out = new Uint8Array(all.reduce((n, a) => n + a.length, 0)), at = 0;
		all.forEach(function (a) {
			out.set(a, at);
			at += a.length;
		});
		return out;
	}

	function both(a, b) {
		var out = new Uint32Array(Math.min(a.length, b.length)), n = 0, i = 0, k = 0;
		while (i < a.length && k < b.length)
			if (a[i] === b[k]) {
				out[n++] = a[i++];
				k++;
			} else if (a[i] < b[k])
				i++;
			else
				k++;
		return out.subarray(0, n);
	}
	function less(a, b) {
		var k = 0;
		return a.filter(function (n) {
			while (k < b.length && b[k] < n)
				k++;
			return b[k] !== n;
		});
	}

	function itemsOf(clause) {
		return [].concat.apply([], clause.pieces.map((p) => p.items));
	}

	/* All terms of a clause, wherever they stand: {docs, titles}. */
	function roughly(part, clause) {
		return Promise.all(itemsOf(clause).map((item) => part.term(item.text))).then(function (all) {
			all.sort((a, b) => a.docs.length - b.docs.length);
			return {
				docs: all.slice(1).reduce((a, t) => both(a, t.docs), all[0].docs),
				titles: all.slice(1).reduce((a, t) => both(a, t.titles), all[0].titles)
			};
		});
	}

	/* Where a clause begins in a document, of the places its items have there. */
	function startsOf(clause, places) {
		var ends = null, k = 0;
		clause.pieces.forEach(function (piece) {
			var starts = null;
			piece.items.forEach(function (item) {
				var here = places[k++].map((p) => p - item.off), among = starts && new Set(here);
				starts = starts ? starts.filter((p) => among.has(p)) : here;
			});
			if (ends)
				starts = starts.filter((p) => ends.has(p - 1) || piece.loose && ends.has(p - 2));
			ends = new Map(starts.map((p) => [p + piece.length - 1, ends ? ends.get(ends.has(p - 1) ? p - 1 : p - 2) : p]));
		});
		return Array.from(ends.values());
	}

	/* Of docs, those where the terms of a clause stand one behind the other. */
	function exactly(part, clause, docs) {
		if (!isPhrase(clause) || !docs.length)
			return Promise.resolve(docs);
		return placesOf(part, clause, docs).then((all) => docs.filter((doc, d) => startsOf(clause, all.map((lists) => lists[d])).length));
	}

	/* Of each item of a clause: its places in each of docs. */
	function placesOf(part, clause, docs) {
		return Promise.all(itemsOf(clause).map((item) => part.term(item.text).then((t) => part.places(t, docs))));
	}

	function isPhrase(clause) {
		return itemsOf(clause).length > 1;
	}

	/* The documents of a part that have all terms: {docs, titles}; open: phrases that are still to be looked for among docs. */
	function candidates(part, q) {
		var wanted = q.clauses.filter((c) => !c.without), without = q.clauses.filter((c) => c.without);
		return part.open().then(function () {
			return Promise.all([
				Promise.all(wanted.map((c) => roughly(part, c))),
				Promise.all(without.map((c) => roughly(part, c))),
				q.to < NOWHERE ? part.since(q.to) : 0,
				q.from > -NOWHERE ? part.since(q.from) : part.docs
			]);
		}).then(function (all) {
			var found = {part: part, docs: null, titles: null, open: wanted.filter(isPhrase).map((c) => ({clause: c}))};
			all[0].forEach(function (t, i) {
				found.docs = found.docs ? both(found.docs, t.docs) : t.docs;
				if (!wanted[i].field)
					found.titles = found.titles ? both(found.titles, t.titles) : t.titles;
			});
			found.docs = found.docs.filter((n) => n >= all[2] && n < all[3]);
			all[1].forEach(function (t, i) {
				if (isPhrase(without[i]))
					found.open.push({clause: without[i], among: t.docs});
				else
					found.docs = less(found.docs, t.docs);
			});
			if (part.fallen.length)
				found.docs = less(found.docs, part.fallen);
			return found;
		});
	}

	/* Of docs, those where phrases stand that are to, and none that is not. */
	function check(found, docs) {
		return Promise.all(found.open.map((o) => exactly(found.part, o.clause, o.among ? both(docs, o.among) : docs))).then(function (all) {
			return all.reduce((left, some, i) => (found.open[i].among ? less : both)(left, some), docs);
		});
	}

	/* The bytes of places that checking all would read. */
	function cost(found) {
		return Promise.all([].concat.apply([], found.open.map(function (o) {
			var docs = o.among ? both(found.docs, o.among) : found.docs;
			return itemsOf(o.clause).map((item) => found.part.term(item.text).then((t) => found.part.cost(t, docs)));
		}))).then((all) => all.reduce((a, b) => a + b, 0));
	}

	/* How many remain of what is found: by some from all over the parts, a few beside each other, to two digits. */
	function estimate(found) {
		var all = found.reduce((n, f) => n + f.docs.length, 0);
		return Promise.all(found.map(function (f) {
			var windows = Math.ceil(f.docs.length * SAMPLE / all / WINDOW), width = windows * WINDOW / f.docs.length;
			var some = width < 1 ? f.docs.filter((n, i) => i * windows / f.docs.length % 1 < width) : f.docs;
			return check(f, some).then((left) => some.length && f.docs.length * left.length / some.length);
		})).then((remain) => +remain.reduce((a, b) => a + b, 0).toPrecision(2));
	}

	/* The first documents of a list, checked. */
	function firstOf(found, ranks, count) {
		if (!found.open.length || !ranks.length)
			return Promise.resolve(ranks.subarray(0, count));
		return (function some(n) {
			return check(found, ranks.subarray(0, n)).then((left) => left.length < count && n < ranks.length ? some(n * 2) : left.subarray(0, count));
		})(count + PAGE);
	}

	/* --- a search ---------------------------------------------------------------------------- */

	var root = null, parts = {}, site = null, limits = {bytes: 204800};

	function open() {
		return root || (root = Promise.all([load('root.js', true), load('fold.js')]).then(function (all) {
			var end = all[0].indexOf(0), r = JSON.parse(utf8(all[0].subarray(0, end++)));
			if (r.version !== 5)
				throw Error('version ' + r.version);
			site = r;
			setTables(all[1]);
			r.head = r.head.map(headOf);
			r.parts = r.parts.map(function (p) {
				var part = parts[p[0]] || (parts[p[0]] = new Part(p[0], p[1], p[2], p[3] && all[0].subarray(end, end + p[3]), p[4]));
				end += p[3];
				/* Ranks of documents that are no longer so. */
				part.fallen = p[5] ? new Reader(all[0].subarray(end, end += p[5])).numbers() : [];
				part.open().catch(function () {}); /* on its way before anything is asked */
				return part;
			});
			/* So is the answer to whether the host knows ranges, from the smallest of the files. */
			if (r.parts.length && http && ranges === undefined)
				piece(r.parts[0].name + 'i', 0, OPEN).catch(function () {});
			/* What takes time and no answer of the host. */
			setTimeout(function () { r.head.forEach(folded); });
			return r;
		}).catch(function (e) {
			root = null;
			throw e;
		}));
	}

	function headOf(d) {
		return {number: d[0], date: d[1], fields: d.slice(2, 6), title: d[6] || d[3], text: d[7], around: d[8],
			source: d[9].split('\x01'), tag: d[10].split('\x01')};
	}

	function when(date) {
		var d = new Date(date + site.zone * 6e4), two = (n) => (n < 10 ? '0' : '') + n, zone = Math.abs(site.zone);
		var tokens = {Y: d.getUTCFullYear(), n: d.getUTCMonth() + 1, j: d.getUTCDate(), M: site.months.split('|')[d.getUTCMonth()],
			D: site.weekdays.split('|')[d.getUTCDay()], H: two(d.getUTCHours()), i: two(d.getUTCMinutes()),
			z: 'UTC' + (zone ? (site.zone < 0 ? '\u2212' : '+') + Math.floor(zone / 60) + (zone % 60 ? ':' + two(zone % 60) : '') : '')};
		return site.when.replace(/\{([YnjMDHiz])\}/g, (all, t) => tokens[t]);
	}

	/* Name and page of a source. */
	function sourceOf(key) {
		var n = 0;
		if (!Array.isArray(site.sources))
			return Promise.resolve(site.sources[key]);
		while (n < site.sources.length && compare(new TextEncoder().encode(site.sources[n]), new TextEncoder().encode(key)) <= 0)
			n++;
		return n ? load('s/' + (n - 1) + '.js').then((bytes) => JSON.parse(utf8(bytes))[key]) : Promise.resolve();
	}

	/* What is shown of a document; its texts as pieces, each with the place of what is first in it. */
	function record(hit) {
		return (hit.doc ? Promise.resolve(ofHead(hit.doc)) : hit.part.look(hit.rank).then((row) => ofPart(hit, row.record))).then(function (rec) {
			return sourceOf(rec.fields[3]).then(function (source) {
				return Object.assign(rec, {number: hit.number, date: hit.date, when: when(hit.date), title: rec.fields[1],
					url: rec.fields[0].split('/').map(encodeURIComponent).join('/'), lang: rec.fields[2] === site.language ? '' : rec.fields[2],
					source: source ? source[0] : rec.fields[3], sourceUrl: source ? source[1] : ''});
			});
		});
	}
	function ofHead(doc) {
		return {fields: doc.fields, heading: doc.title, texts: doc.text ? [{text: doc.text}] : [], around: doc.around ? [{text: doc.around}] : []};
	}
	function ofPart(hit, bytes) {
		var r = new Reader(bytes), at = r.varint(), count = r.varint(), place = 0, all = [];
		for (var n = count + r.varint(); n--;)
			all.push({stem: hit.part.name + 'x' + Math.floor((hit.number - hit.part.from) / CHUNK) + '-', length: r.varint(), place: place += r.varint()});
		addresses(at, all.map((p) => p.length), hit.part.limit).forEach((a, i) => { all[i].at = a; });
		var fields = utf8(bytes.subarray(r.at)).split('\0');
		return {hit: hit, fields: fields, heading: fields.length > 4 ? fields[4] : fields[1], texts: all.slice(0, count), around: all.slice(count)};
	}

	/* The newest documents, which are in no list yet. */
	function newest(r, q) {
		return r.head.filter((d) => d.date >= q.from && d.date < q.to && answers(q, d));
	}

	/*
	 * {total, about, first(count): hits in order}. Where phrases of very many documents would have to be checked, as many are as are
	 * shown, and the total is an estimate (about).
	 */
	function search(query, newestFirst, again) {
		return open().then(function (r) {
			var q = parse(query, r.zone), before = read, left;
			return Promise.all(r.parts.map((p) => candidates(p, q))).then(function (found) {
				left = limits.bytes - read + before;
				return Promise.all(found.map(cost)).then(function (bytes) {
					return count(found, bytes.reduce((a, b) => a + b, 0));
				});

				/* How many there are in all parts, of which only those remain; or, where that would read too much, an estimate. */
				function count(found, bytes) {
					if (bytes && bytes > left && (!limits.bytes || found.reduce((n, f) => n + f.docs.length, 0) > SAMPLE))
						return estimate(found).then((total) => answer(found, total, true));
					/* Beside the places that tell, what comes first if all are right: most often they are. */
					if (bytes && bytes < FEW)
						rank(q, found.map((f) => Object.assign({}, f, {open: []})), [], newestFirst, PAGE).catch(function () {});
					return Promise.all(found.map((f) => check(f, f.docs).then(function (docs) {
						f.docs = docs;
						f.open = [];
					}))).then(() => answer(found, found.reduce((n, f) => n + f.docs.length, 0), false));
				}
			});

			function answer(found, total, about) {
				var head = newest(r, q), page = rank(q, found, head, newestFirst, PAGE);
				return page.then(() => ({query: q, about: about, total: total + head.length,
					first: (count) => count === PAGE ? page : rank(q, found, head, newestFirst, count)}));
			}
		}).catch(function (e) {
			if (e.status !== 404 || again)
				throw e;
			root = null; /* parts that are gone: there is a newer root */
			return search(query, newestFirst, true);
		});
	}

	function byWeight(a, b) {
		return b.date + b.title * YEAR - a.date - a.title * YEAR || b.number - a.number;
	}

	/*
	 * The first documents: the newest, where a match of all terms in the title makes one a year newer. Of each part the first of
	 * both kinds could be among them; of those the ones are looked up that can be by the dates of their tables.
	 */
	function rank(q, found, head, newestFirst, count) {
		var sure = newestFirst || q.clauses.every((c) => c.field || c.without || c.pieces.every((p) => p.length < 4)), not = new Set();
		var fixed = head.map((d) => ({number: d.number, date: d.date, title: !newestFirst && inTitle(q, d.title), doc: d, known: true}));
		found.forEach(function (f) { f.withTitle = newestFirst || !f.titles ? new Uint32Array(0) : both(f.docs, f.titles); });
		return first(count);

		function first(take) {
			return Promise.all([].concat.apply([], found.map((f) => [firstOf(f, f.withTitle, take), firstOf(f, less(f.docs, f.withTitle), count)]))).then(function (lists) {
				return among(lists, take);
			});
		}

		function among(lists, take) {
			var all = fixed.slice(), bounds;
			lists.forEach(function (ranks, k) {
				var f = found[k >> 1], titled = k % 2 === 0, dates = f.part.dates;
				ranks.forEach(function (n) {
					var table = Math.floor(n / f.part.step);
					all.push({part: f.part, rank: n, title: titled, high: dates[table] + titled * YEAR,
						low: table + 1 < dates.length ? dates[table + 1] - HOUR + (titled && sure) * YEAR : -NOWHERE});
				});
			});
			bounds = all.map((d) => d.low === undefined ? d.date + d.title * YEAR : d.low).sort((a, b) => b - a);
			all = all.filter((d) => d.high === undefined || !(d.high < bounds[count - 1]));
			return Promise.all(all.map((d) => d.part && d.part.look(d.rank).then((row) => Object.assign(d, {number: row.number, date: row.date})))).then(function () {
				return settle(all);
			}).then(function (sorted) {
				/* Titles that were none made room for later ones. */
				return not.size && found.some((f) => f.withTitle.length > take) && take < count + not.size ? first(count + not.size) : sorted;
			});
		}

		/*
		 * Of a long run of CJK only the pairs that cover it were asked: there the titles of those that come first, which are
		 * shown anyway, tell.
		 */
		function settle(all) {
			all.forEach(function (d) { d.title = d.title && !not.has(d.number); });
			var sorted = all.sort(byWeight).slice(0, count), open = sure ? [] : sorted.filter((d) => d.title && !d.known);
			if (!open.length)
				return sorted;
			return Promise.all(open.map(record)).then(function (records) {
				records.forEach(function (rec, i) {
					open[i].known = true;
					if (!inTitle(q, rec.heading))
						not.add(rec.number);
				});
				return settle(all);
			});
		}
	}

	/* --- snippets: make_snippet in src/store/match.c ----------------------------------------- */

	function findAny(lists, s, at) {
		var best = null;
		lists.forEach(function (units) {
			var m = find(units, s, at);
			if (m && (!best || m[0] < best[0] || m[0] === best[0] && m[1] > best[1]))
				best = m;
		});
		return best;
	}

	/* Pieces of plain text around the first match of a record's text, each [text, whether it is marked]. */
	function snippet(q, rec) {
		var clauses = q.clauses.filter((c) => !c.without && !c.field), lists = clauses.map((c) => c.units);
		return firstPlaces(rec, clauses).then(function (at) {
			if (!lists.length)
				return null;
			return at ? at[0] < NOWHERE ? excerpt(lists, rec.texts, at[0]) : null : scan(lists, rec.texts, 1);
		}).then(function (found) {
			return found || !lists.length || !rec.around.length || findAny(lists, fold(rec.heading), 0) ? found : scan(lists, rec.around, 1);
		}).then(function (found) {
			return found || view(lists, rec.texts.length ? rec.texts : [{text: rec.heading}], 0, 1, true);
		});
	}

	/*
	 * Where in text and in what stood around it the first match is, by the places; null: they do not tell (those of a single
	 * character inside a run are not known).
	 */
	function firstPlaces(rec, clauses) {
		if (!rec.hit || !rec.texts.length || clauses.some((c) => c.pieces.some((p) => p.length === 1 && c.units[0].cjk)))
			return Promise.resolve(null);
		return Promise.all(clauses.map((c) => placesOf(rec.hit.part, c, [rec.hit.rank]).then((all) => startsOf(c, all.map((lists) => lists[0]))))).then(function (all) {
			var behind = rec.around.length ? rec.around[0].place : NOWHERE;
			return [[].concat.apply([], all).filter((p) => p >= rec.texts[0].place && p < behind).reduce((a, b) => Math.min(a, b), NOWHERE)];
		});
	}

	/* Of a text the pieces around a place. */
	function excerpt(lists, texts, place) {
		var k = texts.length - 1;
		while (k && texts[k].place > place)
			k--;
		var next = texts[k + 1], share = next ? (place - texts[k].place) / (next.place - texts[k].place) : 0;
		return view(lists, texts, share < .08 && k ? k - 1 : k, share > .7 ? k + 2 : k + 1, false).then((found) => found || scan(lists, texts, 1));
	}

	/* The first match of a text whose places do not tell of it. */
	function scan(lists, texts, to) {
		return view(lists, texts, 0, to, false).then((found) => found || to >= texts.length ? found : scan(lists, texts, to * 2));
	}

	/* A snippet of the pieces from..to of a text and of those beside them that it needs; null: no match is there. */
	function view(lists, texts, from, to, any) {
		to = Math.min(to, texts.length);
		return Promise.all(texts.slice(from, to).map(textOf)).then(function (all) {
			var out = cut(lists, all.join(''), from > 0, to < texts.length, any);
			return typeof out === 'number' ? view(lists, texts, out < 0 ? from - 1 : from, out < 0 ? to : to + 1, any) : out;
		});

		function textOf(p) {
			return p.text === undefined ? piece(p.stem, p.at, p.length).then((bytes) => p.text = utf8(unpack(bytes))) : p.text;
		}
	}

	/* Of a text with some before or behind it: pieces; -1, 1: more is needed; null: no match. */
	function cut(lists, shown, before, behind, any) {
		var places = [], f = fold(shown, places), m = findAny(lists, f, 0), out = [];
		if (!m && !any)
			return null;
		var start = 0, k, end, at, next;
		if (m) {
			for (start = places[m[0]], k = 0; k < 40 && start > 0 && shown[start - 1] !== '\n'; k++)
				start -= start > 1 && /[\udc00-\udfff]/.test(shown[start - 1]) ? 2 : 1;
			if (!start && before)
				return -1;
			if (start && !/\s/.test(shown[start - 1]) && shown.charCodeAt(start) < 128)
				while (start < places[m[0]] && /[0-9A-Za-z]/.test(shown[start]))
					start++;
		}
		for (end = start, k = 0; k < 160 && end < shown.length; k++)
			end += shown.codePointAt(end) > 0xffff ? 2 : 1;
		if (m)
			end = Math.max(end, places[m[1]]);
		if (end >= shown.length && behind)
			return 1;
		if (start || before)
			out.push(['\u2026', false]);
		var part = shown.slice(start, end), from = [];
		f = fold(part, from);
		for (at = 0, next = 0; (m = findAny(lists, f, next)); at = k, next = m[1]) {
			k = Math.max(from[m[1]], from[m[0]] + 1);
			out.push([part.slice(at, from[m[0]]), false], [part.slice(from[m[0]], k), true]);
		}
		out.push([part.slice(at) + (end < shown.length || behind ? '\u2026' : ''), false]);
		return out.map((p) => [p[0].replace(/[\s\0-\x1f]+/g, ' '), p[1]]);
	}

	/* What a shard calls. */
	function take(bytes) {
		document.currentScript.take(bytes);
	}
	return Object.assign(take, {PAGE: PAGE, Problem: Problem, limits: limits, search: search, record: record, snippet: snippet,
		bytesOfText: bytesOfText, unpack: unpack, setTables: setTables, fold: fold, segment: segment, terms: terms, open: open});
})();
if (typeof document !== 'undefined')
	document.addEventListener('DOMContentLoaded', function () {
		var form = document.getElementById('search'), hits = document.getElementById('hits'), status = document.getElementById('status');
		var problem = document.getElementById('problem'), more = document.getElementById('more'), help = document.getElementById('search-help');
		var says = form.dataset, turn = 0, result = null, shown = 0, watcher = null;

		function element(name, className, textContent) {
			var el = document.createElement(name);
			if (className)
				el.className = className;
			if (textContent)
				el.textContent = textContent;
			return el;
		}

		function link(url, textContent) {
			var a = element('a', '', textContent);
			a.href = url;
			return a;
		}

		function fillSnippet(p, rec) {
			var mine = result;
			dibao.snippet(mine.query, rec).then(function (pieces) {
				pieces.forEach(function (piece) {
					p.append(piece[1] ? element('mark', '', piece[0]) : piece[0]);
				});
				p.removeAttribute('aria-busy');
			}, function () {
				p.removeAttribute('aria-busy');
			});
		}

		/* A text is read when its place comes into sight: a phone reads few of them. */
		function watch(p, rec) {
			if (!window.IntersectionObserver)
				return fillSnippet(p, rec);
			p.record = rec;
			watcher = watcher || new IntersectionObserver(function (seen) {
				seen.forEach(function (entry) {
					if (!entry.isIntersecting)
						return;
					watcher.unobserve(entry.target);
					fillSnippet(entry.target, entry.target.record);
				});
			});
			watcher.observe(p);
		}

		function addHit(r) {
			var li = element('li'), h = element('h2'), p = element('p', 'excerpt'), meta = element('p', 'meta'), time;
			[h, p].forEach(function (el) {
				el.dir = 'auto';
				if (r.lang)
					el.lang = r.lang;
			});
			h.append(link(r.url, r.title));
			p.setAttribute('aria-busy', 'true');
			meta.append(r.sourceUrl ? link(r.sourceUrl, r.source) : r.source, ' ', time = element('time', '', r.when));
			time.dateTime = new Date(r.date).toISOString();
			li.append(h, p, meta);
			hits.append(li);
			watch(p, r);
		}

		function showMore(focus) {
			var mine = turn, from = shown;
			more.disabled = true;
			return result.first(from + dibao.PAGE).then(function (found) {
				return Promise.all(found.slice(from).map(dibao.record));
			}).then(function (records) {
				if (mine !== turn)
					return;
				records.forEach(addHit);
				shown = from + records.length;
				more.hidden = records.length < dibao.PAGE || !result.about && shown >= result.total;
				more.disabled = false;
				if (focus && hits.children[from])
					hits.children[from].querySelector('a').focus();
			});
		}

		function fail(e) {
			var key = e.key || 'broken';
			problem.textContent = says[key].replace('{x}', e.value || '');
			problem.hidden = false;
			status.textContent = '';
			if (!e.key)
				setTimeout(function () { throw e; });
		}

		/* As toLocaleString has it in the theme's languages, which takes 10 ms the first time. */
		function counted(n) {
			return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
		}

		function run() {
			var query = form.elements.q.value, mine = ++turn;
			if (watcher)
				watcher.disconnect();
			hits.textContent = status.textContent = problem.textContent = '';
			problem.hidden = more.hidden = true;
			help.hidden = !!query.trim();
			shown = 0;
			if (!query.trim())
				return;
			status.textContent = says.busy;
			dibao.search(query, form.elements.sort.value === 'new').then(function (found) {
				if (mine !== turn)
					return;
				result = found;
				status.textContent = !found.total ? says.none : found.total === 1 ? says.one : (found.about ? says.about : says.many).replace('{n}', counted(found.total));
				return showMore();
			}).catch(function (e) {
				if (mine === turn)
					fail(e);
			}).then(function () {
				document.dispatchEvent(new Event('dibao-search'));
			});
		}

		function fromAddress() {
			var asked = new URLSearchParams(location.search);
			form.elements.q.value = asked.get('q') || '';
			form.elements.sort.value = asked.get('sort') === 'new' ? 'new' : 'best';
			run();
		}

		function submit(event) {
			var address = '?' + new URLSearchParams(new FormData(form));
			event.preventDefault();
			run();
			setTimeout(function () { /* behind what was asked for: it takes a browser milliseconds */
				try {
					history.pushState(null, '', address);
				} catch (e) { /* of a page on a disk some browsers do not let the address change */ }
			});
		}

		form.addEventListener('submit', submit);
		form.elements.sort.addEventListener('change', function () {
			form.requestSubmit ? form.requestSubmit() : form.submit();
		});
		more.addEventListener('click', function () {
			showMore(true).catch(fail);
		});
		window.addEventListener('popstate', fromAddress);
		form.hidden = false;
		dibao.open().catch(function () {});
		fromAddress();
	});
if (typeof module !== 'undefined')
	module.exports = dibao;
