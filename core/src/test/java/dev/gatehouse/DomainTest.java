package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.dns.DnsResolver;
import dev.gatehouse.dns.DnsServer;
import dev.gatehouse.organizations.Domain;
import dev.gatehouse.organizations.Domains;
import dev.gatehouse.spi.DnsTxt;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Settings;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Domains of organizations: claims, proof by DNS, looks later, and who gets what two want. */
class DomainTest {
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final Storage storage = new MemoryStorage();
    private final Keyring keyring = LocalKeyring.random();
    private final SteerableClock clock = new SteerableClock();
    private Runnable whileAsked = () -> {};
    private final Rest rest = new Rest(storage, keyring, clock, b -> b.dnsTxt(this::lookup));
    private final Domains domains = rest.gatehouse.organizations().domains();
    private final String acme = rest.organization("Acme");
    private final String evil = rest.organization("Evil");

    private List<String> lookup(String name) throws IOException {
        asked.incrementAndGet();
        whileAsked.run();
        List<String> found = records.getOrDefault(name, List.of());
        if (found.contains("SERVFAIL")) {
            throw new IOException("no answer");
        }
        return found;
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private Reply claim(String organization, String domain) {
        return rest.post(
                "/organization_domains",
                "{\"organization_id\":\"%s\",\"domain\":\"%s\"}".formatted(organization, domain));
    }

    private Reply verify(String id) {
        return rest.post("/organization_domains/" + id + "/verify", "");
    }

    private String state(String id) {
        return rest.get("/organization_domains/" + id).text("/state");
    }

    private void publish(Reply claim) {
        records.put(
                claim.text("/domain"),
                List.of("v=spf1 -all", "verification_token=" + claim.text("/verification_token")));
    }

    /** Makes what is due happen, a minute at a time at first. */
    private void pass(Duration time) {
        clock.pass(time);
        rest.gatehouse.maintain();
    }

    @Test
    void fromTheClaimToTheProof() {
        Reply claim = claim(acme, "ACME.example");
        assertThat(claim.status()).isEqualTo(201);
        assertThat(claim.text("/object")).isEqualTo("organization_domain");
        assertThat(claim.text("/domain")).isEqualTo("acme.example");
        assertThat(claim.text("/state")).isEqualTo("pending");
        assertThat(claim.text("/verification_strategy")).isEqualTo("dns");
        assertThat(claim.text("/verification_prefix")).matches("gatehouse-domain-verification-[a-z0-9]{6}");
        String id = claim.text("/id");
        assertThat(rest.get("/organization_domains/" + id).json()).isEqualTo(claim.json());
        assertThat(rest.get("/organizations/" + acme).json().at("/domains/0")).isEqualTo(claim.json());
        assertThat(rest.get("/organizations?domains=acme.example").text("/data/0/id"))
                .isEqualTo(acme);

        Reply early = verify(id);
        assertThat(early.status()).as("nothing is published yet").isEqualTo(201);
        assertThat(early.text("/state")).isEqualTo("pending");
        publish(claim);
        Reply verified = verify(id);
        assertThat(verified.status()).isEqualTo(201);
        assertThat(verified.text("/state")).isEqualTo("verified");
        assertThat(verified.text("/verification_strategy")).isEqualTo("dns");
        assertThat(rest.events("organization_domain.created")).isEqualTo(1);
        assertThat(rest.events("organization_domain.verified")).isEqualTo(1);
        Reply again = verify(id);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text("/code")).isEqualTo("domain_already_verified");

        assertThat(rest.call("DELETE", "/organization_domains/" + id, "").status())
                .isEqualTo(204);
        assertThat(rest.get("/organization_domains/" + id).status()).isEqualTo(404);
        assertThat(rest.call("DELETE", "/organization_domains/" + id, "").status())
                .isEqualTo(404);
        assertThat(rest.get("/organizations/" + acme).json().at("/domains")).isEmpty();
        assertThat(rest.get("/organizations?domains=acme.example").json().at("/data"))
                .isEmpty();
        assertThat(rest.events("organization_domain.deleted")).isEqualTo(1);
        assertThat(claim(evil, "acme.example").status()).as("it is free").isEqualTo(201);
    }

