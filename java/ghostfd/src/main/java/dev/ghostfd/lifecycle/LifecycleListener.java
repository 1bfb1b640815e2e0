/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

/** Told, on the consumer thread, of moments after which something may have become a leak. */
public interface LifecycleListener {
    /** The last process that had received one of this channel's ends has exited, and the channel is still held somewhere. */
    void receiversGone(Channel channel);

    /** The child that one of this channel's ends was made for has exited, and the channel is still held somewhere. */
    void childGone(Channel channel);

    /** The only process that had received this as stdio has exited. */
    void returned(Gift gift);
}
