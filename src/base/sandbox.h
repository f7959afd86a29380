/*
 * sandbox - takes rights away from what parses bytes from outside (seccomp, Linux).
 *
 * After sandbox_parser the calling thread can read and write what it holds, use memory
 * and end; opening files, sockets and programs fails with EPERM. For good.
 * Returns 0 also where the kernel has no seccomp: this is the second wall, not the first.
 */
#ifndef DIBAO_BASE_SANDBOX_H
#define DIBAO_BASE_SANDBOX_H

#include "base/err.h"

int sandbox_parser(struct err *err);

#endif
