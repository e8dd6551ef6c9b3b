package dev.gatehouse.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** An SMTP server that begins in the clear and can encrypt and authenticate, which GreenMail cannot; it answers each command well. */
final class TlsServer implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();

    final List<String> heard = new CopyOnWriteArrayList<>();
    private final ServerSocket socket;
    private final SSLContext tls;
    private final boolean atOnce;

    /**
     * @param folder for its certificate
     * @param name what the certificate is for
     * @param atOnce whether it encrypts from the first byte
     */
    TlsServer(Path folder, String name, boolean atOnce) throws Exception {
        this.atOnce = atOnce;
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "smtp",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-validity",
                        "2",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("smtp", keys.getCertificate("smtp"));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "tls-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Trusts this server's certificate. */
    SSLSocketFactory trusting() {
        return tls.getSocketFactory();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (Socket plain = socket.accept();
                    Socket client = atOnce ? encrypted(plain) : plain) {
                say(client, "220 ready");
                converse(client);
            } catch (IOException e) {
                heard.add("broken");
            }
        }
    }

    private void converse(Socket client) throws IOException {
        boolean encrypted = client instanceof SSLSocket;
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            heard.add((encrypted ? "tls " : "clear ") + line);
            if (line.equals("STARTTLS")) {
                say(client, "220 go on");
                Socket secure = encrypted(client);
                converse(secure);
                return;
            }
            if (line.startsWith("EHLO")) {
                say(client, encrypted ? "250-here\r\n250 AUTH PLAIN" : "250-here\r\n250 STARTTLS");
            } else if (line.startsWith("AUTH")) {
                say(client, "235 welcome");
            } else if (line.equals("DATA")) {
                say(client, "354 go on");
                while (!in.readLine().equals(".")) {
                    // the content does not matter here
                }
                say(client, "250 taken");
            } else {
                say(client, "250 well");
            }
        }
    }

    private Socket encrypted(Socket plain) throws IOException {
        SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
        secure.setUseClientMode(false);
        secure.startHandshake();
        return secure;
    }

    private static void say(Socket client, String line) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
