package dev.gatehouse.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/**
 * Everything that any logger writes at any level, through SLF4J or {@code java.util.logging}: messages, arguments, key-value
 * pairs, contexts and stack traces.
 */
final class LogCapture implements AutoCloseable {
    private final Collection<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root =
            ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger platform = java.util.logging.Logger.getLogger("");
    private final Level before = root.getLevel();
    private final java.util.logging.Level platformBefore = platform.getLevel();
    private final Handler[] handlers = platform.getHandlers();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage() + " "
                    + Arrays.toString(event.getArgumentArray()) + " " + event.getKeyValuePairs() + " "
                    + event.getMDCPropertyMap() + " "
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    };

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            StringWriter trace = new StringWriter();
            if (logged.getThrown() != null) {
                logged.getThrown().printStackTrace(new PrintWriter(trace));
            }
            lines.add(logged.getLevel() + " " + logged.getLoggerName() + " "
                    + new java.util.logging.SimpleFormatter().formatMessage(logged) + " "
                    + Arrays.toString(logged.getParameters()) + " " + trace);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    LogCapture() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        handler.setLevel(java.util.logging.Level.ALL);
        for (Handler other : handlers) {
            // as loud as before
            other.setLevel(java.util.logging.Level.WARNING);
        }
        platform.addHandler(handler);
        platform.setLevel(java.util.logging.Level.ALL);
    }

    /** All lines so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        root.setLevel(before);
        platform.removeHandler(handler);
        platform.setLevel(platformBefore);
    }
}
