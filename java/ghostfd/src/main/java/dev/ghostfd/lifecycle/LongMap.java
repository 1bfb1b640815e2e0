/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.function.Consumer;

/**
 * A map from non-zero numbers to objects: open addressing, linear probing, backward-shift deletion, so that no tombstones
 * gather under churn. Allocates only when it grows. Not thread-safe; must not be changed during {@link #forEach}.
 */
final class LongMap<V> {
    private static final int INITIAL_CAPACITY = 16;

    private long[] keys = new long[INITIAL_CAPACITY];
    private Object[] values = new Object[INITIAL_CAPACITY];
    private int size;

    int size() {
        return size;
    }

    /** The value, or null: within the package, on the hot path, null is the cheap way to say absent. */
    @SuppressWarnings("unchecked")
    V get(long key) {
        long[] table = keys;
        int mask = table.length - 1;
        for (int i = home(key, mask); table[i] != 0; i = i + 1 & mask) {
            if (table[i] == key) {
                return (V) values[i];
            }
        }
        return null;
    }

    /** Sets the value and returns the one it replaces, or null. */
    @SuppressWarnings("unchecked")
    V put(long key, V value) {
        if (key == 0) {
            throw new IllegalArgumentException("key 0 marks free slots");
        }
        int mask = keys.length - 1;
        int i = home(key, mask);
        for (; keys[i] != 0; i = i + 1 & mask) {
            if (keys[i] == key) {
                Object previous = values[i];
                values[i] = value;
                return (V) previous;
            }
        }
        keys[i] = key;
        values[i] = value;
        if (++size > keys.length / 4 * 3) {
            grow();
        }
        return null;
    }

    /** Removes and returns the value, or null. */
    @SuppressWarnings("unchecked")
    V remove(long key) {
        if (key == 0) {
            return null;
        }
        int mask = keys.length - 1;
        int i = home(key, mask);
        while (keys[i] != key) {
            if (keys[i] == 0) {
                return null;
            }
            i = i + 1 & mask;
        }
        final Object removed = values[i];
        for (int j = i + 1 & mask; keys[j] != 0; j = j + 1 & mask) {
            /* Whoever probed across the gap moves into it. */
            if ((j - home(keys[j], mask) & mask) >= (j - i & mask)) {
                keys[i] = keys[j];
                values[i] = values[j];
                i = j;
            }
        }
        keys[i] = 0;
        values[i] = null;
        size--;
        return (V) removed;
    }

    @SuppressWarnings("unchecked")
    void forEach(Consumer<? super V> action) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                action.accept((V) values[i]);
            }
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        Object[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new Object[oldKeys.length * 2];
        int mask = keys.length - 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int j = home(oldKeys[i], mask);
                while (keys[j] != 0) {
                    j = j + 1 & mask;
                }
                keys[j] = oldKeys[i];
                values[j] = oldValues[i];
            }
        }
    }

    private static int home(long key, int mask) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    }
}
