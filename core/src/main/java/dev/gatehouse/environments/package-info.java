/** Environments, client ids, API keys, redirect URIs, CORS origins. */
@NullMarked
package dev.gatehouse.environments;

import org.jspecify.annotations.NullMarked;
