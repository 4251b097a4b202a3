package dev.featurestore.schema;

import java.io.Serializable;

/**
 * Turns a user's row type into a record and back. The inverse gives an equal row for every row it was given.
 *
 * @param <R> the row type
 */
public interface RowMapper<R> extends Serializable {
    /**
     * The record of a row.
     *
     * @param group the definition to build the record with
     * @throws dev.featurestore.errors.RecordMappingException if the row does not fit the definition
     */
    FeatureRecord toRecord(FeatureGroup<R> group, R row);

    /**
     * The row of a record.
     *
     * @throws dev.featurestore.errors.RecordMappingException if the record lacks what the row must have
     */
    R fromRecord(FeatureRecord record);
}
