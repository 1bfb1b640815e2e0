/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

/** An operation the kernel or a native library refused, in one line that says what to do about it. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    /**
     * @param operation what was tried, "load the BPF programs"
     * @param errno the positive error number, 0 when there is none
     * @param hint what the operator can do; may be empty
     */
    public KernelException(String operation, int errno, String hint) {
        super("cannot " + operation + (errno == 0 ? "" : ": " + Errno.text(errno))
                + (hint.isEmpty() ? "" : "; " + hint));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
