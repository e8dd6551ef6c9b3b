package dev.gatehouse.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A connection that ends at a moment, whatever the other side does. Time-outs of single reads let a server go on for ever
 * that sends a byte now and then, and writes have no time-out at all; here each waits for what is left of the whole, and
 * no watching thread is needed. It is used by one thread.
 */
final class DeadlineSocket extends Socket {
    private final SocketChannel channel;
    private final Selector selector;
    private final long end;
    private int ignored;

    private DeadlineSocket(SocketChannel channel, Selector selector, long end) {
        this.channel = channel;
        this.selector = selector;
        this.end = end;
    }

    /**
     * Connects.
     *
     * @param patience for connecting
     * @param end of everything, as {@link System#nanoTime()}
     */
    static DeadlineSocket connect(InetSocketAddress to, Duration patience, long end) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            DeadlineSocket socket = new DeadlineSocket(channel, selector, end);
            try {
                channel.register(selector, 0);
                long connected = Math.min(end, System.nanoTime() + patience.toNanos());
                if (!channel.connect(to)) {
                    do {
                        socket.await(SelectionKey.OP_CONNECT, connected);
                    } while (!channel.finishConnect());
                }
                return socket;
            } catch (IOException | RuntimeException e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void await(int operation, long until) throws IOException {
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            throw new SocketException("closed");
        }
        key.interestOps(operation);
        long millis = (until - System.nanoTime()) / 1_000_000;
        if (millis <= 0 || Thread.currentThread().isInterrupted()) {
            throw new SocketTimeoutException("the time for the call is over");
        }
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    private void late() throws SocketTimeoutException {
        if (System.nanoTime() - end >= 0) {
            throw new SocketTimeoutException("the time for the call is over");
        }
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
                late();
                int read = channel.read(buffer);
                while (read == 0) {
                    await(SelectionKey.OP_READ, end);
                    read = channel.read(buffer);
                }
                return read;
            }

            @Override
            public void close() throws IOException {
                DeadlineSocket.this.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] some, int from, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(some, from, length);
                late();
                channel.write(buffer);
                while (buffer.hasRemaining()) {
                    await(SelectionKey.OP_WRITE, end);
                    channel.write(buffer);
                }
            }

            @Override
            public void close() throws IOException {
                DeadlineSocket.this.close();
            }
        };
    }

    @Override
    public synchronized void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public InetAddress getInetAddress() {
        return ((InetSocketAddress) getRemoteSocketAddress()).getAddress();
    }

    @Override
    public int getPort() {
        return ((InetSocketAddress) getRemoteSocketAddress()).getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel.socket().getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return channel.socket().getLocalSocketAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return channel.socket().getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return channel.socket().getLocalPort();
    }

    /** Is without effect: the deadline is what counts. */
    @Override
    public synchronized void setSoTimeout(int timeout) {
        ignored = timeout;
    }

    @Override
    public synchronized int getSoTimeout() {
        return ignored;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        channel.socket().setTcpNoDelay(on);
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        channel.socket().setSoLinger(on, linger);
    }

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }
}
