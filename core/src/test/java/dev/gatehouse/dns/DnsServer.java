package dev.gatehouse.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A name server on one port of this machine, over UDP and TCP, that can misbehave. Truncates what is over 512 bytes. */
public final class DnsServer implements AutoCloseable {
    private final Map<String, List<Record>> zone = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    /** How it answers. */
    public enum Manner {
        RIGHT,
        SILENT,
        SERVFAIL,
        GARBAGE,
        /** An answer with another identifier and a forged record comes first. */
        FORGED_FIRST,
        /** An answer to another question. */
        OTHER_QUESTION,
        /** Over TCP a byte in a tenth of a second. */
        DRIPPING,
        /** Over TCP nothing; over UDP all is truncated. */
        TCP_SILENT
    }

    public volatile Manner manner = Manner.RIGHT;

    public DnsServer() {
        try {
            InetAddress here = InetAddress.getLoopbackAddress();
            ServerSocket bound = null;
            DatagramSocket same = null;
            for (int tries = 0; same == null; tries++) {
                bound = new ServerSocket(0, 50, here);
                try {
                    same = new DatagramSocket(new InetSocketAddress(here, bound.getLocalPort()));
                } catch (IOException e) {
                    bound.close();
                    if (tries > 20) {
                        throw e;
                    }
                }
            }
            tcp = bound;
            udp = same;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::serveUdp);
        start(this::serveTcp);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "test-dns");
        thread.setDaemon(true);
        thread.start();
    }

    /** For the setting. */
    public String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
    }

    /** Questions so far, as {@code udp name}. */
    public List<String> questions() {
        return questions;
    }

    /** Publishes one TXT record of these strings; {@code *.name} for a wildcard. */
    public void txt(String name, String... strings) {
        zone.computeIfAbsent(name, n -> new ArrayList<>())
                .add(new TXTRecord(name(name), DClass.IN, 60, Arrays.asList(strings)));
    }

    public void cname(String name, String target) {
        zone.put(name, List.of(new CNAMERecord(name(name), DClass.IN, 60, name(target))));
    }

    /** A name that is there, without records. */
    public void empty(String name) {
        zone.put(name, List.of());
    }

    public void remove(String name) {
        zone.remove(name);
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket in = new DatagramPacket(buffer, buffer.length);
                udp.receive(in);
                byte[] data = Arrays.copyOf(in.getData(), in.getLength());
                for (byte[] out : answers(data)) {
                    udp.send(new DatagramPacket(out, out.length, in.getSocketAddress()));
                }
            } catch (IOException e) {
                // closed, or the client is gone
            }
        }
    }

    private List<byte[]> answers(byte[] data) throws IOException {
        Message query = new Message(data);
        questions.add("udp " + text(query));
        if (manner == Manner.SILENT) {
            return List.of();
        }
        if (manner == Manner.GARBAGE) {
            byte[] garbage = new byte[40];
            Arrays.fill(garbage, (byte) 0xff);
            garbage[0] = data[0];
            garbage[1] = data[1];
            return List.of(garbage);
        }
        if (manner == Manner.FORGED_FIRST) {
            Message forged = new Message((query.getHeader().getID() + 1) & 0xffff);
            forged.getHeader().setFlag(Flags.QR);
            forged.addRecord(query.getQuestion(), Section.QUESTION);
            forged.addRecord(new TXTRecord(query.getQuestion().getName(), DClass.IN, 60, "forged"), Section.ANSWER);
            return List.of(forged.toWire(), answer(query).toWire(512));
        }
        if (manner == Manner.TCP_SILENT) {
            Message truncated = answer(query);
            truncated.removeAllRecords(Section.ANSWER);
            truncated.getHeader().setFlag(Flags.TC);
            return List.of(truncated.toWire());
        }
        return List.of(answer(query).toWire(512));
    }

    private static String text(Message query) {
        return query.getQuestion().getName().toString(true).toLowerCase(Locale.ROOT);
    }

    private Message answer(Message query) throws IOException {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        Record question = query.getQuestion();
        answer.addRecord(
                manner == Manner.OTHER_QUESTION
                        ? Record.newRecord(name("other.example"), Type.TXT, DClass.IN)
                        : question,
                Section.QUESTION);
        if (manner == Manner.SERVFAIL) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
            return answer;
        }
        Name at = question.getName();
        for (int steps = 0; steps < 20; steps++) {
            List<Record> found = find(at);
            if (found == null) {
                answer.getHeader().setRcode(Rcode.NXDOMAIN);
                return answer;
            }
            Name owner = at;
            found.forEach(record -> answer.addRecord(record.withName(owner), Section.ANSWER));
            if (found.size() != 1 || !(found.get(0) instanceof CNAMERecord alias)) {
                return answer;
            }
            at = alias.getTarget();
        }
        return answer;
    }

    private List<Record> find(Name name) {
        String text = name.toString(true).toLowerCase(Locale.ROOT);
        List<Record> exact = zone.get(text);
        return exact != null ? exact : zone.get("*." + text.substring(text.indexOf('.') + 1));
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                start(() -> serve(socket));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] data = new byte[in.readUnsignedShort()];
            in.readFully(data);
            Message query = new Message(data);
            questions.add("tcp " + text(query));
            if (manner == Manner.TCP_SILENT) {
                Thread.sleep(10_000);
                return;
            }
            byte[] wire = answer(query).toWire(65_535);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(wire.length);
            if (manner == Manner.DRIPPING) {
                for (byte one : wire) {
                    out.write(one);
                    out.flush();
                    Thread.sleep(100);
                }
            } else {
                out.write(wire);
            }
        } catch (IOException e) {
            // the client is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
