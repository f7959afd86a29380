// The site's pages in Chromium: see test/browser/run, which makes the mirrors this looks at.
// usage: browser.mjs CHROMIUM NODE_MODULES WORK [NAME...]   (only the checks whose name has one of these words)
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [executablePath, modules, work, ...only] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'x.js'));
const { chromium } = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 900 };
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const counts = { passed: 0, failed: 0, skipped: 0 };
async function check(name, body) {
	if (only.length && !only.some((word) => name.includes(word))) return;
	const start = Date.now();
	try {
		await body();
		counts.passed++;
		console.log(`  ok   browser: ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
	} catch (e) {
		counts.failed++;
		console.log(`  FAIL browser: ${name}\n       ${String(e.message ?? e).replaceAll('\n', '\n       ')}`);
	}
}
function skip(name, why) {
	counts.skipped++;
	console.log(`  SKIP browser: ${name}: ${why}`);
}
// Collects what is wrong, so that one run tells all of it.
function findings() {
	const list = [];
	list.end = () => {
		if (list.length) throw new Error(list.slice(0, 20).join('\n') + (list.length > 20 ? `\n... ${list.length}` : ''));
	};
	return list;
}

// --- the mirrors and their pages

const walk = (dir) => fs.readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
	e.name === '.dibao' ? [] : e.isDirectory() ? walk(path.join(dir, e.name)) : [path.join(dir, e.name)]);

function openMirror(name) {
	const dir = path.join(work, name, 'site');
	const files = walk(dir).map((f) => '/' + path.relative(dir, f));
	const address = fs.readFileSync(path.join(work, `${name}.address`), 'utf8').trim();
	return { name, dir, files, address };
}

// One page of every kind; whatever else stands at the top of the site is a kind of its own.
function kindsOf(m) {
	const html = m.files.filter((f) => f.endsWith('.html')).sort();
	const has = (f, text) => fs.readFileSync(path.join(m.dir, f), 'utf8').includes(text);
	const articles = html.filter((f) => has(f, '<article'))
		.filter((f) => f !== '/index.html');
	const size = (f) => fs.statSync(path.join(m.dir, f)).size;
	const kinds = {
		article: articles.find((f) => has(f, 'class="more"') && has(f, '<img')) ?? articles[0],
		'long article': [...articles].sort((x, y) => size(y) - size(x))[0],
		'wide article': articles.find((f) => has(f, 'Wide things')),
		'hostile title': articles.find((f) => has(f, '&lt;/title&gt;')),
		source: html.find((f) => /^\/source\/[^/]+\.html$/.test(f) && has(f, 'class="pager"')),
		'numbered page': html.find((f) => /\/1\.html$/.test(f)),
		category: html.find((f) => /^\/category\//.test(f)),
		tag: html.find((f) => /^\/tag\//.test(f)),
		month: html.find((f) => /^\/\d{4}\/\d\d\.html$/.test(f)),
	};
	for (const f of html.filter((f) => /^\/[^/]+\.html$/.test(f))) kinds[f.slice(1, -5)] = f;
	return Object.fromEntries(Object.entries(kinds).filter(([, f]) => f));
}

const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', json: 'application/json' };
// A plain static host: files below a folder of the host, and 404.html for what is not there.
function staticHost(dir, base) {
	const server = http.createServer((req, res) => {
		const at = decodeURIComponent(new URL(req.url, 'http://x').pathname);
		const file = at.startsWith(base) ? path.join(dir, at.slice(base.length) || 'index.html') : '';
		const there = file && fs.existsSync(file) && fs.statSync(file).isFile();
		const found = there ? file : path.join(dir, '404.html');
		const ending = path.extname(found).slice(1);
		res.writeHead(there ? 200 : 404, { 'content-type': `${types[ending] ?? 'application/octet-stream'}; charset=utf-8` });
		res.end(fs.readFileSync(found));
	});
	return new Promise((done) => server.listen(0, '127.0.0.1', () => done({
		address: `http://127.0.0.1:${server.address().port}`, close: () => server.close(), drop: () => server.closeAllConnections(),
	})));
}

// --- looking

const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });

