package dev.gatehouse.sso.oidc;

import dev.gatehouse.testkit.SteerableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a good provider says, to begin fuzzing with. */
final class OidcSeeds {
    static final Path INPUTS = Path.of("src/test/resources/dev/gatehouse/sso/oidc/OidcFuzzTestInputs");
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"key-1\",\"typ\":\"JWT\"}";

    private OidcSeeds() {}

    private static String common() {
        long now = new SteerableClock().instant().getEpochSecond();
        return "{\"iss\":\"" + OidcProbe.ISSUER + "\",\"aud\":\"" + OidcProbe.CLIENT + "\",\"sub\":\"ada\",\"iat\":"
                + now + ",\"exp\":" + (now + 300);
    }

    static String idToken() {
        return common() + ",\"nonce\":\"" + OidcProbe.NONCE
                + "\",\"email\":\"ada@example.com\",\"email_verified\":true,\"groups\":[\"a\",\"b\"]}";
    }

    static String logoutToken() {
        return common() + ",\"jti\":\"1\",\"sid\":\"s\",\"events\":"
                + "{\"http://schemas.openid.net/event/backchannel-logout\":{}}}";
    }

    private static String answer() {
        return "{\"access_token\":\"access\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"scope\":\"openid email\","
                + "\"refresh_token\":\"refresh\",\"sub\":\"ada\",\"email\":\"ada@example.com\",\"id_token\":\""
                + OidcProbe.signed(idToken()) + "\"}";
    }

    private static String description() {
        StringBuilder text = new StringBuilder("{\"issuer\":\"" + OidcProbe.ISSUER + "\"");
        for (String name : new String[] {
            "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"
        }) {
            text.append(",\"")
                    .append(name)
                    .append("\":\"" + OidcProbe.ISSUER + "/")
                    .append(name)
                    .append('"');
        }
        return text.append(",\"authorization_response_iss_parameter_supported\":false}")
                .toString();
    }

    /** Writes the files anew. */
    public static void main(String[] args) throws IOException {
        write("tokensAreReadOrRefused/id-token", OidcProbe.signed(idToken()));
        write("tokensAreReadOrRefused/logout-token", OidcProbe.signed(logoutToken()));
        write("whatAProviderSignsIsReadOrRefused/id-token", HEADER + "\n" + idToken());
        write("whatAProviderSignsIsReadOrRefused/logout-token", HEADER + "\n" + logoutToken());
        write("answersAreReadOrRefused/answer", answer());
        write("descriptionsAreReadOrRefused/description", description());
        write("keySetsAreReadOrRefused/key-set", OidcProbe.keySet());
    }

    private static void write(String name, String text) throws IOException {
        Path file = INPUTS.resolve(name + ".txt");
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
