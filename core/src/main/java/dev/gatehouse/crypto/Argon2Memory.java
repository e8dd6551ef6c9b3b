package dev.gatehouse.crypto;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.Block;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.jspecify.annotations.Nullable;

/**
 * The memory of Argon2 hashes, used again by the next ones: else each hash would be some 20 MB of garbage. There is as much as
 * hashes were computed at once, and what nobody uses goes when the heap is short. BouncyCastle wipes each block before it comes
 * back.
 */
final class Argon2Memory {
    /** Most blocks (KiB) that one hash leaves behind: what hashes of other systems need beyond that is rare. */
    private static final int MOST = 64 * 1024;

    private final ConcurrentLinkedDeque<SoftReference<Blocks>> idle = new ConcurrentLinkedDeque<>();

    /**
     * Memory for the calling thread alone, until it is given back. The type is ours, so that a start loads nothing of
     * BouncyCastle, whose jar is signed: to verify that takes a third of a second.
     */
    Blocks take() {
        // the last first: a burst of hashes leaves behind what nobody touches, and the heap may have it
        for (SoftReference<Blocks> last = idle.pollLast(); last != null; last = idle.pollLast()) {
            Blocks known = last.get();
            if (known != null) {
                return known;
            }
        }
        return new Blocks();
    }

    /** Leaves it to others. */
    void giveBack(Blocks taken) {
        idle.addLast(new SoftReference<>(taken));
    }

    static final class Blocks implements BlockPool {
        private final List<Block> blocks = new ArrayList<>();

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
}
