/** One definition per resource and operation: entity types, route rows, binding, pages, errors. Knows no product word. */
@NullMarked
package dev.gatehouse.engine;

import org.jspecify.annotations.NullMarked;
