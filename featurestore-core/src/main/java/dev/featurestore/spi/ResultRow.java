package dev.featurestore.spi;

import dev.featurestore.training.LabelTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The current row of a query's result, as an engine's driver gives it. Columns count from 0. */
public interface ResultRow {
    /** A column of the spine, in the driver's own type. */
    @Nullable
    Object value(int column);

    /** The label's time, which is in the given form; never null. */
    Instant labelTime(int column, LabelTime form);

    /** A column of text. */
    @Nullable
    String text(int column);

    /** A column of whole numbers. */
    @Nullable
    Long wholeNumber(int column);

    /** A column of doubles. */
    @Nullable
    Double number(int column);
}
