/** An emulated Amazon Athena: the life of its queries, run by an engine that is given, over folders that stand for buckets. */
@NullMarked
package dev.featurestore.testkit.athena;

import org.jspecify.annotations.NullMarked;
