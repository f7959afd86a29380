/*
 * clock - what time it is; the only reader of the system's clock.
 *
 * Instants are milliseconds since 1970 UTC. DIBAO_NOW in the environment (milliseconds) fixes
 * clock_now for tests and reproducible runs; clock_mono_ms never does. "MS@MONO*RATE" is a clock
 * that showed MS when the monotonic one showed MONO, and goes RATE times as fast: a day in minutes.
 */
#ifndef DIBAO_BASE_CLOCK_H
#define DIBAO_BASE_CLOCK_H

#include <stdint.h>

/* No time is stated. Never 1970, never now. */
#define TIME_UNSTATED INT64_MIN

int64_t clock_now(void);
int64_t clock_mono_ms(void); /* for durations */

#endif
