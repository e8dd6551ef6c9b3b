/** Work that waits in the storage, done on threads that exist only while there is some. */
@NullMarked
package dev.gatehouse.background;

import org.jspecify.annotations.NullMarked;
