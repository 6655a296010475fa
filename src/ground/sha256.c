/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256, FIPS 180-4. The config is hashed twice at each container start: libmd's code takes 50 us for
 * 9 kB each time, a fifth of the time the whole judgement may cost; the processor's own instructions
 * take 5. Whether it has them is found by trying one: CPUID is a trap to the hypervisor on most nodes, and
 * sysfs needs 25 us to tell.
 */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "file.h"

#define BLOCK 64

static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

typedef void compress_fn(uint32_t state[8], const unsigned char *data, size_t blocks);

static uint32_t rotate(uint32_t x, unsigned n)
{
	return (x >> n) | (x << (32 - n));
}

static uint32_t load_be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void schedule(uint32_t w[64], const unsigned char *data)
{
	for (size_t i = 0; i < 16; i++)
		w[i] = load_be32(data + 4 * i);
	for (size_t i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] + (rotate(a ^ rotate(a, 11), 7) ^ a >> 3) +
		       (rotate(b ^ rotate(b, 2), 17) ^ b >> 10);
	}
}

/*
 * Rotations within rotations, and choice and majority with fewer operations than the standard writes them
 * with, to the same effect.
 */
static inline __attribute__((always_inline)) void round_plain(uint32_t s[8], size_t j,
							      uint32_t word)
{
	uint32_t a = s[-j & 7], b = s[(1 - j) & 7], c = s[(2 - j) & 7];
	uint32_t e = s[(4 - j) & 7], f = s[(5 - j) & 7], g = s[(6 - j) & 7];
	uint32_t *d = &s[(3 - j) & 7], *h = &s[(7 - j) & 7];

	*h += rotate(rotate(rotate(e, 14) ^ e, 5) ^ e, 6) + (g ^ (e & (f ^ g))) + word;
	*d += *h;
	*h += rotate(rotate(rotate(a, 9) ^ a, 11) ^ a, 2) + ((a & b) + (c & (a ^ b)));
}

static void compress_plain(uint32_t state[8], const unsigned char *data, size_t blocks)
{
	uint32_t w[64], s[8];

	for (; blocks > 0; blocks--, data += BLOCK) {
		schedule(w, data);
		memcpy(s, state, sizeof(s));
		/* Word n of the state is s[n - i]: counting backwards saves moving all eight. */
		for (size_t i = 0; i < 64; i += 8) {
			round_plain(s, 0, constants[i] + w[i]);
			round_plain(s, 1, constants[i + 1] + w[i + 1]);
			round_plain(s, 2, constants[i + 2] + w[i + 2]);
			round_plain(s, 3, constants[i + 3] + w[i + 3]);
			round_plain(s, 4, constants[i + 4] + w[i + 4]);
			round_plain(s, 5, constants[i + 5] + w[i + 5]);
			round_plain(s, 6, constants[i + 6] + w[i + 6]);
			round_plain(s, 7, constants[i + 7] + w[i + 7]);
		}
		for (size_t i = 0; i < 8; i++)
			state[i] += s[i];
	}
}

#ifdef __x86_64__
#include <immintrin.h>

/* Four rounds; w holds their message words. */
__attribute__((target("sha,sse4.1"))) static inline void rounds(__m128i *abef, __m128i *cdgh,
								__m128i w, const uint32_t *k)
{
	__m128i sum = _mm_add_epi32(w, _mm_loadu_si128((const __m128i *)(const void *)k));

	*cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
	*abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* The next four message words from the last sixteen. */
__attribute__((target("sha,sse4.1"))) static inline __m128i next_words(const __m128i w[4])
{
	__m128i t = _mm_sha256msg1_epu32(w[0], w[1]);

	t = _mm_add_epi32(t, _mm_alignr_epi8(w[3], w[2], 4));
	return _mm_sha256msg2_epu32(t, w[3]);
}

__attribute__((target("sha,sse4.1"))) static void block_sha(__m128i *abef, __m128i *cdgh,
							    const unsigned char *data)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i old_abef = *abef, old_cdgh = *cdgh, w[4];

	for (size_t i = 0; i < 4; i++) {
		w[i] = _mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i));
		w[i] = _mm_shuffle_epi8(w[i], swap);
		rounds(abef, cdgh, w[i], constants + 4 * i);
	}
	for (size_t i = 4; i < 16; i++) {
		__m128i next = next_words(w);

		w[0] = w[1];
		w[1] = w[2];
		w[2] = w[3];
		w[3] = next;
		rounds(abef, cdgh, next, constants + 4 * i);
	}
	*abef = _mm_add_epi32(*abef, old_abef);
	*cdgh = _mm_add_epi32(*cdgh, old_cdgh);
}

