/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Descriptors that arrive in a message (SCM_RIGHTS, SCM_PIDFD). The kernel leaves their numbers in the receiver's control
 * buffer, so that is read when the call returns. The sender's table does not change. */
#ifndef GHOSTFD_PROBES_RECEIVE_H
#define GHOSTFD_PROBES_RECEIVE_H

#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define SCM_PIDFD 4 /* 6.5, 5e2ff6704a27 */
#define SCM_MAX_FD 253
#define CONTROL_MESSAGES 4 /* looked at in one message */
#define MESSAGES 64        /* looked at in one recvmmsg */

/* The layouts of user space, the same on every 64-bit architecture. */
struct user_message {
	__u64 name;
	__u64 name_length;
	__u64 buffers;
	__u64 buffer_count;
	__u64 control;
	__u64 control_length;
	__u64 flags;
};

struct user_message_element {
	struct user_message message;
	__u64 length;
};

struct control_header {
	__u64 length;
	__s32 level;
	__s32 type;
};

__noinline int receive_descriptor(__u64 address)
{
	__u32 fd;

	if (!bpf_probe_read_user(&fd, sizeof(fd), (void *)address))
		emit_open(fd, 0);
	return 0;
}

__noinline int receive_descriptors(__u64 address, __u32 count)
{
	for (__u32 i = 0; i < LOOP_STEP && i < count; i++)
		receive_descriptor(address + i * sizeof(__u32));
	return 0;
}

/* Returns how far on the next control message starts. */
__noinline int receive_control(__u64 address)
{
	struct control_header control;
	__u32 count;

	if (bpf_probe_read_user(&control, sizeof(control), (void *)address) || control.length < sizeof(control) ||
	    control.length > 1 << 20)
		return 0;
	if (control.level == SOL_SOCKET && (control.type == SCM_RIGHTS || control.type == SCM_PIDFD)) {
		count = (control.length - sizeof(control)) / sizeof(__u32);
		for (__u32 i = 0; i < SCM_MAX_FD && i < count; i += LOOP_STEP)
			receive_descriptors(address + sizeof(control) + i * sizeof(__u32), count - i);
	}
	return (control.length + 7) & ~7ull;
}

/* msg_controllen now says how much the kernel wrote: nothing, for most. */
__noinline int receive_message(__u64 address)
{
	struct user_message message;
	__u64 at = 0;

	if (bpf_probe_read_user(&message, sizeof(message), (void *)address)) {
		lose(LOST_USER_READ);
		return 0;
	}
	for (int i = 0; i < CONTROL_MESSAGES; i++) {
		int step;

		if (at + sizeof(struct control_header) > message.control_length)
			break;
		step = receive_control(message.control + at);
		if (step <= 0)
			break;
		at += step;
	}
	return 0;
}

static __always_inline int recvmsg_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	if (arguments(&call) && ctx->ret >= 0)
		receive_message(call.args[1]);
	return 0;
}

static __always_inline int recvmmsg_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	if (!arguments(&call))
		return 0;
	for (__u32 i = 0; i < MESSAGES && (long)i < ctx->ret; i++)
		receive_message(call.args[1] + i * sizeof(struct user_message_element));
	return 0;
}

#endif
