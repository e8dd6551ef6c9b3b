/** What proves a back end right: extend {@link dev.gatehouse.testkit.StorageContract}. */
@NullMarked
package dev.gatehouse.testkit;

import org.jspecify.annotations.NullMarked;
