package dev.featurestore.testkit;

import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.WireRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of updating single features of a record. */
final class RecordUpdates {
    private RecordUpdates() {}

    /** What is wrong with an update whatever is stored. */
    static void check(FeatureGroup<?> group, RecordUpdate update) {
        OnlineStorageType storage =
                group.onlineStore().map(OnlineStoreSettings::storageType).orElseThrow();
        if (storage == OnlineStorageType.STANDARD) {
            throw refused(group, "UpdateRecord needs storage type Standard_V2 or InMemory, the group has Standard");
        }
        if (!update.targetStores().isEmpty() && !update.targetStores().contains(TargetStore.ONLINE_STORE)) {
            throw refused(group, "the target stores of an update must have the online store");
        }
        if (update.features().size() > RecordUpdate.MAX_FEATURES) {
            throw refused(
                    group,
                    "an update has at most " + RecordUpdate.MAX_FEATURES + " features, got "
                            + update.features().size());
        }
        if (update.ttl() != null && update.features().text(group.eventTime().name()) == null) {
            throw refused(group, "a time to live needs an event time beside it");
        }
        String identifier = update.features().text(group.recordIdentifier().name());
        if (identifier != null && !identifier.equals(update.identifier())) {
            throw refused(
                    group,
                    "the record identifier feature named ["
                            + group.recordIdentifier().name() + "] cannot be changed");
        }
    }

    /** The stored record with the updated features in place, in the order of the definition; the update is not checked. */
    static WireRecord merge(FeatureGroup<?> group, WireRecord stored, WireRecord update) {
        record Cell(String name, Object value) {}
        Set<String> updated = new HashSet<>();
        List<Cell> cells = new ArrayList<>();
        for (int n = 0; n < update.size(); n++) {
            updated.add(update.name(n));
            cells.add(new Cell(update.name(n), value(update, n)));
        }
        for (int n = 0; n < stored.size(); n++) {
            if (!updated.contains(stored.name(n))) {
                cells.add(new Cell(stored.name(n), value(stored, n)));
            }
        }
        cells.sort(Comparator.comparingInt(cell -> group.columns().find(cell.name())));
        return WireRecord.of(
                cells.stream().map(Cell::name).toArray(String[]::new),
                cells.stream().map(Cell::value).toArray());
    }

    private static Object value(WireRecord record, int n) {
        String text = record.text(n);
        return text != null ? text : Objects.requireNonNull(record.texts(n));
    }

    /** Without a time to live of its own, an update keeps the duration that the record has. */
    static @Nullable Instant expiry(
            Instant eventTime, @Nullable Ttl ttl, Instant storedEventTime, @Nullable Instant storedExpiry) {
        if (ttl != null) {
            return ttl.expiresAt(eventTime);
        }
        return storedExpiry == null ? null : storedExpiry.plus(Duration.between(storedEventTime, eventTime));
    }

    private static InvalidRequestException refused(FeatureGroup<?> group, String why) {
        return new InvalidRequestException(
                "Feature group '" + group.name() + "' refuses the request: " + why, group.name(), null, null);
    }
}
