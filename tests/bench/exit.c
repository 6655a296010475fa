/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime below the wrappers of the benchmark: exits at once. */
int main(void)
{
	return 0;
}
