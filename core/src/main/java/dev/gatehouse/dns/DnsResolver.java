package dev.gatehouse.dns;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.spi.DnsTxt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks recursive name servers over UDP, and over TCP what does not fit (RFC 7766 §5). Follows CNAME and DNAME, joins the
 * strings of one record (RFC 7208 §3.3), remembers nothing, and answers in the asking thread within five seconds. Safe for
 * many threads.
 */
public final class DnsResolver implements DnsTxt {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ONE_TRY = Duration.ofMillis(1_500);
    private static final int MOST_SERVERS = 3;
    private static final int MOST_REDIRECTS = 8;

    private final List<InetSocketAddress> servers;
    private final Duration patience;
    private final Duration oneTry;

    /**
     * The one of the setting {@code dns-servers}; without it, of the operating system.
     *
     * @throws ConfigException for what looks like an address and is none
     */
    public static DnsResolver of(Config config) {
        try {
            return new DnsResolver(
                    config.get(Setting.DNS_SERVERS).stream()
                            .map(NameServers::address)
                            .toList(),
                    PATIENCE,
                    ONE_TRY);
        } catch (IllegalArgumentException e) {
            throw config.refused(Setting.DNS_SERVERS, String.valueOf(e.getMessage()));
        }
    }

    /**
     * @param servers empty for those of the operating system
     * @param patience for one look-up with all its questions
     * @param oneTry for one question to one server
     */
    DnsResolver(List<InetSocketAddress> servers, Duration patience, Duration oneTry) {
        this.servers = List.copyOf(servers);
        this.patience = patience;
        this.oneTry = oneTry;
    }

    @Override
    public List<String> lookup(String name) throws IOException {
        Name absolute;
        try {
            absolute = Name.fromString(name, Name.root);
        } catch (TextParseException e) {
            throw new IOException("no DNS name", e);
        }
        LookupSession session = LookupSession.builder()
                .resolver(resolver(new Deadline(patience)))
                .maxRedirects(MOST_REDIRECTS)
                // nothing waits for another thread: sockets block, and continuations run where the answer came
                .executor(Runnable::run)
                .build();
        try {
            return texts(session.lookupAsync(absolute, Type.TXT)
                    .toCompletableFuture()
                    .join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof NoSuchDomainException || e.getCause() instanceof NoSuchRRSetException) {
                return List.of();
            }
            throw new IOException("no answer from DNS for " + absolute, e.getCause());
        }
    }

    private Resolver resolver(Deadline deadline) {
        List<InetSocketAddress> asked =
                servers.isEmpty() ? ResolverConfig.getCurrentConfig().servers() : servers;
        List<Resolver> each = new ArrayList<>();
        for (InetSocketAddress server : asked.subList(0, Math.min(MOST_SERVERS, asked.size()))) {
            SimpleResolver one = new SimpleResolver(server);
            one.setTimeout(oneTry);
            one.setIoClientFactory(new BlockingSockets(deadline));
            each.add(one);
        }
        return new InTurn(each, deadline);
    }

    private static List<String> texts(LookupResult result) {
        List<String> all = new ArrayList<>();
        for (Record record : result.getRecords()) {
            if (record instanceof TXTRecord txt) {
                ByteArrayOutputStream joined = new ByteArrayOutputStream();
                for (Object part : txt.getStringsAsByteArrays()) {
                    joined.writeBytes((byte[]) part);
                }
                all.add(joined.toString(StandardCharsets.ISO_8859_1));
            }
        }
        return List.copyOf(all);
    }
}
