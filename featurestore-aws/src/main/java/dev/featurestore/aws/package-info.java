/** The backend of Amazon SageMaker Feature Store, over the official SDK for Java. */
@NullMarked
package dev.featurestore.aws;

import org.jspecify.annotations.NullMarked;
