package dev.featurestore.ingest;

import dev.featurestore.schema.FeatureRecord;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

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

    /** The records of some identifiers. In use from the time it is taken until its record is given back. */
    private static final class Lane {
        private final Queue<Work> waiting = new ArrayDeque<>(2);

        private boolean isTaken;
    }

    /** A record to write, where it stands in the source, and what its thread notes of it. */
    static final class Work {
        final long position;

        final FeatureRecord record;

        private final Lane lane;

        /** How many write units it takes. */
        long units = 1;

        /** Whether any attempt had an unknown outcome. */
        boolean mayBeStored;

        private Work(long position, FeatureRecord record, Lane lane) {
            this.position = position;
            this.record = record;
            this.lane = lane;
        }
    }

    /** Whether there was room for the record within the time. */
    boolean offer(long position, FeatureRecord record, long millis) throws InterruptedException {
        Lane lane = lanes[Math.floorMod(spread(record.recordIdentifier().hashCode()), lanes.length)];
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (waiting == room) {
                if (left <= 0) {
                    return false;
                }
                left = hasRoom.awaitNanos(left);
            }
            lane.waiting.add(new Work(position, record, lane));
            waiting++;
            if (!lane.isTaken && lane.waiting.size() == 1) {
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

    /**
     * Gives back what is done with, and adds the next records, once there is one: those that are there, each of another
     * identifier. One thing, since the lock is asked for by all threads for each record.
     *
     * @return false at the end
     */
    boolean next(List<Work> done, int most, List<Work> taken) throws InterruptedException {
        lock.lock();
        try {
            release(done);
            while (free.isEmpty()) {
                // a lane in use may have records still: its thread comes for them itself
                if (ended) {
                    return false;
                }
                hasWork.await();
            }
            int before = waiting;
            for (int n = 0; n < most && !free.isEmpty(); n++) {
                Lane lane = free.remove();
                lane.isTaken = true;
                taken.add(lane.waiting.remove());
                waiting--;
            }
            // the reading thread is woken to fill much room, not for each record
            int fewEnough = room * 3 / 4;
            if (before > fewEnough && waiting <= fewEnough) {
                hasRoom.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The records are done with; the list is empty afterwards. */
    void giveBack(List<Work> done) {
        lock.lock();
        try {
            release(done);
        } finally {
            lock.unlock();
        }
    }

    private void release(List<Work> done) {
        for (Work work : done) {
            Lane lane = work.lane;
            lane.isTaken = false;
            if (!lane.waiting.isEmpty()) {
                free.add(lane);
                hasWork.signal();
            }
        }
        done.clear();
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
