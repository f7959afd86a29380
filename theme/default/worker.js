// Keeps the pages that were read, and shows them where there is no network. With network nothing comes from here:
// a reader never sees an old front page, and nothing has to be invalidated.
const NAME = 'dibao-read';
const MOST = 300; // files; the oldest go
const ALWAYS = ['offline.html', 'style.css', 'favicon.svg'];

addEventListener('install', (e) => {
	e.waitUntil(caches.open(NAME).then((c) => c.addAll(ALWAYS)).then(() => skipWaiting()));
});
addEventListener('activate', (e) => e.waitUntil(clients.claim()));

async function keep(request, answer) {
	const cache = await caches.open(NAME);
	await cache.delete(request); // so that what is read again is the newest
	await cache.put(request, answer);
	const always = ALWAYS.map((f) => new URL(f, registration.scope).href);
	const keys = (await cache.keys()).filter((k) => !always.includes(k.url));
	for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(key);
}

async function answer(e) {
	try {
		const got = await fetch(e.request);
		if (got.status === 200) e.waitUntil(keep(e.request, got.clone())); // of pieces of files (206) none can be kept
		return got;
	} catch (x) {
		const cache = await caches.open(NAME);
		const kept = await cache.match(e.request);
		if (kept) return kept;
		if (e.request.mode === 'navigate') return cache.match(new URL('offline.html', registration.scope).href);
		throw x;
	}
}

addEventListener('fetch', (e) => {
	if (e.request.method === 'GET' && e.request.url.startsWith(registration.scope)) e.respondWith(answer(e));
});
