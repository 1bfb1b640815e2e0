/* SPDX-License-Identifier: Apache-2.0 */
/* One function, at address 0 of the object file: libdw does not relocate. */
int calls(int (*other)(void))
{
	return other() + 1;
}
