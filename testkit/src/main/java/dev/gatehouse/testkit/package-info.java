/**
 * For tests of what is built on Gatehouse: {@link dev.gatehouse.testkit.StorageContract} proves a back end right, {@link
 * dev.gatehouse.testkit.SoftwareAuthenticator} has passkeys without a device, and {@link dev.gatehouse.testkit.SamlIdp} and
 * {@link dev.gatehouse.testkit.OidcIdp} are identity providers without a company, at which
 * {@link dev.gatehouse.testkit.HttpBrowser} signs in.
 */
@NullMarked
package dev.gatehouse.testkit;

import org.jspecify.annotations.NullMarked;
