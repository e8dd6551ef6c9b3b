/** Speed of Gatehouse beside its peers and beside what cannot be gone below; run by {@code bin/bench}, never by a build. */
package dev.gatehouse.benchmarks;
