/* SPDX-License-Identifier: Apache-2.0 */
/* seawall seccomp compare: whether compiled filters let through no more than a profile. */
#include <fcntl.h>
#include <linux/filter.h>
#include <string.h>

#include "ctl_seccomp.h"
#include "file.h"

/* The kernel's own limit, BPF_MAXINSNS. */
#define INSTRUCTIONS_MAX 4096

/* As the kernel asks of a program that is to be loaded: jumps stay within, and it ends in a return. */
static bool is_sound(const struct sock_filter *code, size_t count)
{
	for (size_t at = 0; at < count; at++) {
		size_t left = count - at - 1;
		bool always = BPF_OP(code[at].code) == BPF_JA;

		if (BPF_CLASS(code[at].code) != BPF_JMP)
			continue;
		if (always ? code[at].k >= left : code[at].jt >= left || code[at].jf >= left)
			return false;
	}
	return BPF_CLASS(code[count - 1].code) == BPF_RET;
}

static bool read_filter(const struct ctl *ctl, const char *path, struct filter *filter,
			struct error *err)
{
	size_t len, count;
	char *text = file_read(ctl->arena, AT_FDCWD, path, FILE_ANY, &len, NULL, err);
	struct sock_filter *code;

	if (!text)
		return error_prefix(err, "%s", path);
	count = len / sizeof(*code);
	if (count < 1 || count > INSTRUCTIONS_MAX || len % sizeof(*code))
		return error_set(
			err,
			"%s: is no filter (found %zu bytes, expected 1 to %d instructions of 8)",
			path, len, INSTRUCTIONS_MAX);
	code = arena_alloc(ctl->arena, len);
	memcpy(code, text, len);
	*filter = filter_of(ctl->arena, code, count);
	return is_sound(code, count) ||
	       error_set(err, "%s: is no filter that the kernel would load", path);
}

static void print(const struct ctl *ctl, struct text *text, const char *name,
		  const struct ctl_seccomp *given, const struct filter_excess *excess)
{
	struct text calls = { .arena = ctl->arena };
	const char *profile = report_plain(ctl->arena, given->name);

	name = report_plain(ctl->arena, name);
	if (!excess) {
		text_printf(text, "%s: %sstrict%s: lets through nothing that %s blocks\n", name,
			    ctl_green(ctl), ctl_off(ctl), profile);
		return;
	}
	text_printf(text, "%s: %sweaker%s: lets through what %s blocks\n", name, ctl_red(ctl),
		    ctl_off(ctl), profile);
	for (; excess; excess = excess->next)
		text_printf(&calls, "%s%s%s (%s)", calls.len ? ", " : "",
			    excess->call ? excess->call
					 : arena_printf(ctl->arena, "number %u", excess->number),
			    excess->some ? " for some arguments" : "",
			    excess->abi ? excess->abi->name : "no ABI of this machine");
	text_printf(text, "  ");
	ctl_wrap(ctl, text, 2, 2, calls.data);
}

enum ctl_status ctl_seccomp_compare(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };
	struct ctl_seccomp given = { 0 };
	enum ctl_status status = CTL_NO;
	struct filter wanted = { 0 }, filter = { 0 };
	struct error err;

	if (!ctl_profile_alone(ctl, ctl->args[0], &given, &err))
		return ctl_fail("%s", err.msg);
	ctl_seccomp_limit();
	if (!filter_build(ctl->arena, given.profile, &wanted, &err))
		return ctl_fail("%s: %s", given.name, err.msg);
	for (size_t i = 1; i < ctl->count; i++) {
		const struct filter_excess *excess;

		if (!read_filter(ctl, ctl->args[i], &filter, &err))
			return ctl_fail("%s", err.msg);
		excess = filter_excess(ctl->arena, &filter, &wanted);
		if (!excess)
			status = CTL_GOOD;
		print(ctl, &text, ctl->args[i], &given, excess);
	}
	return ctl_out(&text, status);
}
