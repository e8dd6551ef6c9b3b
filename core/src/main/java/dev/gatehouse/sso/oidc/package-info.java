/** OpenID Connect and OAuth 2.0 as a relying party: requests, tokens, key sets. It stores nothing and knows no user. */
@NullMarked
package dev.gatehouse.sso.oidc;

import org.jspecify.annotations.NullMarked;
