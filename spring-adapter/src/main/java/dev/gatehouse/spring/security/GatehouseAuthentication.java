package dev.gatehouse.spring.security;

import dev.gatehouse.identity.Authenticated;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Who is signed in, for Spring Security. The principal is the {@link Authenticated}: a {@link
 * dev.gatehouse.identity.SignedIn}, or the {@link dev.gatehouse.access.KeyHolder} of a customer's API key. The authorities
 * are {@code ROLE_} and the slug of each role in the selected organization, and the slug of each permission as it is. It is
 * made anew for each request and kept nowhere.
 */
public final class GatehouseAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never stored: see the class
    private final Authenticated who;

    /** For a request's own principal, and for tests. */
    public GatehouseAuthentication(Authenticated who) {
        super(authorities(who));
        this.who = who;
        super.setAuthenticated(true);
    }

    private static List<GrantedAuthority> authorities(Authenticated who) {
        List<GrantedAuthority> all = new ArrayList<>();
        who.roles().forEach(role -> all.add(new SimpleGrantedAuthority("ROLE_" + role)));
        who.permissions().forEach(permission -> all.add(new SimpleGrantedAuthority(permission)));
        return all;
    }

    @Override
    public Authenticated getPrincipal() {
        return who;
    }

    /** Nothing: the credential stays with the filter. */
    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    /** The user's id, or the key's. */
    @Override
    public String getName() {
        return who.getName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GatehouseAuthentication that && who.equals(that.who) && super.equals(other);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), who);
    }
}
