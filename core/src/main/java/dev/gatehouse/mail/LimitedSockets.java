package dev.gatehouse.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;

/**
 * Sockets of one conversation, closed when its time is over: read time-outs alone let a server that sends one byte every
 * nine seconds go on for ever, and blocking I/O heeds no interrupt. The watching thread lives as long as the conversation.
 */
final class LimitedSockets extends SocketFactory implements AutoCloseable {
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor watch;

    @SuppressWarnings("FutureReturnValueIgnored") // closing throws nothing
    LimitedSockets(Duration limit) {
        watch = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(null, work, "gatehouse-mail-limit", 0, false);
            thread.setDaemon(true);
            return thread;
        });
        watch.schedule(this::closeAll, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What watches, for other time-outs of the same conversation. */
    ScheduledExecutorService watch() {
        return watch;
    }

    @Override
    public Socket createSocket() {
        Socket socket = new Socket();
        open.add(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("connect with a time-out");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("connect with a time-out");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("connect with a time-out");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("connect with a time-out");
    }

    private void closeAll() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is of no more use either way
            }
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        closeAll();
    }
}
