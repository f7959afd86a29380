/*
 * The browser's folding and terms against the program's.
 *
 * Standard input: the tables (a shard's bytes in hex), then lines of JSON: [text, folded, [term, ...]]. Exit status 1
 * where anything differs, but for characters that this node's Unicode does not know yet: a browser as old cannot
 * fold them either.
 */
'use strict';
const fs = require('fs'), path = require('path');
const search = require(path.join(__dirname, '../../theme/default/search.js'));

const lines = fs.readFileSync(0, 'utf8').split('\n');
const shard = Buffer.from(lines[0], 'hex');
search.setTables(search.unpack(new Uint8Array(shard.subarray(7, shard.length - 2))));
const hex = (s) => Array.from(s, (c) => c.codePointAt(0).toString(16)).join(' ');
let bad = 0, count = 0;
for (const line of lines.slice(1)) {
	if (!line)
		continue;
	const [text, folded, terms] = JSON.parse(line);
	const places = [], mine = search.fold(text, places), had = search.terms(mine);
	const ascending = places.every((at, i) => !i || at >= places[i - 1]) && places.length === mine.length + 1;
	count++;
	if (mine === folded && had.join('\0') === terms.join('\0') && ascending)
		continue;
	if (/\p{Cn}/u.test(text))
		continue;
	if (bad++ < 20)
		console.error(JSON.stringify({text, folded: hex(folded), mine: hex(mine), terms, had, ascending}));
}
if (bad || count < 5000) {
	console.error(`${bad} of ${count} texts fold otherwise in the browser`);
	process.exit(1);
}
