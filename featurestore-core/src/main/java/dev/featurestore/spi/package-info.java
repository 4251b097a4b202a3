/**
 * What a backend implements, in wire terms: names and texts as the service has them, no row types, no SDK objects. Splitting
 * into calls of legal size, retries of unprocessed keys, order and typing are the clients' work, done once for all backends.
 */
@NullMarked
package dev.featurestore.spi;

import org.jspecify.annotations.NullMarked;
