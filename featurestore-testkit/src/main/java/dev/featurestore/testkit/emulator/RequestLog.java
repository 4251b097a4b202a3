package dev.featurestore.testkit.emulator;

import java.util.ArrayDeque;
import java.util.List;

/** The latest requests, oldest first. */
final class RequestLog {
    static final int CAPACITY = 10_000;

    private final ArrayDeque<LoggedRequest> requests = new ArrayDeque<>();

    synchronized void add(LoggedRequest request) {
        if (requests.size() == CAPACITY) {
            requests.removeFirst();
        }
        requests.addLast(request);
    }

    synchronized List<LoggedRequest> all() {
        return List.copyOf(requests);
    }

    synchronized void clear() {
        requests.clear();
    }
}
