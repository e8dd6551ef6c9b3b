package dev.gatehouse.samples.saas;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.organizations.Domain;
import dev.gatehouse.organizations.Domains;
import dev.gatehouse.organizations.Organization;
import java.util.Arrays;
import java.util.Optional;

/** The three customers, each of which signs in in its own way. What makes it known again at the next start is its domain. */
enum Company {
    NORTHWIND("Northwind Foods", "northwind.example", "With a password, or with a code by mail."),
    HARBOR(
            "Harbor Coffee",
            "harbor.example",
            "Through the Test IdP, which vouches for whomever you say, and in no other way: the organization's policy demands single sign-on."),
    LUMEN(
            "Lumen Tools",
            "lumen.example",
            "Through Keycloak, once you start bin/saas with the option --keycloak. Guests of other companies have passwords.");

    private final String title;
    private final String domain;
    private final String signIn;

    Company(String title, String domain, String signIn) {
        this.title = title;
        this.domain = domain;
        this.signIn = signIn;
    }

    String title() {
        return title;
    }

    String domain() {
        return domain;
    }

    /** How its people sign in. */
    String signIn() {
        return signIn;
    }

    /** Which of them an organization is; empty for any other. */
    static Optional<Company> of(Gatehouse gatehouse, String organizationId) {
        return Arrays.stream(values())
                .filter(company -> company.organizationId(gatehouse)
                        .filter(organizationId::equals)
                        .isPresent())
                .findFirst();
    }

    private Optional<String> organizationId(Gatehouse gatehouse) {
        return gatehouse.organizations().domains().verified(domain).map(Domain::organizationId);
    }

    /** Its organization; made, with the domain that is its own, unless an earlier start did. */
    String ensure(Gatehouse gatehouse) {
        return organizationId(gatehouse).orElseGet(() -> {
            Organization made = gatehouse.organizations().create(title);
            Domains domains = gatehouse.organizations().domains();
            domains.verifyManually(domains.claim(made.id(), domain).id());
            return made.id();
        });
    }
}
