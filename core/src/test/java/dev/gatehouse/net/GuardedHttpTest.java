package dev.gatehouse.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Receiver;
import dev.gatehouse.spi.Outbound;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ATTACKS, group "Webhooks and SSRF": what the client connects to, and what it takes from there. */
@Timeout(60)
class GuardedHttpTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final SSLSocketFactory TLS = (SSLSocketFactory) SSLSocketFactory.getDefault();

    private final Receiver receiver;

    GuardedHttpTest() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() throws IOException {
        receiver.close();
    }

    private static Outbound.Request post(String url, Duration timeout, int most) {
        return new Outbound.Request(
                "POST", URI.create(url), Map.of("X-Test", "1"), "{}".getBytes(StandardCharsets.UTF_8), timeout, most);
    }

    private static Outbound.Response call(GuardedHttp http, String url) throws IOException {
        return http.call(post(url, SECOND, 1_000));
    }

    private static GuardedHttp local() {
        return new GuardedHttp(Reach.LOOPBACK, false);
    }

    private static GuardedHttp resolving(Reach reach, GuardedHttp.Resolver resolver) {
        return new GuardedHttp(reach, false, resolver, () -> TLS);
    }

    private static InetAddress[] addresses(String... literals) throws UnknownHostException {
        InetAddress[] all = new InetAddress[literals.length];
        for (int i = 0; i < literals.length; i++) {
            all[i] = InetAddress.getByName(literals[i]);
        }
        return all;
    }

    @Test
    void whatIsAskedArrivesAndWhatIsAnsweredIsRead() throws IOException {
        String raw = String.join(
                "\r\n",
                List.of(
                        "HTTP/1.1 100 Continue",
                        "",
                        "HTTP/1.1 201 Created",
                        "X-Answer: a",
                        "x-answer: b",
                        "Transfer-Encoding: chunked",
                        "",
                        "3",
                        "abc",
                        "2",
                        "de",
                        "0",
                        "",
                        ""));
        receiver.answer = (got, out) -> out.write(raw.getBytes(StandardCharsets.US_ASCII));
        Outbound.Response response = call(local(), receiver.url("/a%20b/?c=%2F&d"));
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.headers()).containsEntry("x-answer", "a");
        assertThat(response.body()).isEqualTo("abcde".getBytes(StandardCharsets.US_ASCII));
        assertThat(receiver.got).singleElement().satisfies(got -> {
            assertThat(got.line()).isEqualTo("POST /a%20b/?c=%2F&d HTTP/1.1");
            assertThat(got.header("host")).isEqualTo("localhost:" + receiver.port());
            assertThat(got.header("x-test")).isEqualTo("1");
            assertThat(got.header("content-length")).isEqualTo("2");
            assertThat(got.header("accept-encoding")).isEmpty();
            assertThat(got.text()).isEqualTo("{}");
        });
        receiver.answer =
                (got, out) -> out.write("HTTP/1.1 200 OK\r\n\r\nuntil the end".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(call(local(), receiver.url("")).body(), StandardCharsets.US_ASCII))
                .isEqualTo("until the end");
        assertThat(receiver.got.get(1).line()).isEqualTo("POST / HTTP/1.1");
    }

    @Test
    @DisplayName("W01 no spelling of a private, special or odd address is called")
    void addresses() throws IOException {
        Path corpus = Path.of("../../shared/security/corpora/ssrf/urls.csv");
        List<String> refused = new ArrayList<>(List.of(
                "http://2130706433/",
                "http://0177.0.0.1/",
                "http://0x7f.1/",
                "http://127.1/",
                "http://127.0.0.01/",
                "http://[::ffff:10.0.0.1]/",
                "http://[::ffff:a00:1]/",
                "http://[::127.0.0.1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::1]/",
                "http://[fd00:ec2::254]/",
                "http://[fe80::1%25eth0]/",
                "http://[ff02::1]/",
                "http://100.100.100.200/",
                "http://169.254.169.254/",
                "http://metadata.google.internal/",
                "http://intranet/",
                "http://user@93.184.216.34/",
                "https://example.com:22/",
                "https://example.com:/",
                "https://example.com/%0d%0aX:1",
                "https://example.com/\r\nX: 1",
                "https://example.com./"));
        if (Files.exists(corpus)) {
            int listed = refused.size();
            for (String line : Files.readString(corpus).split("\n(?=[^X])", -1)) {
                String url = line.startsWith("\"") ? line.substring(1, line.indexOf('"', 1)) : line.split(",", 2)[0];
                // names that only a resolver unmasks stand in the test after this one
                if (line.contains(",reject,") && !url.matches("http://[a-z0-9.]+\\.(io|test)/[a-z-]*")) {
                    refused.add(url);
                }
            }
            assertThat(refused).hasSizeGreaterThan(listed + 60);
        }
        for (String url : refused) {
            assertThatThrownBy(() -> Destination.of(url, Reach.PUBLIC, false))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class);
            if (!url.matches("(?i).*(localhost|127\\.0\\.0\\.1|\\[::1]|7f00:1]).*")) {
                assertThatThrownBy(() -> Destination.of(url, Reach.LOOPBACK, false))
                        .as(url)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        for (String url : List.of(
                "https://public.test/hook",
                "https://public.test:443/hook?x=1",
                "https://public.test:8443/hook",
                "https://xn--bcher-kva.example/",
                "https://93.184.216.34/",
                "https://[2606:2800:220:1:248:1893:25c8:1946]/",
                "HTTPS://PUBLIC.TEST/")) {
            assertThat(Destination.of(url, Reach.PUBLIC, true).toString()).isEqualTo(url);
        }
        assertThatThrownBy(() -> Destination.of("http://public.test/", Reach.PUBLIC, true))
                .hasMessage("must begin with https://");
    }

    @Test
    @DisplayName("W01 each block of special addresses, at its first and last address")
    void blocks() throws UnknownHostException {
        for (String special : List.of(
                "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.255.255.255",
                "169.254.0.0 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255",
                "192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 203.0.113.255",
                "224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255",
                ":: ::1 ::7f00:1 ::ffff:0:127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001:: 2001:1ff::1 2001:db8::1",
                "2002:: 2002:ffff::1 3fff::1 3fff:fff::1 4000::1 fc00::1 fdff::1 fe80::1 febf::1 fec0::1 ff00::1 ff02::1")) {
            for (InetAddress address : addresses(special.split(" ", -1))) {
                assertThat(Addresses.isPublic(address)).as(address.toString()).isFalse();
            }
        }
        for (InetAddress address : addresses(
                "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 172.15.255.255 172.32.0.0"
                        .split(" ", -1))) {
            assertThat(Addresses.isPublic(address)).as(address.toString()).isTrue();
        }
        for (InetAddress address : addresses(
                "192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 2001:200::1 2001:db9::1 2003::1 2606:2800::1 3ffe::1"
                        .split(" ", -1))) {
            assertThat(Addresses.isPublic(address)).as(address.toString()).isTrue();
        }
    }

    @Test
    @DisplayName("W02 the name is resolved once, and the address that was checked is the one that is connected to")
    void rebinding() throws IOException {
        AtomicInteger looked = new AtomicInteger();
        // both are this machine's, and the receiver listens at the second
        GuardedHttp flips =
                resolving(Reach.ANY, host -> addresses(looked.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1"));
        String url = "http://rebind.test:" + receiver.port() + "/";
        assertThatThrownBy(() -> call(flips, url)).isInstanceOf(java.net.ConnectException.class);
        assertThat(looked).hasValue(1);
        assertThat(receiver.connections).hasValue(0);
        assertThat(call(flips, url).status()).isEqualTo(200);
        AtomicInteger again = new AtomicInteger();
        GuardedHttp inwards = resolving(Reach.PUBLIC, host -> {
            again.incrementAndGet();
            return addresses("127.0.0.1");
        });
        assertThatThrownBy(() -> call(inwards, "http://rebind.test:8080/")).isInstanceOf(GuardedHttp.Forbidden.class);
        assertThat(again).hasValue(1);
        // the same client with an address that it may call does connect to what the resolver said
        GuardedHttp any = resolving(Reach.ANY, host -> addresses("127.0.0.1"));
        assertThat(call(any, url).status()).isEqualTo(200);
        assertThat(receiver.got.get(0).header("host")).isEqualTo("rebind.test:" + receiver.port());
    }

    @Test
    @DisplayName("W04 one bad address among good ones refuses them all; this machine is called by its own names only")
    void mixed() throws IOException {
        for (String bad : List.of("10.0.0.1", "::1", "fd00::1", "169.254.169.254")) {
            GuardedHttp mixed = resolving(Reach.PUBLIC, host -> addresses("203.0.114.1", bad));
            assertThatThrownBy(() -> call(mixed, "https://mixed.test/")).isInstanceOf(GuardedHttp.Forbidden.class);
        }
        GuardedHttp alias = resolving(Reach.LOOPBACK, host -> addresses("127.0.0.1"));
        assertThatThrownBy(() -> call(alias, "http://127.0.0.1.nip.io:8080/"))
                .isInstanceOf(GuardedHttp.Forbidden.class);
        GuardedHttp hosts = resolving(Reach.LOOPBACK, host -> addresses("10.0.0.1"));
        assertThatThrownBy(() -> call(hosts, "http://localhost:8080/")).isInstanceOf(GuardedHttp.Forbidden.class);
        assertThat(receiver.connections).hasValue(0);
        assertThat(call(local(), receiver.url("/")).status()).isEqualTo(200);
        assertThat(call(local(), "http://127.0.0.1:" + receiver.port() + "/").status())
                .isEqualTo(200);
        assertThatThrownBy(() -> new GuardedHttp(Reach.PUBLIC, false).call(post(receiver.url("/"), SECOND, 0)))
                .isInstanceOf(GuardedHttp.Forbidden.class);
        assertThat(receiver.connections).hasValue(2);
    }

    @Test
    @DisplayName("W03 a redirect is an answer like any other, and is not followed")
    void redirects() throws IOException {
        try (Receiver target = new Receiver()) {
            for (int status : List.of(301, 302, 303, 307, 308)) {
                receiver.answer = (got, out) -> out.write(("HTTP/1.1 " + status + " X\r\nLocation: "
                                + target.url("/inner") + "\r\nContent-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(call(local(), receiver.url("/")).status()).isEqualTo(status);
            }
            assertThat(target.connections).hasValue(0);
        }
        assertThat(receiver.got).hasSize(5);
    }

    @Test
    @DisplayName("W05 no proxy of the process is used")
    void proxies() throws IOException {
        ProxySelector before = ProxySelector.getDefault();
        try (Receiver proxy = new Receiver()) {
            ProxySelector.setDefault(new ProxySelector() {
                @Override
                public List<Proxy> select(URI uri) {
                    return List.of(
                            new Proxy(Proxy.Type.HTTP, new java.net.InetSocketAddress("localhost", proxy.port())));
                }

                @Override
                public void connectFailed(URI uri, SocketAddress address, IOException e) {}
            });
            System.setProperty("socksProxyHost", "localhost");
            System.setProperty("socksProxyPort", Integer.toString(proxy.port()));
            assertThat(call(local(), receiver.url("/")).status()).isEqualTo(200);
            assertThat(proxy.connections).hasValue(0);
        } finally {
            ProxySelector.setDefault(before);
            System.clearProperty("socksProxyHost");
            System.clearProperty("socksProxyPort");
        }
    }

    private void refusedInTime(Receiver.Answer answer, int most) {
        receiver.answer = answer;
        long began = System.nanoTime();
        assertThatThrownBy(() -> local().call(post(receiver.url("/"), SECOND, most)))
                .isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("W07 endless, slow and oversized answers end in time and memory")
    void bombs() throws IOException {
        byte[] line = "X-Filler: 0123456789\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] ok = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
        refusedInTime((got, out) -> Thread.sleep(5_000), 0);
        refusedInTime(
                (got, out) -> {
                    out.write(ok);
                    forever(out, line, 0);
                },
                0);
        refusedInTime(
                (got, out) -> {
                    out.write(ok);
                    forever(out, "a".getBytes(StandardCharsets.US_ASCII), 0);
                },
                0);
        // a byte now and then resets every time-out of a single read
        refusedInTime((got, out) -> forever(out, "H".getBytes(StandardCharsets.US_ASCII), 100), 0);
        refusedInTime((got, out) -> forever(out, "HTTP/1.1 102 X\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0), 0);
        refusedInTime(
                (got, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    forever(out, "3\r\nabc\r\n".getBytes(StandardCharsets.US_ASCII), 0);
                },
                10_000);
        refusedInTime(
                (got, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    forever(out, line, 50);
                },
                10_000);
        refusedInTime((got, out) -> out.write("not HTTP at all\r\n\r\n".getBytes(StandardCharsets.US_ASCII)), 10);
        // whoever wants no body reads none, whatever size it is said to have, and unpacks nothing
        receiver.answer = (got, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9000000000\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            forever(out, line, 0);
        };
        assertThat(local().call(post(receiver.url("/"), SECOND, 0)).status()).isEqualTo(200);
    }

    private static void forever(OutputStream out, byte[] what, long pause) throws IOException, InterruptedException {
        while (true) {
            out.write(what);
            out.flush();
            if (pause > 0) {
                Thread.sleep(pause);
            }
        }
    }

    @Test
    @DisplayName("W07 a server that reads nothing cannot hold up who writes")
    void unread() throws IOException {
        try (java.net.ServerSocket deaf = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deaf.setReceiveBufferSize(1_024);
            Outbound.Request large = new Outbound.Request(
                    "POST",
                    URI.create("http://localhost:" + deaf.getLocalPort() + "/"),
                    Map.of(),
                    new byte[32_000_000],
                    SECOND,
                    0);
            long began = System.nanoTime();
            assertThatThrownBy(() -> local().call(large)).isInstanceOf(SocketTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    @DisplayName("W14 a line break in a header is refused before anything is sent")
    void headers() {
        for (Map<String, String> bad : List.of(
                Map.of("X-A", "1\r\nX-B: 2"), Map.of("X-A\r\nX-B", "1"), Map.of("X A", "1"), Map.of("X", "é"))) {
            Outbound.Request request =
                    new Outbound.Request("POST", URI.create(receiver.url("/")), bad, new byte[0], SECOND, 0);
            assertThatThrownBy(() -> local().call(request)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(receiver.got).isEmpty();
    }

    @Test
    @DisplayName("W16 an unknown issuer, another name and an old certificate fail; the right one does not")
    void tls(@TempDir Path folder) throws Exception {
        SSLContext right = context(folder, "public.test", "2", null);
        try (Receiver secure = secure(right)) {
            String url = "https://public.test:" + secure.port() + "/";
            GuardedHttp trusting = trusting(right);
            assertThat(trusting.call(post(url, Duration.ofSeconds(5), 100)).status())
                    .isEqualTo(200);
            assertThatThrownBy(() -> trusting.call(post(url.replace("public", "another"), Duration.ofSeconds(5), 100)))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> resolving(Reach.ANY, host -> addresses("127.0.0.1"))
                            .call(post(url, Duration.ofSeconds(5), 100)))
                    .isInstanceOf(SSLException.class);
            assertThat(secure.got).hasSize(1);
        }
        SSLContext old = context(folder, "old.test", "1", "-3d");
        try (Receiver secure = secure(old)) {
            assertThatThrownBy(() -> trusting(old)
                            .call(post("https://old.test:" + secure.port() + "/", Duration.ofSeconds(5), 100)))
                    .isInstanceOf(SSLException.class);
            assertThat(secure.got).isEmpty();
        }
        // a handshake that never ends
        try (Receiver plain = new Receiver()) {
            plain.answer = (got, out) -> Thread.sleep(5_000);
            assertThatThrownBy(
                            () -> trusting(right).call(post("https://public.test:" + plain.port() + "/", SECOND, 100)))
                    .isInstanceOf(IOException.class);
        }
    }

    private static Receiver secure(SSLContext context) throws IOException {
        return new Receiver(
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress()), "https");
    }

    private static GuardedHttp trusting(SSLContext context) {
        return new GuardedHttp(Reach.ANY, true, host -> addresses("127.0.0.1"), context::getSocketFactory);
    }

    /** A key for a name under an issuer of its own, and trust in that issuer. */
    private static SSLContext context(Path folder, String name, String days, @Nullable String start) throws Exception {
        char[] password = "changeit".toCharArray();
        Path store = folder.resolve(name + ".p12");
        keytool(store, "-alias", "ca", "-dname", "CN=issuer", "-ext", "bc:c=ca:true", "-validity", "10");
        List<String> own = new ArrayList<>(List.of(
                "-alias",
                "web",
                "-signer",
                "ca",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-validity",
                days));
        if (start != null) {
            own.addAll(List.of("-startdate", start));
        }
        keytool(store, own.toArray(String[]::new));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
        keys.deleteEntry("ca");
        KeyManagerFactory mine = KeyManagerFactory.getInstance("PKIX");
        mine.init(keys, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(mine.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void keytool(Path store, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit"));
        command.addAll(List.of(more));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
