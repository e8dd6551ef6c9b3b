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

    /**
     * Whether the domain's record is there now: at the domain itself, or below it under the prefix. What DNS does not tell
     * counts as not there.
     */
    boolean published(Domain domain) {
        String token = domain.verificationToken();
        if (token == null) {
            return false;
        }
        Set<String> named = Set.of(MEMBER + token);
        Set<String> either = Set.of(MEMBER + token, token);
        boolean there = has(domain.domain(), named)
                || (domain.verificationPrefix() != null
                        && has(domain.verificationPrefix() + "." + domain.domain(), either));
        return there && !everywhere(domain.domain(), either);
    }

    /**
     * Whether the record answers for a name that nobody published. Then it is a wildcard, often a CNAME to somebody who
     * hosts for many, and says nothing about whose the domain is (ATTACKS T06). In doubt it is one.
     */
    private boolean everywhere(String domain, Set<String> values) {
        String name = random.text("abcdefghijklmnopqrstuvwxyz", 20) + "." + domain;
        try {
            return name.length() > LONGEST_NAME || ask(name).stream().anyMatch(values::contains);
        } catch (IOException | RuntimeException e) {
            LOG.info("DNS did not tell about {} ({}); not verified", name, Failures.of(e));
            return true;
        }
    }

    private boolean has(String name, Set<String> values) {
        try {
            return name.length() <= LONGEST_NAME && ask(name).stream().anyMatch(values::contains);
        } catch (IOException | RuntimeException e) {
            // whatever a host's resolver throws, the next domain is to be looked at all the same
            LOG.info("DNS did not tell about {} ({})", name, Failures.of(e));
            return false;
        }
    }

    private List<String> ask(String name) throws IOException {
        return dns.lookup(name).stream().map(String::strip).toList();
    }
}