// Opens a page with what it said and asked for on the side.
async function look(url, options = {}) {
	const { viewport = DESKTOP, ...rest } = options;
	const context = await browser.newContext({ viewport, ...rest });
	const page = await context.newPage();
	page.outside = [];
	page.said = [];
	const own = new URL(url);
	page.on('request', (r) => {
		const u = new URL(r.url());
		if (u.protocol !== 'data:' && (u.protocol !== own.protocol || u.host !== own.host)) page.outside.push(r.url());
	});
	page.on('console', (m) => ['error', 'warning'].includes(m.type()) && page.said.push(m.text()));
	page.on('pageerror', (e) => page.said.push(e.message));
	page.on('dialog', (d) => { page.said.push(`a dialog: ${d.message()}`); d.dismiss(); });
	page.answer = await page.goto(url, { waitUntil: 'load' });
	return page;
}
async function eachKind(m, options, body, base = m.address) {
	const wrong = findings();
	for (const [kind, file] of Object.entries(kindsOf(m))) {
		const page = await look(base + encodeURI(file), options);
		for (const text of (await body(page, kind, file)) ?? []) wrong.push(`${kind} ${file}: ${text}`);
		await page.context().close();
	}
	wrong.end();
}

const mirrors = [openMirror('en'), openMirror('zh')];
const [en, zh] = mirrors;

