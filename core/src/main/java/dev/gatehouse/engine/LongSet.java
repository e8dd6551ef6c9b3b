package dev.gatehouse.engine;

import java.util.function.LongConsumer;

/** A set of longs in an array of its own size, open addressing: a tenth of what boxes would take. */
final class LongSet {
    private long[] table = new long[64];
    private int size;
    private boolean zero;

    private static int place(long[] table, long value) {
        int at = (int) (value ^ value >>> 32) & table.length - 1;
        while (table[at] != 0 && table[at] != value) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    boolean contains(long value) {
        return value == 0 ? zero : table[place(table, value)] == value;
    }

    void add(long value) {
        if (value == 0) {
            zero = true;
            return;
        }
        int at = place(table, value);
        size += table[at] == 0 ? 1 : 0;
        table[at] = value;
        if (size * 4L > table.length * 3L) {
            long[] wider = new long[table.length * 2];
            for (long old : table) {
                if (old != 0) {
                    wider[place(wider, old)] = old;
                }
            }
            table = wider;
        }
    }

    void forEach(LongConsumer visit) {
        if (zero) {
            visit.accept(0);
        }
        for (long value : table) {
            if (value != 0) {
                visit.accept(value);
            }
        }
    }
}
