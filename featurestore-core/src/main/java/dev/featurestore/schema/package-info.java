/**
 * Definitions: features, the groups they belong to, and records of them.
 *
 * <p>{@link dev.featurestore.schema.FeatureCodec} and the codecs beside it are the one place where a Java value meets its
 * stored text.
 */
@NullMarked
package dev.featurestore.schema;

import org.jspecify.annotations.NullMarked;
