package dev.featurestore.training;

import java.time.LocalDate;
import java.time.YearMonth;

/** How long the slices of a training set are, in label time and UTC. */
public enum SliceUnit {
    /** A day. */
    DAY,
    /** A calendar month. */
    MONTH;

    /** The first day of the slice that a day is in. */
    public LocalDate first(LocalDate day) {
        return this == DAY ? day : day.withDayOfMonth(1);
    }

    /** The first day of the next slice. */
    public LocalDate next(LocalDate first) {
        return this == DAY ? first.plusDays(1) : first.plusMonths(1);
    }

    /** Such as {@code 2025-01-31} or {@code 2025-01}. */
    public String name(LocalDate first) {
        return this == DAY ? first.toString() : YearMonth.from(first).toString();
    }
}
