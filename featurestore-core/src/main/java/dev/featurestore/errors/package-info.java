/** The failures this library reports: one unchecked root, a stable code, a few kinds. */
@NullMarked
package dev.featurestore.errors;

import org.jspecify.annotations.NullMarked;
