package dev.gatehouse.spring;

import dev.gatehouse.Gatehouse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.TaskScheduler;

/** Calls {@link Gatehouse#maintain()} while the application runs: on its scheduler, or without one on a thread of its own. */
final class Housekeeping implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Gatehouse gatehouse;
    private final @Nullable TaskScheduler hosts;
    private final Duration interval;
    private final ReentrantLock working = new ReentrantLock();
    private @Nullable ScheduledExecutorService own;
    private @Nullable Future<?> task;

    /** @param interval zero for never */
    Housekeeping(Gatehouse gatehouse, @Nullable TaskScheduler hosts, Duration interval) {
        this.gatehouse = gatehouse;
        this.hosts = hosts;
        this.interval = interval;
    }

    @Override
    public boolean isAutoStartup() {
        return !interval.isZero();
    }

    @Override
    public synchronized void start() {
        if (hosts != null) {
            task = hosts.scheduleWithFixedDelay(this::maintain, interval);
            return;
        }
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "gatehouse-housekeeping");
            made.setDaemon(true);
            return made;
        });
        own = thread;
        task = thread.scheduleWithFixedDelay(this::maintain, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void maintain() {
        working.lock();
        try {
            gatehouse.maintain();
        } catch (Throwable e) {
            // a task that throws is never run again
            LOG.warn("housekeeping failed, the next round tries again", e);
        } finally {
            working.unlock();
        }
    }

    /** Waits for a round that runs: what it works on is closed next. */
    @Override
    public synchronized void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
        if (own != null) {
            own.shutdown();
            own = null;
        }
        try {
            if (working.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                working.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return task != null;
    }
}
