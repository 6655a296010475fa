/* SPDX-License-Identifier: Apache-2.0 */
/* Compiling profiles; the only file that knows libseccomp. */
#include "filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "file.h"

#define EPERM_RET 1
#define X32_BIT	  0x40000000
#define API_LEVEL 5 /* of libseccomp: with LOG and NOTIFY */

#if defined(__x86_64__)
static const struct filter_abi abis[] = {
	{ "x86-64", AUDIT_ARCH_X86_64, 0, SCMP_ARCH_X86_64 },
	{ "x32", AUDIT_ARCH_X86_64, X32_BIT, SCMP_ARCH_X32 },
	{ "i386", AUDIT_ARCH_I386, 0, SCMP_ARCH_X86 },
};
#elif defined(__aarch64__)
static const struct filter_abi abis[] = {
	{ "aarch64", AUDIT_ARCH_AARCH64, 0, SCMP_ARCH_AARCH64 },
	{ "arm", AUDIT_ARCH_ARM, 0, SCMP_ARCH_ARM },
	/* cacheflush, set_tls and the like */
	{ "arm-private", AUDIT_ARCH_ARM, 0xf0000, SCMP_ARCH_ARM },
};
#endif

const struct filter_abi *filter_abi_at(size_t index)
{
	return index < sizeof(abis) / sizeof(*abis) ? &abis[index] : NULL;
}

