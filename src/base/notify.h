/*
 * notify - tells the service manager how it goes (the protocol of sd_notify(3): datagrams to
 * $NOTIFY_SOCKET). Without that variable nothing is told.
 */
#ifndef DIBAO_BASE_NOTIFY_H
#define DIBAO_BASE_NOTIFY_H

#include <stdint.h>

/* "READY=1", "WATCHDOG=1", "STOPPING=1", "STATUS=..." */
void notify_state(const char *state);
/* How often WATCHDOG=1 is wanted, in ms ($WATCHDOG_USEC halved); 0: not at all. */
int64_t notify_watchdog_ms(void);

#endif
