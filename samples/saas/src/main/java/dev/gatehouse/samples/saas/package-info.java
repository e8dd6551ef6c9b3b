/** Waybill, a small product for companies: what each sees and may do is decided by Gatehouse. */
@NullMarked
package dev.gatehouse.samples.saas;

import org.jspecify.annotations.NullMarked;