/* The instructions want the state as (a,b,e,f) and (c,d,g,h), the highest word first. */
__attribute__((target("sha,sse4.1"))) static void
compress_sha(uint32_t state[8], const unsigned char *data, size_t blocks)
{
	__m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
	__m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
	uint32_t out[8];

	for (; blocks > 0; blocks--, data += BLOCK)
		block_sha(&abef, &cdgh, data);
	_mm_storeu_si128((__m128i *)(void *)out, abef);
	_mm_storeu_si128((__m128i *)(void *)(out + 4), cdgh);
	for (size_t i = 0; i < 4; i++) {
		static const int abef_at[] = { 5, 4, 1, 0 }, cdgh_at[] = { 7, 6, 3, 2 };

		state[abef_at[i]] = out[i];
		state[cdgh_at[i]] = out[4 + i];
	}
}

/* A signal's disposition as the kernel has it: at its first use libc's call makes another of its own. */
struct disposition {
	void (*handler)(int signal, siginfo_t *info, void *context);
	unsigned long flags;
	void (*back)(void);
	uint64_t mask;
};
#define HAS_BACK 0x04000000 /* SA_RESTORER */

static bool set_disposition(const struct disposition *now, struct disposition *before)
{
	return syscall(SYS_rt_sigaction, SIGILL, now, before, sizeof(now->mask)) == 0;
}

/* Where handlers return to: rt_sigreturn, which knows no way back to here. */
static __attribute__((naked)) void signal_back(void)
{
	__asm__("mov $15, %eax\n\tsyscall");
}

/*
 * SIGILL at the instruction tried: go on behind it, with the answer no. Any other is as deadly as it was: it
 * comes again, and SA_RESETHAND has taken this handler away.
 */
static void on_illegal(int signal, siginfo_t *info, void *context)
{
	ucontext_t *user = context;
	greg_t *registers = user->uc_mcontext.gregs;

	(void)signal;
	(void)info;
	if (memcmp((const void *)registers[REG_RIP], "\x0f\x38\xcb\xc0", 4) != 0)
		return;
	registers[REG_RIP] += 4;
	registers[REG_RAX] = 0;
}

static int try_sha(void)
{
	int found = 1;

	/* sha256rnds2 %xmm0, %xmm0 */
	__asm__ volatile(".byte 0x0f, 0x38, 0xcb, 0xc0" : "+a"(found) : : "xmm0");
	return found;
}

/* Two system calls: where the signal was left to its default the handler stays, until execve. */
static bool has_sha(void)
{
	struct disposition try = { on_illegal, SA_SIGINFO | SA_RESETHAND | HAS_BACK, signal_back,
				   0 };
	struct disposition old = { 0 };
	sigset_t illegal, mask;
	bool found;

	/* Blocked, as the caller may have left it, the signal would end us. */
	sigemptyset(&illegal);
	sigaddset(&illegal, SIGILL);
	if (sigprocmask(SIG_UNBLOCK, &illegal, &mask) < 0)
		return false;
	found = set_disposition(&try, &old) && try_sha();
	if (old.handler && !set_disposition(&old, NULL))
		found = false;
	if (sigismember(&mask, SIGILL))
		sigprocmask(SIG_SETMASK, &mask, NULL);
	return found;
}

/* Below this the question costs more than the answer saves. */
#define WORTH_ASKING 2048

static compress_fn *choose(size_t len)
{
	return len >= WORTH_ASKING && has_sha() ? compress_sha : compress_plain;
}
#else
static compress_fn *choose(size_t len)
{
	(void)len;
	return compress_plain;
}
#endif

static void hash_one(compress_fn *compress, struct file_hash *hash)
{
	const unsigned char *data = (const unsigned char *)hash->data;
	size_t len = hash->len;
	uint32_t state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	size_t whole = len / BLOCK, rest = len % BLOCK;
	unsigned char tail[2 * BLOCK] = { 0 };
	size_t tail_blocks = rest < BLOCK - 8 ? 1 : 2;

	compress(state, data, whole);
	if (rest)
		memcpy(tail, data + whole * BLOCK, rest);
	tail[rest] = 0x80;
	for (size_t i = 0; i < 8; i++)
		tail[tail_blocks * BLOCK - 1 - i] = (unsigned char)((uint64_t)len * 8 >> (8 * i));
	compress(state, tail, tail_blocks);
	for (size_t i = 0; i < 32; i++) {
		unsigned byte = state[i / 4] >> (24 - 8 * (i % 4)) & 0xff;

		hash->hex[2 * i] = "0123456789abcdef"[byte >> 4];
		hash->hex[2 * i + 1] = "0123456789abcdef"[byte & 15];
	}
	hash->hex[64] = '\0';
}

void file_hash(struct file_hash *hashes, size_t count)
{
	compress_fn *compress;
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += hashes[i].len;
	compress = choose(len);
	for (size_t i = 0; i < count; i++)
		hash_one(compress, &hashes[i]);
}

void file_sha256(const char *data, size_t len, char hex[65])
{
	struct file_hash hash = { .data = data, .len = len };

	file_hash(&hash, 1);
	memcpy(hex, hash.hex, sizeof(hash.hex));
}
