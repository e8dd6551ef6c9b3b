/**
 * SAML 2.0, the service provider's half: builds requests, reads responses, logout messages and metadata. It is pure: it knows
 * no storage and no HTTP, is told the time, and answers with values or with a {@link dev.gatehouse.sso.saml.SamlRefusal} that
 * names the {@linkplain dev.gatehouse.sso.saml.Step step} which failed. Who uses it keeps what must be remembered: which
 * request was sent, and which assertion was seen before ({@link dev.gatehouse.sso.saml.SamlAssertion#replayUntil()}).
 *
 * <p>Messages of strangers meet one strict parser and a gate that lets pass only what could be read in one way; after the
 * signature only the octets that were signed are read, by a second parse. OpenSAML builds what we send, Apache Santuario
 * verifies and decrypts; neither reads a message for us.
 */
@NullMarked
package dev.gatehouse.sso.saml;

import org.jspecify.annotations.NullMarked;
