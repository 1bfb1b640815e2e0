/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

/** Is told of a stack that has been unwound. */
@FunctionalInterface
public interface UnwoundStack {
    /**
     * Called on the unwinder's thread, which waits meanwhile: what has to be done is to be done elsewhere.
     *
     * @param sample what was submitted, given back on return; has {@link StackSample#process} and
     *     {@link StackSample#correlation}
     * @param addresses where the system call was made, and from there outwards the return addresses; written over on return
     * @param depth how many addresses there are, from 1 to {@link UnwindQueue#MOST_FRAMES}
     */
    void unwound(StackSample sample, long[] addresses, int depth);
}
