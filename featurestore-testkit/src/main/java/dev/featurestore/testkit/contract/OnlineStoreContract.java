package dev.featurestore.testkit.contract;

import org.junit.jupiter.api.Nested;

/**
 * The rules that every backend of an online store keeps, one case each. Extend it in a test:
 *
 * <pre>{@code
 * class MyOnlineStoreTest extends OnlineStoreContract {
 *     @Override
 *     protected OnlineBackend openBackend() {
 *         return new MyBackend(...);
 *     }
 * }
 * }</pre>
 *
 * Where the service is not documented the cases follow {@link OnlineBackend#behaviour}; those that need a capability, a clock
 * that can be moved or a look at the offline store are skipped on a backend without.
 */
public abstract class OnlineStoreContract {
    /** Called before each case. */
    protected abstract OnlineBackend openBackend();

    /** For subclasses. */
    protected OnlineStoreContract() {}

    @Nested
    class Puts extends PutCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class BatchWrites extends BatchWriteCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class PutsThatAreRefused extends RefusedPutCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class EventTimes extends EventTimeCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class Deletes extends DeleteCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class TimeToLive extends TimeToLiveCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class Reads extends ReadCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class Listings extends ListCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class Collections extends CollectionCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class Groups extends AdminCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }

    @Nested
    class Secrecy extends SecrecyCases {
        @Override
        OnlineBackend open() {
            return openBackend();
        }
    }
}