static uint32_t filter_token(const char *architecture)
{
	static const struct {
		const char *name;
		uint32_t token;
	} tokens[] = {
		{ "SCMP_ARCH_X86", SCMP_ARCH_X86 },
		{ "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64 },
		{ "SCMP_ARCH_X32", SCMP_ARCH_X32 },
		{ "SCMP_ARCH_ARM", SCMP_ARCH_ARM },
		{ "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64 },
		{ "SCMP_ARCH_MIPS", SCMP_ARCH_MIPS },
		{ "SCMP_ARCH_MIPS64", SCMP_ARCH_MIPS64 },
		{ "SCMP_ARCH_MIPS64N32", SCMP_ARCH_MIPS64N32 },
		{ "SCMP_ARCH_MIPSEL", SCMP_ARCH_MIPSEL },
		{ "SCMP_ARCH_MIPSEL64", SCMP_ARCH_MIPSEL64 },
		{ "SCMP_ARCH_MIPSEL64N32", SCMP_ARCH_MIPSEL64N32 },
		{ "SCMP_ARCH_PPC", SCMP_ARCH_PPC },
		{ "SCMP_ARCH_PPC64", SCMP_ARCH_PPC64 },
		{ "SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE },
		{ "SCMP_ARCH_S390", SCMP_ARCH_S390 },
		{ "SCMP_ARCH_S390X", SCMP_ARCH_S390X },
		{ "SCMP_ARCH_PARISC", SCMP_ARCH_PARISC },
		{ "SCMP_ARCH_PARISC64", SCMP_ARCH_PARISC64 },
		{ "SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64 },
	};

	for (size_t i = 0; architecture && i < sizeof(tokens) / sizeof(*tokens); i++)
		if (strcmp(architecture, tokens[i].name) == 0)
			return tokens[i].token;
	return 0;
}

const char *filter_name(struct arena *arena, const struct filter_abi *abi, uint32_t number)
{
	char *known = seccomp_syscall_resolve_num_arch(abi->token, (int)number);
	char *name = known ? arena_strndup(arena, known, strlen(known)) : NULL;

	free(known);
	return name;
}

bool filter_knows(const char *name)
{
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

struct build {
	struct arena *arena;
	scmp_filter_ctx ctx;
	uint32_t default_action;
	struct error *err;
};

static void release(scmp_filter_ctx *ctx)
{
	if (*ctx)
		seccomp_release(*ctx);
}

/* errnoRet counts for ERRNO and TRACE only; EPERM where there is none, as in runc and crun. */
static bool action_of(const struct json *action, const struct json *errno_ret, uint32_t *value,
		      struct error *err)
{
	static const struct {
		const char *name;
		uint32_t value;
	} actions[] = {
		{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
		{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
		{ "SCMP_ACT_KILL", SCMP_ACT_KILL },
		{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
		{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
		{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
		{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY },
	};
	const char *name = json_string(action);
	uint64_t code = EPERM_RET;

	if (errno_ret && errno_ret->type == JSON_NUMBER &&
	    (!json_u64(errno_ret, &code) || code > UINT16_MAX))
		return error_set(err, "errnoRet is out of range (found %s)", errno_ret->text);
	for (size_t i = 0; name && i < sizeof(actions) / sizeof(*actions); i++) {
		*value = actions[i].value;
		if (strcmp(name, actions[i].name) == 0)
			return true;
	}
	if (name && strcmp(name, "SCMP_ACT_ERRNO") == 0)
		*value = SCMP_ACT_ERRNO((uint32_t)code);
	else if (name && strcmp(name, "SCMP_ACT_TRACE") == 0)
		*value = SCMP_ACT_TRACE((uint32_t)code);
	else
		return error_set(err, "unknown action (found %s, expected SCMP_ACT_...)",
				 name ? name : "none");
	return true;
}

static bool add_architectures(struct build *build, const struct json *names)
{
	json_each(node, names) {
		const char *name = json_string(node);
		uint32_t token = filter_token(name);
		int rc;

		if (!token)
			return error_set(build->err, "unknown architecture (found %s)",
					 name ? name : "no string");
		rc = seccomp_arch_add(build->ctx, token);
		if (rc < 0 && rc != -EEXIST)
			return error_set(build->err, "%s: libseccomp refuses it: %s", name,
					 strerror(-rc));
	}
	return true;
}

static bool read_arg(const struct json *arg, struct scmp_arg_cmp *cmp, struct error *err)
{
	const char *op = json_string(json_member(arg, "op"));
	const struct json *other = json_member(arg, "valueTwo");
	uint64_t index, value, two = 0;
	int found = 0;
	static const int ops[] = { SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_LT,	SCMP_CMP_LE,
				   SCMP_CMP_GT, SCMP_CMP_GE, SCMP_CMP_MASKED_EQ };

	for (size_t i = 0; op && i < sizeof(ops) / sizeof(*ops); i++)
		if (strcmp(op, syscall_op_names[i]) == 0)
			found = ops[i];
	if (!found)
		return error_set(err, "unknown operator (found %s, expected SCMP_CMP_...)",
				 op ? op : "none");
	if (!json_u64(json_member(arg, "index"), &index) || index > 5 ||
	    !json_u64(json_member(arg, "value"), &value) || (other && !json_u64(other, &two)))
		return error_set(err, "an argument is no index, value and valueTwo");
	*cmp = (struct scmp_arg_cmp){ (unsigned)index, (enum scmp_compare)found, value, two };
	return true;
}

static bool added(const struct build *build, const char *name, int rc)
{
	if (rc == 0)
		return true;
	return error_set(build->err, "%s: libseccomp refuses the rule: %s", name, strerror(-rc));
}

/* Two conditions on one argument: runc and crun then add every condition as a rule of its own. */
static bool add_call(struct build *build, const char *name, uint32_t action,
		     const struct json *args)
{
	int number = seccomp_syscall_resolve_name(name);
	struct scmp_arg_cmp cmp[16] = { { 0 } };
	unsigned count = 0, seen = 0;
	bool split = false;

	/* unknown names are skipped, too, by both */
	if (number == __NR_SCMP_ERROR)
		return true;
	json_each(arg, args) {
		if (count == sizeof(cmp) / sizeof(*cmp))
			return error_set(build->err, "%s: more than 16 conditions", name);
		if (!read_arg(arg, &cmp[count], build->err))
			return error_prefix(build->err, "%s", name);
		split = split || seen >> cmp[count].arg & 1;
		seen |= 1u << cmp[count++].arg;
	}
	if (!split)
		return added(build, name,
			     seccomp_rule_add_array(build->ctx, action, number, count, cmp));
	for (unsigned i = 0; i < count; i++)
		if (!added(build, name,
			   seccomp_rule_add_array(build->ctx, action, number, 1, &cmp[i])))
			return false;
	return true;
}

static bool add_rule(struct build *build, const struct json *rule)
{
	uint32_t action = 0;

	if (!action_of(json_member(rule, "action"), json_member(rule, "errnoRet"), &action,
		       build->err))
		return false;
	if (action == build->default_action)
		return true;
	json_each(name, json_member(rule, "names"))
		if (name->type == JSON_STRING &&
		    !add_call(build, name->text, action, json_member(rule, "args")))
			return false;
	return true;
}

static bool export(struct build *build, struct filter *filter)
{
	int fd cleanup_fd = memfd_create("seccomp", MFD_CLOEXEC);
	off_t size;
	void *code;
	int rc;

	if (fd < 0)
		return error_errno(build->err, "memfd_create");
	rc = seccomp_export_bpf(build->ctx, fd);
	if (rc < 0)
		return error_set(build->err, "libseccomp: %s", strerror(-rc));
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || size % (off_t)sizeof(struct sock_filter) != 0)
		return error_set(build->err, "libseccomp wrote %lld bytes", (long long)size);
	code = arena_alloc(build->arena, (size_t)size);
	if (pread(fd, code, (size_t)size, 0) != size)
		return error_errno(build->err, "reading the filter");
	*filter = filter_of(build->arena, code, (size_t)size / sizeof(struct sock_filter));
	return true;
}

bool filter_build(struct arena *arena, const struct json *seccomp, struct filter *filter,
		  struct error *err)
{
	scmp_filter_ctx ctx __attribute__((cleanup(release))) = NULL;
	struct build build = { .arena = arena, .err = err };
	size_t index = 0;

	if (!action_of(json_member(seccomp, "defaultAction"),
		       json_member(seccomp, "defaultErrnoRet"), &build.default_action, err))
		return error_prefix(err, "/defaultAction");
	/* a filter that runs elsewhere: what this kernel, or valgrind, knows of seccomp(2) is no matter */
	seccomp_api_set(API_LEVEL);
	ctx = build.ctx = seccomp_init(build.default_action);
	if (!ctx)
		return error_set(err, "/defaultAction: libseccomp refuses it");
	if (!add_architectures(&build, json_member(seccomp, "architectures")))
		return error_prefix(err, "/architectures");
	json_each(rule, json_member(seccomp, "syscalls")) {
		if (!add_rule(&build, rule))
			return error_prefix(err, "/syscalls/%zu", index);
		index++;
	}
	return export(&build, filter);
}
