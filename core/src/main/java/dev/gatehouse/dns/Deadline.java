package dev.gatehouse.dns;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** When a look-up has had its time, whatever it is doing: a server that sends a byte a second gains nothing. */
final class Deadline {
    private final long end;

    Deadline(Duration patience) {
        end = System.nanoTime() + patience.toNanos();
    }

    /** The earlier of this and of so much time from now on. */
    Deadline within(Duration limit) {
        long left = end - System.nanoTime();
        return new Deadline(left < limit.toNanos() ? Duration.ofNanos(left) : limit);
    }

    boolean over() {
        return end - System.nanoTime() <= 0;
    }

    /**
     * What is left, for a socket.
     *
     * @throws SocketTimeoutException if nothing is
     */
    int millis() throws SocketTimeoutException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("time is over");
        }
        return (int) Math.max(1, left / 1_000_000);
    }
}
