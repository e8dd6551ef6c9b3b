package dev.gatehouse.testkit;

import dev.gatehouse.testkit.OidcIdp.Misbehaviour;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What {@link OidcIdp} answers. */
final class OidcBehaviour {
    String clientId = "gatehouse";
    String clientSecret = "client-secret";

    @Nullable
    String clientKeys;

    String subject = "ada";
    Map<String, Object> person = Map.of("email", "ada@example.com");
    boolean thin;
    Set<Misbehaviour> misbehaves = EnumSet.noneOf(Misbehaviour.class);
    Consumer<Map<String, Object>> discovery = members -> {};
    Consumer<Map<String, Object>> header = members -> {};
    Consumer<Map<String, Object>> claims = members -> {};
    Consumer<Map<String, Object>> userInfo = members -> {};
    Consumer<Map<String, Object>> tokens = members -> {};
    UnaryOperator<String> wire = UnaryOperator.identity();

    boolean does(Misbehaviour what) {
        return misbehaves.contains(what);
    }
}
