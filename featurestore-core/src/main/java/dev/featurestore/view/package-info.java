/** Feature views: the input vector of one model over several groups, the same for serving and for training. */
@NullMarked
package dev.featurestore.view;

import org.jspecify.annotations.NullMarked;