    @Test
    void theRecordMayStandBelowThePrefix() {
        for (String value : List.of("%s", "verification_token=%s", " %s ")) {
            Reply claim = claim(acme, "acme.example");
            String name = claim.text("/verification_prefix") + ".acme.example";
            records.put(name, List.of(value.formatted(claim.text("/verification_token") + "x")));
            assertThat(verify(claim.text("/id")).text("/state")).isEqualTo("pending");
            records.put(name, List.of(value.formatted(claim.text("/verification_token"))));
            assertThat(verify(claim.text("/id")).text("/state")).as(value).isEqualTo("verified");
            assertThat(domains.remove(claim.text("/id"))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "verification_token=",
                "%s",
                "verification_token=%sx",
                "x verification_token=%s",
                "VERIFICATION_TOKEN=%s",
                "SERVFAIL"
            })
    void whatIsNotTheRecordProvesNothing(String value) {
        Reply claim = claim(acme, "acme.example");
        records.put("acme.example", List.of(value.formatted(claim.text("/verification_token"))));
        assertThat(verify(claim.text("/id")).text("/state")).isEqualTo("pending");
        publish(claim);
        assertThat(verify(claim.text("/id")).text("/state")).isEqualTo("verified");
    }

    @Test
    void theSeedsPathTakesAnIdOrADomain() {
        Reply claim = claim(acme, "acme.example");
        String id = claim.text("/id");
        assertThat(rest.post("/organization_domains/verify", "{\"id\":\"" + id + "\"}")
                        .text("/state"))
                .isEqualTo("pending");
        publish(claim);
        Reply verified = rest.post("/organization_domains/verify", "{\"domain\":\"Acme.example\"}");
        assertThat(verified.status()).isEqualTo(201);
        assertThat(verified.text("/id") + verified.text("/state")).isEqualTo(id + "verified");
        assertThat(rest.post("/organization_domains/verify", "{}").status()).isEqualTo(422);
        assertThat(rest.post("/organization_domains/verify", "{\"domain\":\"none.example\"}")
                        .status())
                .isEqualTo(404);
        claim(acme, "two.example");
        claim(evil, "two.example");
        assertThat(rest.post("/organization_domains/verify", "{\"domain\":\"two.example\"}")
                        .text("/errors/0/code"))
                .isEqualTo("organization_id_required");
        assertThat(rest.post(
                                "/organization_domains/verify",
                                "{\"domain\":\"two.example\",\"organization_id\":\"" + acme + "\"}")
                        .text("/organization_id"))
                .isEqualTo(acme);
        try (Rest other = new Rest(
                storage,
                keyring,
                clock,
                b -> b.set(Setting.ENVIRONMENT, "other")
                        .set(Setting.CLIENT_ID, "client_other")
                        .set(Setting.API_KEY, Rest.KEY + "_other"))) {
            assertThat(other.as(Rest.KEY + "_other", "POST", "/organization_domains/verify", "{\"id\":\"" + id + "\"}")
                            .status())
                    .as("ATTACKS T01")
                    .isEqualTo(404);
            assertThat(other.as(
                                    Rest.KEY + "_other",
                                    "POST",
                                    "/organization_domains/verify",
                                    "{\"domain\":\"acme.example\"}")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void whatCannotBeClaimed() {
        assertThat(claim(acme, "acme.example").status()).isEqualTo(201);
        Reply twice = claim(acme, "acme.example");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.text("/code")).isEqualTo("domain_already_exists");
        assertThat(claim("org_01E4ZCR3C56J083X43JQXF3JK5", "b.example").status())
                .isEqualTo(404);
        assertThat(claim(acme, "gmail.com").status()).isEqualTo(422);
        assertThat(rest.post("/organization_domains", "{\"domain\":\"b.example\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    @DisplayName("T05 an attacker's pending claim keeps the owner from nothing, and ends with the owner's proof")
    void aMereClaimBlocksNobody() {
        Reply squat = claim(evil, "bank.example");
        Reply own = claim(acme, "bank.example");
        assertThat(own.status()).isEqualTo(201);
        assertThat(own.text("/verification_token")).isNotEqualTo(squat.text("/verification_token"));
        publish(own);
        assertThat(verify(squat.text("/id")).text("/state"))
                .as("another's record proves nothing")
                .isEqualTo("pending");
        assertThat(domains.verified("bank.example")).isEmpty();
        assertThat(verify(own.text("/id")).text("/state")).isEqualTo("verified");
        assertThat(domains.verified("Bank.example").map(Domain::organizationId)).contains(acme);
        assertThat(state(squat.text("/id"))).isEqualTo("failed");
        Reply failed = rest.get("/events?events=organization_domain.verification_failed");
        assertThat(failed.text("/data/0/data/reason")).isEqualTo("domain_verified_by_other_organization");
        assertThat(failed.text("/data/0/data/organization_domain/id")).isEqualTo(squat.text("/id"));
        assertThat(failed.text("/data/0/data/organization_domain/state")).isEqualTo("failed");
        assertThat(rest.get("/events?events=organization_domain.verification_failed&organization_id=" + evil)
                        .json())
                .as("the event is the claimant's")
                .isEqualTo(failed.json());
        Reply again = verify(squat.text("/id"));
        assertThat(again.status() + again.text("/code")).isEqualTo("400domain_already_verified");
        assertThat(claim(rest.organization("Third"), "bank.example").status()).isEqualTo(409);
        assertThatThrownBy(() -> domains.verifyManually(squat.text("/id")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("another organization");
        assertThat(rest.call(
                                "PUT",
                                "/organizations/" + evil,
                                "{\"domain_data\":[{\"domain\":\"bank.example\",\"state\":\"verified\"}]}")
                        .status())
                .isEqualTo(409);

        // what the owner gives up can be had, with a proof
        assertThat(domains.remove(own.text("/id"))).isTrue();
        assertThat(verify(squat.text("/id")).text("/state")).isEqualTo("pending");
        publish(squat);
        assertThat(verify(squat.text("/id")).text("/state")).isEqualTo("verified");
    }

    @Test
    @DisplayName("T05 the application's word ends other claims as a record does")
    void byHand() {
        Reply squat = claim(evil, "bank.example");
        Reply own = claim(acme, "bank.example");
        Domain verified = domains.verifyManually(own.text("/id"));
        assertThat(verified.state() + verified.verificationStrategy()).isEqualTo("verifiedmanual");
        assertThat(domains.verifyManually(own.text("/id"))).isEqualTo(verified);
        assertThat(state(squat.text("/id"))).isEqualTo("failed");
        assertThat(rest.events("organization_domain.verified")).isEqualTo(1);
        assertThat(asked).hasValue(0);
        pass(Duration.ofDays(31));
        assertThat(asked).as("nobody looks for it").hasValue(0);

        Reply third = claim(evil, "third.example");
        assertThat(rest.call(
                                "PUT",
                                "/organizations/" + acme,
                                "{\"domain_data\":[{\"domain\":\"third.example\",\"state\":\"verified\"}]}")
                        .status())
                .isEqualTo(200);
        assertThat(state(third.text("/id"))).isEqualTo("failed");
        assertThat(domains.find(own.text("/id"))).as("an update replaces").isEmpty();
    }

    @Test
    @DisplayName("T06 a wildcard that answers for every name proves nothing")
    void wildcards() {
        Reply claim = claim(acme, "acme.example");
        String token = claim.text("/verification_token");
        records.put(claim.text("/verification_prefix") + ".acme.example", List.of(token));
        String any = "wild";
        records.put(any, List.of(token));
        try (DnsServer dns = new DnsServer();
                Rest real = new Rest(
                        storage,
                        keyring,
                        clock,
                        b -> b.set(Setting.DNS_SERVERS, dns.address()).dnsTxt(DomainTest.resolver(dns)))) {
            dns.cname("*.acme.example", "hoster.example");
            dns.txt("hoster.example", token);
            Domains there = real.gatehouse.organizations().domains();
            assertThat(there.verify(claim.text("/id")).state()).isEqualTo("pending");
            dns.remove("*.acme.example");
            dns.cname(claim.text("/verification_prefix") + ".acme.example", "hoster.example");
            assertThat(there.verify(claim.text("/id")).state())
                    .as("one alias that the owner made is a proof")
                    .isEqualTo("verified");
        }
    }

    @Test
    @DisplayName("T06 a record can be looked for again, and a domain that is claimed anew needs another")
    void later() {
        Reply claim = claim(acme, "acme.example");
        assertThat(domains.published(claim.text("/id"))).isFalse();
        publish(claim);
        assertThat(domains.verify(claim.text("/id")).proved()).isTrue();
        assertThat(domains.published(claim.text("/id"))).isTrue();
        records.clear();
        assertThat(domains.published(claim.text("/id"))).isFalse();
        assertThat(state(claim.text("/id")))
                .as("that is the application's to judge")
                .isEqualTo("verified");
        publish(claim);
        domains.remove(claim.text("/id"));
        Reply anew = claim(acme, "acme.example");
        assertThat(verify(anew.text("/id")).text("/state")).as("the old record").isEqualTo("pending");
    }

    @Test
    @DisplayName("Q15 what DNS said counts only if the claim is still open when it is written down")
    void betweenLookAndProof() {
        Reply claim = claim(evil, "bank.example");
        publish(claim);
        Reply own = claim(acme, "bank.example");
        whileAsked = () -> {
            whileAsked = () -> {};
            domains.verifyManually(own.text("/id"));
        };
        assertThat(verify(claim.text("/id")).text("/state")).isEqualTo("failed");
        assertThat(domains.verified("bank.example").map(Domain::organizationId)).contains(acme);

        Reply gone = claim(acme, "gone.example");
        publish(gone);
        whileAsked = () -> domains.remove(gone.text("/id"));
        assertThat(verify(gone.text("/id")).status()).isEqualTo(404);
        whileAsked = () -> {};
        assertThat(claim(acme, "gone.example").status()).isEqualTo(201);
        assertThat(rest.events("organization_domain.verified")).isEqualTo(1);
    }

    @Test
    void maintenanceFindsTheRecordLater() {
        Reply claim = claim(acme, "acme.example");
        rest.gatehouse.maintain();
        assertThat(asked).as("not due yet").hasValue(0);
        pass(Duration.ofMinutes(1));
        assertThat(asked).hasPositiveValue();
        int once = asked.get();
        rest.gatehouse.maintain();
        assertThat(asked).as("the next look is later").hasValue(once);
        records.put("acme.example", List.of("SERVFAIL"));
        pass(Duration.ofMinutes(2));
        assertThat(state(claim.text("/id"))).isEqualTo("pending");
        publish(claim);
        pass(Duration.ofMinutes(1));
        assertThat(state(claim.text("/id"))).as("ever later").isEqualTo("pending");
        pass(Duration.ofMinutes(3));
        assertThat(state(claim.text("/id"))).isEqualTo("verified");
        assertThat(rest.events("organization_domain.verified")).isEqualTo(1);
        int found = asked.get();
        pass(Duration.ofHours(23));
        assertThat(asked).as("the next look is a day later").hasValue(found);
    }

    private Reply verified(String domain) {
        Reply claim = claim(acme, domain);
        publish(claim);
        assertThat(verify(claim.text("/id")).text("/state")).isEqualTo("verified");
        return claim;
    }

    private void days(int days) {
        for (int day = 0; day < days; day++) {
            pass(Duration.ofDays(1));
        }
    }

    @Test
    @DisplayName("T06 a domain whose record is gone for a week, at every look, is no longer the organization's")
    void aRecordThatIsGone() {
        String id = verified("acme.example").text("/id");
        days(30);
        assertThat(state(id)).as("it is looked for, and there").isEqualTo("verified");
        records.clear();
        days(7);
        assertThat(state(id))
                .as("the week begins with the first look that misses it")
                .isEqualTo("verified");
        assertThat(rest.events("organization_domain.verification_failed")).isZero();
        pass(Duration.ofDays(1));
        assertThat(state(id)).isEqualTo("failed");
        assertThat(domains.verified("acme.example")).isEmpty();
        Reply failed = rest.get("/events?events=organization_domain.verification_failed");
        assertThat(failed.json().at("/data")).hasSize(1);
        assertThat(failed.text("/data/0/data/reason")).isEqualTo("domain_verification_period_expired");
        assertThat(failed.text("/data/0/data/organization_domain/id")).isEqualTo(id);
        int then = asked.get();
        days(3);
        assertThat(asked).as("nobody looks any more").hasValue(then);
        Reply other = claim(evil, "acme.example");
        publish(other);
        assertThat(verify(other.text("/id")).text("/state"))
                .as("who bought it can prove that")
                .isEqualTo("verified");
    }

    @Test
    @DisplayName("T06 a record that comes back in time begins the week anew")
    void aRecordThatComesBack() {
        Reply claim = verified("acme.example");
        String id = claim.text("/id");
        records.clear();
        days(7);
        publish(claim);
        days(1);
        records.clear();
        days(7);
        assertThat(state(id)).isEqualTo("verified");
        days(1);
        assertThat(state(id)).isEqualTo("failed");
        publish(claim);
        assertThat(verify(id).text("/state")).as("verifying begins it anew").isEqualTo("verified");
    }

    @Test
    @DisplayName("T06 a DNS that does not answer takes nobody's domain, however long; nor do two looks far apart")
    void anOutage() {
        String id = verified("acme.example").text("/id");
        records.put("acme.example", List.of("SERVFAIL"));
        days(60);
        assertThat(state(id)).isEqualTo("verified");
        records.clear();
        days(2);
        whileAsked = () -> {
            throw new IllegalStateException("the host's resolver is broken");
        };
        days(30);
        whileAsked = () -> {};
        days(1);
        assertThat(state(id)).as("three looks that missed it").isEqualTo("verified");
        days(1);
        assertThat(state(id)).as("four, and a week").isEqualTo("failed");
    }

    @Test
    @DisplayName("T06 the application's word holds whatever becomes of the record, and a setting ends the looks")
    void nobodyLooks() {
        String id = verified("acme.example").text("/id");
        assertThat(domains.verifyManually(id).verificationStrategy()).isEqualTo("manual");
        assertThat(rest.events("organization_domain.verified")).isEqualTo(1);
        records.clear();
        int then = asked.get();
        days(20);
        assertThat(state(id)).isEqualTo("verified");
        assertThat(asked).hasValue(then);
        String second = verified("second.example").text("/id");
        records.clear();
        then = asked.get();
        try (Rest other =
                new Rest(storage, keyring, clock, b -> b.dnsTxt(this::lookup).set(Setting.DOMAIN_RECHECK, "0s"))) {
            for (int day = 0; day < 20; day++) {
                clock.pass(Duration.ofDays(1));
                other.gatehouse.maintain();
            }
            assertThat(asked).hasValue(then);
        }
        assertThat(state(second)).isEqualTo("verified");
    }

    @Test
    void afterThirtyDaysAClaimHasFailed() {
        Reply claim = claim(acme, "acme.example");
        for (int hours = 0; hours < 30 * 24 - 1; hours++) {
            pass(Duration.ofHours(1));
        }
        assertThat(state(claim.text("/id"))).isEqualTo("pending");
        assertThat(asked.get()).as("two questions a look").isBetween(200, 300);
        pass(Duration.ofHours(1));
        assertThat(state(claim.text("/id"))).isEqualTo("failed");
        Reply failed = rest.get("/events?events=organization_domain.verification_failed");
        assertThat(failed.json().at("/data")).hasSize(1);
        assertThat(failed.text("/data/0/data/reason")).isEqualTo("domain_verification_period_expired");
        assertThat(failed.json().at("/data/0/data/organization_domain"))
                .isEqualTo(
                        rest.get("/organization_domains/" + claim.text("/id")).json());
        int then = asked.get();
        pass(Duration.ofDays(1));
        assertThat(asked).hasValue(then);
        assertThat(verify(claim.text("/id")).text("/state")).as("a new period").isEqualTo("pending");
        publish(claim);
        pass(Duration.ofMinutes(1));
        assertThat(state(claim.text("/id"))).isEqualTo("verified");
    }

    @Test
    void ofTwoNodesOneLooks() {
        claim(acme, "acme.example");
        clock.pass(Duration.ofMinutes(1));
        try (Rest second = new Rest(storage, keyring, clock, b -> b.dnsTxt(this::lookup))) {
            whileAsked = () -> {
                whileAsked = () -> {};
                second.gatehouse.organizations().recheckDomains();
            };
            rest.gatehouse.organizations().recheckDomains();
            assertThat(asked).as("two questions of one node").hasValue(2);
            whileAsked = () -> {
                throw new IllegalStateException("a resolver of the host's that is broken");
            };
            claim(acme, "b.example");
            clock.pass(Duration.ofMinutes(1));
            rest.gatehouse.organizations().recheckDomains();
            assertThat(asked).hasValueGreaterThan(2);
        }
    }

    @Test
    void looksEndWithTheDomainAndItsOrganization() {
        claim(acme, "a.example");
        Reply b = claim(evil, "b.example");
        assertThat(rest.call("DELETE", "/organizations/" + acme, "").status()).isEqualTo(202);
        domains.remove(b.text("/id"));
        rest.made(
                "/organizations",
                "{\"name\":\"C\",\"domain_data\":[{\"domain\":\"c.example\",\"state\":\"pending\"}]}");
        pass(Duration.ofMinutes(1));
        assertThat(asked).as("only for the third").hasValue(2);
    }

    @Test
    void nameServersAreAddresses() {
        assertThat(Setting.DNS_SERVERS.parser().apply("192.0.2.1, [2001:db8::1]:5353"))
                .containsExactly("192.0.2.1", "[2001:db8::1]:5353");
        for (String bad : List.of(
                "dns.example",
                "192.0.2.256",
                "192.0.2.1:99999",
                "2001:db8::1",
                "192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4")) {
            assertThatThrownBy(() -> Setting.DNS_SERVERS.parser().apply(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String bad : List.of("[:::]", "[1:2:3]", "[::1::]:53", "[12:::7]")) {
            assertThatThrownBy(() -> DnsResolver.of(servers(bad)))
                    .as(bad)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Setting dns-servers '" + bad + "' from test cannot be used: ")
                    .hasMessageContaining("docs/configuration.md#dns-servers");
        }
        assertThat(DnsResolver.of(servers("[::1]:53"))).isNotNull();
    }

    @Test
    void verifyingIsLimited() {
        String id = claim(acme, "acme.example").text("/id");
        for (int i = 0; i < 10; i++) {
            assertThat(verify(id).status()).isEqualTo(201);
        }
        Reply refused = verify(id);
        assertThat(refused.status()).isEqualTo(429);
        clock.pass(Duration.ofMinutes(10));
        assertThat(verify(id).status()).isEqualTo(201);
    }

    @Test
    void overARealNameServer() {
        try (DnsServer dns = new DnsServer();
                Rest real = new Rest(
                        storage,
                        keyring,
                        clock,
                        b -> b.dnsTxt(resolver(dns)).set(Setting.APP_NAME, "Super & App: Ünïcode!"))) {
            Domains there = real.gatehouse.organizations().domains();
            Domain claim = there.claim(acme, "acme.example");
            assertThat(claim.verificationPrefix()).matches("super-app-unicode-domain-verification-[a-z0-9]{6}");
            for (int i = 0; i < 40; i++) {
                dns.txt("acme.example", "something else " + i);
            }
            assertThat(there.verify(claim.id()).state()).isEqualTo("pending");
            dns.txt("acme.example", "verification_", "token=" + claim.verificationToken());
            assertThat(there.verify(claim.id()).state()).isEqualTo("verified");
            assertThat(Set.copyOf(dns.questions())).contains("tcp acme.example");
        }
    }

    private static DnsTxt resolver(DnsServer dns) {
        return DnsResolver.of(servers(dns.address()));
    }

    private static Config servers(String addresses) {
        return Config.of(List.of(new Settings() {
            @Override
            public Optional<String> value(String key) {
                return key.equals("dns-servers") ? Optional.of(addresses) : Optional.empty();
            }

            @Override
            public String source() {
                return "test";
            }
        }));
    }
}
