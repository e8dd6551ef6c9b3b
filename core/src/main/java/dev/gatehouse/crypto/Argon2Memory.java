package dev.gatehouse.crypto;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.Block;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one Argon2 hash, used again by the next one: else each hash would be some 20 MB of garbage. There are as many as
 * hashes were computed at once, and those that nobody uses go when the heap is short. BouncyCastle wipes each block before it comes
 * back.
 */
final class Argon2Memory implements BlockPool {
    /** Most blocks (KiB) that are kept: what hashes of other systems need beyond that is rare. */
    private static final int MOST = 64 * 1024;

    private static final ConcurrentLinkedDeque<SoftReference<Argon2Memory>> IDLE = new ConcurrentLinkedDeque<>();

    private final List<Block> blocks = new ArrayList<>();

    private Argon2Memory() {}

    /** Memory for the calling thread alone, until it is given back. */
    static Argon2Memory take() {
        // the last first: a burst of hashes leaves behind what nobody touches, and the heap may have it
        for (SoftReference<Argon2Memory> idle = IDLE.pollLast(); idle != null; idle = IDLE.pollLast()) {
            Argon2Memory known = idle.get();
            if (known != null) {
                return known;
            }
        }
        return new Argon2Memory();
    }

    /** Leaves it to others. */
    void giveBack() {
        IDLE.addLast(new SoftReference<>(this));
    }

    @Override
    public Block allocate() {
        return blocks.isEmpty() ? new Block() : blocks.remove(blocks.size() - 1);
    }

    @Override
    public void deallocate(@Nullable Block block) {
        if (block != null && blocks.size() < MOST) {
            blocks.add(block);
        }
    }
}
