/*
 * A deny-list, on purpose: an allow-list of system calls breaks with every new libc and kernel.
 * What is denied is what a parser taken over by its input would need: opening files, starting
 * programs, talking to the network, reaching into other processes. Descriptors that are already
 * open stay usable.
 */
#include "base/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>

#include "base/log.h"

static const int denied[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(openat2),
	SCMP_SYS(creat),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(socket),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(symlink),
	SCMP_SYS(symlinkat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(mount),
	SCMP_SYS(chroot),
	SCMP_SYS(pivot_root),
	SCMP_SYS(kill),
	SCMP_SYS(tkill),
	SCMP_SYS(chmod),
	SCMP_SYS(fchmodat),
	SCMP_SYS(chown),
	SCMP_SYS(fchownat),
	SCMP_SYS(truncate),
	SCMP_SYS(bpf),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(perf_event_open),
};

int sandbox_parser(struct err *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int failed = 0;

	if (!ctx)
		return err_set(err, ERR_IO, "no system call filter could be made");
	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]) && !failed; i++)
		/* A call this architecture does not have has a negative number, and nothing to
		 * deny. */
		if (denied[i] >= 0)
			failed = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), denied[i], 0);
	if (!failed) {
		int loaded = seccomp_load(ctx);

		/* EINVAL, ENOSYS, EACCES: the kernel (or a container's own filter) has none for us.
		 */
		if (loaded != 0)
			log_line(LOG_DEBUG, "the parser runs without a system call filter");
	}
	seccomp_release(ctx);
	return failed ? err_set(err, ERR_IO, "no system call filter could be made") : 0;
}