for (const m of mirrors) {
	await check(`${m.name}: every kind of page is there`, async () => {
		const kinds = kindsOf(m);
		const wanted = ['index', 'article', 'source', 'numbered page', 'tag', 'month', 'archive', 'sources', 'tags', 'search', '404'];
		const lacking = wanted.filter((k) => !kinds[k]);
		if (lacking.length) throw new Error(`none of: ${lacking}`);
	});

	await check(`${m.name}: served pages are the built ones`, async () => {
		const wrong = findings();
		for (const [kind, file] of Object.entries(kindsOf(m))) {
			if (kind === 'search' || kind === '404') continue; // serve has a form there
			const served = await (await fetch(m.address + encodeURI(file))).text();
			if (served !== fs.readFileSync(path.join(m.dir, file), 'utf8')) wrong.push(`${kind} ${file}`);
		}
		wrong.end();
	});

	// The theme's colours are the same in both languages, its widths nearly so.
	for (const [colorScheme, viewport] of m === en ? [['light', PHONE], ['dark', DESKTOP]] : [['dark', PHONE], ['light', DESKTOP]])
		await check(`${m.name}: axe finds nothing, ${colorScheme}, ${viewport.width} px`, () =>
			eachKind(m, { viewport, colorScheme, bypassCSP: true }, async (page) => {
				await page.evaluate(axe);
				const result = await page.evaluate((tags) =>
					window.axe.run({ runOnly: tags, resultTypes: ['violations'] }), AXE_TAGS);
				return result.violations.map((v) =>
					`${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.any[0]?.message ?? ''}`).join('; ')}`);
			}));

	for (const viewport of [SMALL, PHONE])
		await check(`${m.name}: no page is wider than ${viewport.width} px`, () =>
			eachKind(m, { viewport, isMobile: true, hasTouch: true }, async (page) => {
				const width = await page.evaluate(() => Math.max(document.scrollingElement.scrollWidth, document.body.scrollWidth));
				return width > viewport.width ? [`${width} px wide`] : [];
			}));

	await check(`${m.name}: dark is dark, light is light`, async () => {
		const shade = (page) => page.evaluate(() => {
			const luminance = (colour) => {
				const [r, g, b] = colour.match(/[\d.]+/g).map(Number);
				return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
			};
			const style = getComputedStyle(document.body);
			return [luminance(style.backgroundColor), luminance(style.color)];
		});
		await eachKind(m, { colorScheme: 'dark' }, async (page) => {
			const [paper, ink] = await shade(page);
			return paper < 0.15 && ink > 0.6 ? [] : [`paper ${paper}, ink ${ink}`];
		});
		await eachKind(m, { colorScheme: 'light' }, async (page) => {
			const [paper, ink] = await shade(page);
			return paper > 0.85 && ink < 0.4 ? [] : [`paper ${paper}, ink ${ink}`];
		});
	});

	await check(`${m.name}: nothing is asked of other hosts, nothing is said to the console`, () =>
		eachKind(m, {}, async (page, kind) => [...page.outside, ...page.said.filter((s) => kind !== '404' || !/404/.test(s))]));

	await check(`${m.name}: the same from a disk`, () =>
		eachKind(m, {}, async (page, kind) => {
			const placed = kind === '404' || kind === 'offline'; // links from the host's root: shown at any depth
			const styled = placed || await page.evaluate(() => getComputedStyle(document.body).maxWidth !== 'none');
			return [...page.outside, ...(placed ? [] : page.said), ...(styled ? [] : ['without its style'])];
		}, pathToFileURL(m.dir).href));

	await check(`${m.name}: read without script`, () =>
		eachKind(m, { javaScriptEnabled: false }, async (page, kind, file) => {
			const main = (await page.locator('main').innerText()).trim();
			const links = await page.locator('a[href]').count();
			return main.length > 20 && links > 5 ? [] : [`${main.length} characters, ${links} links`];
		}));

	await check(`${m.name}: by keyboard: to the text at once, and to every link, seen`, () =>
		eachKind(m, {}, async (page) => {
			await page.keyboard.press('Tab');
			const skipped = await page.evaluate(() => {
				const e = document.activeElement, box = e.getBoundingClientRect();
				return e.getAttribute('href') === '#main' && box.left >= 0 && box.top >= 0 && box.width > 20;
			});
			if (!skipped) return ['the first Tab does not show the way to the text'];
			await page.keyboard.press('Enter');
			if (await page.evaluate(() => document.activeElement.id) !== 'main') return ['Enter does not lead to the text'];
			const wrong = [];
			const seen = new Set();
			for (let i = 0; i < 20; i++) {
				await page.keyboard.press('Tab');
				const at = await page.evaluate(() => {
					const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
					if (e === document.body) return null;
					window.numbers ??= new Map();
					if (!window.numbers.has(e)) window.numbers.set(e, window.numbers.size);
					return { number: window.numbers.get(e), name: e.outerHTML.slice(0, 80), outlined: style.outlineStyle !== 'none',
						shown: box.width > 0 && box.height > 0 };
				});
				if (!at) break;
				if (seen.has(at.number)) wrong.push(`focus comes back to ${at.name}`);
				seen.add(at.number);
				if (!at.outlined || !at.shown) wrong.push(`focus is not seen on ${at.name}`);
			}
			return wrong;
		}));

	await check(`${m.name}: comfortable to read`, async () => {
		const file = kindsOf(m)['long article'];
		for (const viewport of [PHONE, DESKTOP]) {
			const page = await look(m.address + encodeURI(file), { viewport });
			const text = await page.evaluate(() => {
				const p = [...document.querySelectorAll('.text p')].toSorted((x, y) => y.innerText.length - x.innerText.length)[0];
				const style = getComputedStyle(p);
				return { em: p.clientWidth / parseFloat(style.fontSize), size: parseFloat(style.fontSize),
					leading: parseFloat(style.lineHeight) / parseFloat(style.fontSize) };
			});
			await page.context().close();
			if (text.size < 17 || text.leading < 1.5 || text.em > 42 || text.em < 15)
				throw new Error(`${viewport.width} px: ${JSON.stringify(text)}`);
		}
	});

	if (m === en) await check(`${m.name}: hostile articles run nothing and fetch nothing`, async () => {
		const hostile = m.files.filter((f) => f.endsWith('.html') && /hostile/i.test(fs.readFileSync(path.join(m.dir, f), 'utf8')));
		if (hostile.length < 20) throw new Error(`only ${hostile.length} pages`);
		const wrong = findings();
		const context = await browser.newContext({ viewport: DESKTOP, bypassCSP: true }); // the sanitizer alone must do
		for (const file of hostile) {
			const page = await context.newPage();
			page.on('request', (r) => r.url().startsWith(m.address) || r.url().startsWith('data:') || wrong.push(`${file}: asks for ${r.url()}`));
			page.on('dialog', (d) => { wrong.push(`${file}: a dialog`); d.dismiss(); });
			await page.goto(m.address + encodeURI(file), { waitUntil: 'load' });
			await page.evaluate(() => document.querySelectorAll('*').forEach((e) => {
				for (const name of ['click', 'mouseover', 'focus', 'error', 'load'])
					e.tagName !== 'A' && e.dispatchEvent(new Event(name, { bubbles: false }));
			}));
			if (await page.evaluate(() => window.ran)) wrong.push(`${file}: something ran`);
			await page.close();
		}
		await context.close();
		wrong.end();
	});

	await check(`${m.name}: every link and file a page names is there`, async () => {
		const wrong = findings();
		const there = new Set(m.files);
		const base = m === en ? '/sub/path/' : '/';
		for (const file of m.files.filter((f) => f.endsWith('.html'))) {
			const html = fs.readFileSync(path.join(m.dir, file), 'utf8');
			for (const [, raw] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
				if (!raw || /^(https?:|mailto:|tel:|data:|#)/.test(raw)) continue;
				const at = new URL(raw.replaceAll('&amp;', '&'), `http://x${base}${encodeURI(file.slice(1))}`);
				const name = decodeURIComponent(at.pathname);
				const found = name.startsWith(base) && there.has('/' + name.slice(base.length).replace(/^$|\/$/, '$&index.html'));
				if (!found) wrong.push(`${file}: ${raw}`);
			}
		}
		wrong.end();
	});
}

