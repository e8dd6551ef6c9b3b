package dev.gatehouse.organizations;

import dev.gatehouse.background.Failures;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.spi.DnsTxt;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether DNS proves that a domain is an organization's. Asks outside of any transaction. */
final class DomainProof {
    private static final Logger LOG = LoggerFactory.getLogger(DomainProof.class);
    private static final String MEMBER = "verification_token=";
    private static final int LONGEST_NAME = 253;

    private final DnsTxt dns;
    private final RandomTokens random;

    DomainProof(DnsTxt dns, RandomTokens random) {
        this.dns = dns;
        this.random = random;
    }

    /** What DNS tells of a domain's record. */
    enum Seen {
        /** It is there, and stands for this domain alone. */
        THERE,
        /** It is not, or answers for every name. */
        MISSING,
        /** DNS gave no answer to one of the questions. */
        UNKNOWN
    }

    /** Whether the domain's record is there now; what DNS does not tell counts as not there. */
    boolean published(Domain domain) {
        return look(domain) == Seen.THERE;
    }

    /** Looks for the domain's record: at the domain itself, or below it under the prefix. */
    Seen look(Domain domain) {
        String token = domain.verificationToken();
        if (token == null) {
            return Seen.MISSING;
        }
        Set<String> named = Set.of(MEMBER + token);
        Set<String> either = Set.of(MEMBER + token, token);
        Seen seen = look(domain.domain(), named);
        if (seen != Seen.THERE && domain.verificationPrefix() != null) {
            Seen below = look(domain.verificationPrefix() + "." + domain.domain(), either);
            seen = below == Seen.MISSING ? seen : below;
        }
        return seen == Seen.THERE ? alone(domain.domain(), either) : seen;
    }

    /**
     * Whether the record answers for a name that nobody published. Then it is a wildcard, often a CNAME to somebody who
     * hosts for many, and says nothing about whose the domain is (ATTACKS T06). In doubt it is one.
     */
    private Seen alone(String domain, Set<String> values) {
        String name = random.text("abcdefghijklmnopqrstuvwxyz", 20) + "." + domain;
        if (name.length() > LONGEST_NAME) {
            return Seen.MISSING;
        }
        return switch (look(name, values)) {
            case THERE -> Seen.MISSING;
            case MISSING -> Seen.THERE;
            case UNKNOWN -> Seen.UNKNOWN;
        };
    }

    private Seen look(String name, Set<String> values) {
        if (name.length() > LONGEST_NAME) {
            return Seen.MISSING;
        }
        try {
            return ask(name).stream().anyMatch(values::contains) ? Seen.THERE : Seen.MISSING;
        } catch (IOException | RuntimeException e) {
            // whatever a host's resolver throws, the next domain is to be looked at all the same
            LOG.info("DNS did not tell about {} ({})", name, Failures.of(e));
            return Seen.UNKNOWN;
        }
    }

    private List<String> ask(String name) throws IOException {
        return dns.lookup(name).stream().map(String::strip).toList();
    }
}
