/** What the samples on embedded Jetty share: the server, the frame of pages, mails that are shown, and a Keycloak to sign in at. */
@NullMarked
package dev.gatehouse.samples.common;

import org.jspecify.annotations.NullMarked;