await check('a site in a folder of a host: pages, and 404.html at any depth', async () => {
	const host = await staticHost(en.dir, '/sub/path/');
	try {
		await eachKind(en, {}, async (page, kind) => {
			const styled = await page.evaluate(() => getComputedStyle(document.body).maxWidth !== 'none');
			return [...page.outside, ...page.said, ...(styled ? [] : ['without its style'])];
		}, `${host.address}/sub/path`);
		const page = await look(`${host.address}/sub/path/no/such/page.html`);
		const styled = await page.evaluate(() => getComputedStyle(document.body).maxWidth !== 'none');
		if (page.answer.status() !== 404 || !styled) throw new Error(`status ${page.answer.status()}, styled ${styled}`);
		await page.locator('nav a').first().click();
		if (new URL(page.url()).pathname !== '/sub/path/index.html') throw new Error(`the first link leads to ${page.url()}`);
		await page.context().close();
	} finally {
		host.close();
	}
});

await check('without network: pages that were read, and a page that says why not', async () => {
	const host = await staticHost(zh.dir, '/');
	const context = await browser.newContext();
	try {
		const page = await context.newPage();
		const article = encodeURI(kindsOf(zh).article);
		await page.goto(`${host.address}/index.html`);
		await page.evaluate(() => navigator.serviceWorker.ready.then((r) =>
			r.active.state === 'activated' || new Promise((done) => r.active.addEventListener('statechange', done))));
		await page.goto(host.address + article);
		const read = await page.title();
		await page.reload(); // once more, so that the worker has surely kept it
		host.close();
		host.drop();
		await page.goto(host.address + article);
		if (await page.title() !== read) throw new Error(`the article is ${await page.title()}`);
		await page.goto(`${host.address}/archive.html`);
		const told = await page.locator('h1').innerText();
		if (told !== '沒有網路') throw new Error(`a page that was not read says: ${told}`);
	} finally {
		await context.close();
		host.close();
	}
});

await check('on paper an article is the article', async () => {
	const page = await look(en.address + encodeURI(kindsOf(en).article));
	await page.emulateMedia({ media: 'print' });
	const shown = await page.evaluate(() => ['nav', '.foot', '.skip', '.text', 'h1']
		.map((s) => [...document.querySelectorAll(s)].some((e) => e.getClientRects().length > 0)));
	await page.context().close();
	if (String(shown) !== 'false,false,false,true,true') throw new Error(`nav, foot, skip, text, h1: ${shown}`);
});

await browser.close();

// The whole of both sites as HTML, by the checker of the W3C.
const jar = path.join(modules, 'vnu-jar/build/dist/vnu.jar');
for (const m of mirrors) {
	const name = `${m.name}: every page is valid HTML`;
	if (only.length && !only.some((word) => name.includes(word))) continue;
	let java = true;
	try {
		execFileSync('java', ['-version'], { stdio: 'ignore' });
	} catch {
		java = false;
	}
	if (!java || !fs.existsSync(jar)) {
		skip(name, 'no java or no vnu.jar here (script/bootstrap --browser)');
		continue;
	}
	await check(name, () => {
		let report;
		try {
			execFileSync('java', ['-Xss16m', '-jar', jar, '--stdout', '--format', 'json', '--skip-non-html', '--filterpattern',
				'.*Trailing slash.*', m.dir], { maxBuffer: 1 << 28 });
			return;
		} catch (e) {
			report = JSON.parse(e.stdout);
		}
		const wrong = findings();
		for (const x of report.messages)
			if (x.type === 'error') wrong.push(`${path.relative(m.dir, x.url.slice(5))}:${x.lastLine}: ${x.message}: ${x.extract}`);
		wrong.end();
	});
}

console.log(`browser: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed ? 1 : 0);
