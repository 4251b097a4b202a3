package dev.featurestore.ingest;

import dev.featurestore.schema.FeatureRecord;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The records that wait to be written, in lanes by the hash of their identifier. A lane is given to one thread at a time, so
 * that its records keep their order; any free thread takes any lane, so that none is idle while there is work. Holds a bounded
 * number of records.
 */
final class IngestLanes {
    private static final int LANES_PER_THREAD = 64;

    private static final int RECORDS_PER_THREAD = 64;

    private final Lock lock = new ReentrantLock();

    private final Condition hasRoom = lock.newCondition();

    private final Condition hasWork = lock.newCondition();

    private final Lane[] lanes;

    private final int room;

    /** Lanes that have records and no thread. */
    private final Queue<Lane> free = new ArrayDeque<>();

    private int waiting;

    private boolean ended;

    IngestLanes(int threads) {
        this.lanes = new Lane[threads * LANES_PER_THREAD];
        for (int n = 0; n < lanes.length; n++) {
            lanes[n] = new Lane();
        }
        this.room = threads * RECORDS_PER_THREAD;
    }

    /** A record and where it stands in the source. */
    record Item(long position, FeatureRecord record) {}

    /** A lane is in use from the time it is taken until it is given back. */
    static final class Lane {
        private final Queue<Item> items = new ArrayDeque<>(2);

        private boolean isTaken;

        private Lane() {}
    }

    /** What a thread has to do: one record, and the lane to give back after it. */
    record Work(Lane lane, Item item) {}

    /** Whether there was room for the record within the time. */
    boolean offer(Item item, long millis) throws InterruptedException {
        Lane lane = lanes[Math.floorMod(spread(item.record().recordIdentifier().hashCode()), lanes.length)];
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (waiting == room) {
                if (left <= 0) {
                    return false;
                }
                left = hasRoom.awaitNanos(left);
            }
            lane.items.add(item);
            waiting++;
            if (!lane.isTaken && lane.items.size() == 1) {
                free.add(lane);
                hasWork.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Hash codes of similar texts differ in their low bits alone. */
    private static int spread(int hash) {
        return hash ^ (hash >>> 16);
    }

    /** The next record, once there is one; null at the end. */
    @Nullable
    Work take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (free.isEmpty()) {
                // a lane in use may have records still: its thread comes for them itself
                if (ended) {
                    return null;
                }
                hasWork.await();
            }
            Lane lane = free.remove();
            lane.isTaken = true;
            Item item = lane.items.remove();
            waiting--;
            // the reading thread is woken to fill much room, not for each record
            if (waiting == room * 3 / 4) {
                hasRoom.signal();
            }
            return new Work(lane, item);
        } finally {
            lock.unlock();
        }
    }

    /** The lane's record is done with. */
    void giveBack(Lane lane) {
        lock.lock();
        try {
            lane.isTaken = false;
            if (!lane.items.isEmpty()) {
                free.add(lane);
                hasWork.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing will be offered any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            hasWork.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
