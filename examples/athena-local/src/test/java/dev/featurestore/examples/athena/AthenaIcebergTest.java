package dev.featurestore.examples.athena;

import dev.featurestore.testkit.LocalOfflineStore;

/**
 * The same rule over tables whose times have the types of Iceberg's, with a zone that is not UTC. They are views: Trino's
 * connector to Iceberg is not to be had for this version.
 */
class AthenaIcebergTest extends AthenaContractTest {
    @Override
    Engine.Over engine(LocalOfflineStore local) {
        return Engine.overIceberg(local);
    }
}
