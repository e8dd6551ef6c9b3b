package dev.gatehouse.engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Limits of a text member; applies to the elements of a list too. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Limit {
    /** Most characters (UTF-16 code units). */
    int value();

    /** Only ASCII characters. */
    boolean ascii() default false;
}
