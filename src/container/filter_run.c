/* SPDX-License-Identifier: Apache-2.0 */
/* Running seccomp programs: classic BPF, as seccomp(2) restricts it. */
#include <string.h>

#include "filter.h"
#include "filter_code.h"

static uint32_t word_of(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word = 0;

	if (offset % 4 == 0 && offset <= sizeof(*data) - sizeof(word))
		memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

uint32_t filter_compute(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return b < 32 ? a << b : 0;
	case BPF_RSH:
		return b < 32 ? a >> b : 0;
	case BPF_NEG:
		return -a;
	default:
		return 0;
	}
}

bool filter_compare(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JSET:
		return (a & b) != 0;
	default:
		return false;
	}
}

struct machine {
	uint32_t a, x, memory[BPF_MEMWORDS];
};

/* Everything but jumps and returns. */
static void step(struct machine *m, const struct sock_filter *code, const struct seccomp_data *data)
{
	uint32_t operand = BPF_SRC(code->code) == BPF_X ? m->x : code->k;
	uint32_t slot = code->k < BPF_MEMWORDS ? code->k : 0;
	uint32_t *to = BPF_CLASS(code->code) == BPF_LDX ? &m->x : &m->a;

	switch (BPF_CLASS(code->code)) {
	case BPF_LD:
	case BPF_LDX:
		if (BPF_MODE(code->code) == BPF_ABS)
			*to = word_of(data, code->k);
		else if (BPF_MODE(code->code) == BPF_LEN)
			*to = sizeof(*data);
		else
			*to = BPF_MODE(code->code) == BPF_MEM ? m->memory[slot] : code->k;
		break;
	case BPF_ST:
		m->memory[slot] = m->a;
		break;
	case BPF_STX:
		m->memory[slot] = m->x;
		break;
	case BPF_ALU:
		m->a = filter_compute(code->code, m->a, operand);
		break;
	case BPF_MISC:
		if (BPF_MISCOP(code->code) == BPF_TAX)
			m->x = m->a;
		else
			m->a = m->x;
		break;
	default:
		break;
	}
}

uint32_t filter_run(const struct filter *filter, const struct seccomp_data *data)
{
	struct machine m = { 0 };

	for (size_t at = 0; at < filter->count; at++) {
		const struct sock_filter *code = &filter->code[at];
		uint32_t operand = BPF_SRC(code->code) == BPF_X ? m.x : code->k;

		if (BPF_CLASS(code->code) == BPF_RET)
			return BPF_RVAL(code->code) == BPF_A ? m.a : code->k;
		if (BPF_CLASS(code->code) != BPF_JMP)
			step(&m, code, data);
		else if (BPF_OP(code->code) == BPF_JA)
			at += code->k;
		else
			at += filter_compare(code->code, m.a, operand) ? code->jt : code->jf;
	}
	return SECCOMP_RET_KILL_PROCESS;
}

bool filter_passes(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_ERRNO:
		return false;
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return true;
	default:
		/* the kernel takes what it does not know for a kill */
		return false;
	}
}
