/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where seawall-runtime and seawall-hook begin, before anything of libc's: the pages of the program are had in
 * two calls instead of one fault each, of which a virtual machine takes up to 15 us. A static program that may
 * be loaded anywhere writes the addresses in its tables itself, so all of its data is touched in any case.
 * Kernels before 5.14 know neither call: they say no, and pages come as they are touched.
 */
#if defined(__x86_64__)
/* madvise is 28, MADV_POPULATE_READ 22, MADV_POPULATE_WRITE 23. Data begins with the list of constructors. */
__asm__(".text\n"
	".globl seawall_start\n"
	".type seawall_start, @function\n"
	"seawall_start:\n"
	"	endbr64\n"
	"	mov	$28, %eax\n"
	"	lea	__ehdr_start(%rip), %rdi\n"
	"	lea	__init_array_start(%rip), %rsi\n"
	"	and	$-4096, %rsi\n"
	"	sub	%rdi, %rsi\n"
	"	mov	$22, %edx\n"
	"	syscall\n"
	"	mov	$28, %eax\n"
	"	add	%rsi, %rdi\n"
	"	lea	_end(%rip), %rsi\n"
	"	sub	%rdi, %rsi\n"
	"	mov	$23, %edx\n"
	"	syscall\n"
	"	xor	%edx, %edx\n"
	"	jmp	_start\n"
	".size seawall_start, . - seawall_start\n"
	".hidden __ehdr_start\n"
	".hidden __init_array_start\n"
	".hidden _end\n");
#endif
