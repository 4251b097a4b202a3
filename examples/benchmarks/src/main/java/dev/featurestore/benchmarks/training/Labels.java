package dev.featurestore.benchmarks.training;

import java.util.SplittableRandom;

/**
 * Labels in milliseconds: several of a card, some of them at one instant, some exactly at an event's time, some of cards without
 * history.
 */
final class Labels {
    final int[] identifier;

    /** Epoch milliseconds. */
    final long[] time;

    private Labels(int labels) {
        identifier = new int[labels];
        time = new long[labels];
    }

    int size() {
        return identifier.length;
    }

    static Labels random(Workload workload, History history, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Labels labels = new Labels(workload.labels());
        for (int label = 0; label < labels.size(); label++) {
            int kind = label == 0 ? 99 : random.nextInt(100);
            int event = random.nextInt(history.size());
            labels.identifier[label] = random.nextInt(workload.identifiers() * 20 / 19 + 1);
            labels.time[label] = History.START * 1000 + random.nextLong(History.SECONDS * 1000L);
            if (kind < 5) {
                labels.identifier[label] = labels.identifier[label - 1];
                labels.time[label] = labels.time[label - 1];
            } else if (kind < 35) {
                labels.identifier[label] = labels.identifier[label - 1];
            } else if (kind < 40 && history.digits[event] <= 3) {
                labels.identifier[label] = history.identifier[event];
                labels.time[label] = history.eventTime[event] / 1_000_000;
            }
        }
        return labels;
    }
}
