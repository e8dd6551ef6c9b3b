package dev.gatehouse.testkit.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Between a node and its database: slows what passes, or lets nothing pass and says nothing. */
final class Proxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    /** For each packet from the database. */
    volatile long delayMillis;
    /** Packets vanish, connections stay. */
    volatile boolean hole;

    Proxy(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                open.add(from);
                connect(from);
            } catch (IOException e) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void connect(Socket from) throws IOException {
        try {
            Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(to);
            daemon(() -> copy(from, to, false));
            daemon(() -> copy(to, from, true));
        } catch (IOException e) {
            // as the database would refuse it
            from.close();
            open.remove(from);
        }
    }

    private void copy(Socket from, Socket to, boolean delayed) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (delayed) {
                    LockSupport.parkNanos(delayMillis * 1_000_000);
                }
                if (!hole) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // one side went, so does the other
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
