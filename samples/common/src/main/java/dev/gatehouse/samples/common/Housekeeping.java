package dev.gatehouse.samples.common;

import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls {@code maintain()} each minute; the listener of docs/operations.md, word for word. */
@SuppressWarnings("FutureReturnValueIgnored")
@WebListener
public final class Housekeeping implements ServletContextListener {
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        scheduler.scheduleWithFixedDelay(() -> maintain(event.getServletContext()), 1, 1, TimeUnit.MINUTES);
    }

    public static void maintain(ServletContext context) {
        try {
            GatehouseFilter.of(context).maintain();
        } catch (RuntimeException e) {
            context.log("housekeeping failed, the next minute tries again", e); // a task that throws is never run again
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        scheduler.shutdown();
    }
}
