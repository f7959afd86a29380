/*
 * escape - text into markup and back. buf_add_html is for element text and quoted attributes alike.
 */
#ifndef DIBAO_TEXT_ESCAPE_H
#define DIBAO_TEXT_ESCAPE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

void buf_add_html(struct buf *b, struct str s); /* & < > " ' */
/* The same for XML 1.0: characters XML forbids are dropped as well. */
void buf_add_xml(struct buf *b, struct str s);

/*
 * Character references decoded (HTML's rules and names: "&eacute;", "&#8217;", "&#x2019;",
 * windows-1252 for 128-159, the final ";" optional where HTML says so). s itself when it has none.
 */
struct str html_unescape(struct arena *a, struct str s);

/*
 * The plain text of a small piece of markup (a title): tags, comments, <script> and <style>
 * dropped, <br> and block ends as a space, references decoded once, white space squeezed. Not for
 * documents: page has the DOM.
 */
struct str html_text(struct arena *a, struct str s);

#endif
