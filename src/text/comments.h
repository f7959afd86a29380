/*
 * comments - out of settings, before libconfuse reads them.
 */
#ifndef DIBAO_TEXT_COMMENTS_H
#define DIBAO_TEXT_COMMENTS_H

#include <stddef.h>

/*
 * Makes comments (#, //, and between slash and star) blank, but for their line ends: libconfuse
 * counts the lines of comments wrong (3.3 counts three for each), and its numbers stand in our
 * messages. Quoted text stays as it is, and so does a comment that is not closed, to be told.
 */
void blank_comments(char *s, size_t len);

#endif
