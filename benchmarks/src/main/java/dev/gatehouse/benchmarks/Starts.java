package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.testkit.SamlIdp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** From the start of a process to its first protected page, with few connections and with many. */
final class Starts {
    static final String FIRST = "start of a JVM, to the first protected page";

    private final Part part;
    private final Options options;
    private final List<Figure> figures = new ArrayList<>();

    private Starts(Part part, Options options) {
        this.part = part;
        this.options = options;
    }

    static List<Figure> measure(Part part, Options options) throws Exception {
        Starts all = new Starts(part, options);
        all.start(FIRST, "limit: a filter that does nothing", Role.LIMIT, Start.Program.BARE, List.of());
        all.ours();
        all.start(FIRST, Peer.SPRING.label(), Role.PEER, Start.Program.SPRING, List.of());
        return all.figures;
    }

    private void ours() throws Exception {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String key = "k1:" + Base64.getEncoder().encodeToString(random);
        Path directory = Scratch.directory();
        int many = options.shortest() ? 10 : options.full() ? 10_000 : 1_000;
        List<String> arguments = new ArrayList<>(List.of(directory.toString(), key));
        try (SamlIdp idp = SamlIdp.start()) {
            try (Gatehouse gatehouse = Start.gatehouse(directory, key)) {
                arguments.add(Server.cookie(gatehouse));
                gatehouse
                        .environments()
                        .ensureRedirectUri(gatehouse.environment().id(), Federations.BACK);
            }
            start(FIRST, "Gatehouse", Role.OURS, Start.Program.GATEHOUSE, arguments);
            try (Gatehouse gatehouse = Start.gatehouse(directory, key)) {
                String certificate =
                        Base64.getEncoder().encodeToString(idp.certificate().getEncoded());
                arguments.add(gatehouse
                        .sso()
                        .create(NewConnection.saml(
                                ConnectionType.GENERIC_SAML,
                                Federations.organization(gatehouse, "saml.example"),
                                "SAML",
                                SamlProvider.of(idp.entityId(), idp.ssoUrl(), certificate)))
                        .id());
                for (int i = 0; i < many; i++) {
                    gatehouse
                            .sso()
                            .create(NewConnection.oidc(
                                    ConnectionType.GENERIC_OIDC,
                                    Federations.organization(gatehouse, "customer-" + i + ".example"),
                                    "OIDC",
                                    OidcProvider.of(Provider.ISSUER, Provider.CLIENT),
                                    "the-secret"));
                }
            }
            start(
                    FIRST + ", " + Options.rows(many) + " connections",
                    "Gatehouse",
                    Role.OURS,
                    Start.Program.GATEHOUSE,
                    arguments);
            start(
                    "the same, and somebody sent to a SAML provider",
                    "Gatehouse",
                    Role.OURS,
                    Start.Program.GATEHOUSE_SSO,
                    arguments);
        }
    }

    private void start(String operation, String who, Role role, Start.Program program, List<String> arguments)
            throws IOException, InterruptedException {
        List<Double> wall = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        List<Double> heap = new ArrayList<>();
        for (int i = 0; i < (options.shortest() ? 1 : options.full() ? 10 : 5); i++) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Start.class.getName(),
                    program.name()));
            command.addAll(arguments);
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(program + " did not start");
            }
            String[] numbers = said.substring(said.lastIndexOf('\n') + 1).split(" ");
            wall.add(Double.valueOf(numbers[0]));
            processor.add(Double.valueOf(numbers[1]));
            heap.add(Double.valueOf(numbers[2]));
        }
        figures.add(new Figure(
                part, operation, who, role, processor, wall, List.of(), "heap " + Table.bytes(Figure.quartile(heap))));
        System.err.println("  " + operation + ", " + who);
    }
}
