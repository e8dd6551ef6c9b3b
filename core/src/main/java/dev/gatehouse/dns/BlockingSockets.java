package dev.gatehouse.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.io.IoClientFactory;
import org.xbill.DNS.io.TcpIoClient;
import org.xbill.DNS.io.UdpIoClient;

/**
 * Sends and waits in the asking thread. The library's own way is a selector thread for the whole JVM, which would outlive
 * an application that is undeployed.
 */
final class BlockingSockets implements IoClientFactory, UdpIoClient, TcpIoClient {
    private final Deadline deadline;

    BlockingSockets(Deadline deadline) {
        this.deadline = deadline;
    }

    @Override
    public UdpIoClient createOrGetUdpClient() {
        return this;
    }

    @Override
    public TcpIoClient createOrGetTcpClient() {
        return this;
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceiveUdp(
            @Nullable InetSocketAddress local,
            InetSocketAddress remote,
            Message query,
            byte[] data,
            int max,
            Duration timeout) {
        Deadline end = deadline.within(timeout);
        // any free port, which is random, and connected: what comes from elsewhere is dropped (RFC 5452 §9)
        try (DatagramSocket socket = new DatagramSocket((SocketAddress) null)) {
            socket.bind(new InetSocketAddress(0));
            socket.connect(remote);
            socket.send(new DatagramPacket(data, data.length));
            DatagramPacket answer = new DatagramPacket(new byte[max], max);
            do {
                socket.setSoTimeout(end.millis());
                answer.setLength(max);
                socket.receive(answer);
            } while (!answers(answer, data));
            return CompletableFuture.completedFuture(Arrays.copyOf(answer.getData(), answer.getLength()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whether it has the question's identifier; one that was guessed wrong must not end the wait for the right one. */
    private static boolean answers(DatagramPacket answer, byte[] question) {
        byte[] data = answer.getData();
        return answer.getLength() >= 12 && data[0] == question[0] && data[1] == question[1];
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceiveTcp(
            @Nullable InetSocketAddress local, InetSocketAddress remote, Message query, byte[] data, Duration timeout) {
        Deadline end = deadline.within(timeout);
        try (Socket socket = new Socket()) {
            socket.connect(remote, end.millis());
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(2 + data.length)
                            .putShort((short) data.length)
                            .put(data)
                            .array());
            DataInputStream in = new DataInputStream(new Timed(socket, end));
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return CompletableFuture.completedFuture(answer);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A stream whose every read ends with the deadline. */
    private static final class Timed extends InputStream {
        private final Socket socket;
        private final Deadline end;

        Timed(Socket socket, Deadline end) {
            this.socket = socket;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            socket.setSoTimeout(end.millis());
            return socket.getInputStream().read(into, from, most);
        }
    }
}
