/** Features written by a Lambda function that reads a Kinesis stream. */
@NullMarked
package dev.featurestore.examples.kinesis;

import org.jspecify.annotations.NullMarked;
