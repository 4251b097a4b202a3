package dev.featurestore.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the {@code Instant} component of a Java record that is its event time; exactly one. Written as UTC text. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface EventTime {
    /** Fraction digits written: 0, 3 or 9. */
    int fractionDigits() default 9;
}
