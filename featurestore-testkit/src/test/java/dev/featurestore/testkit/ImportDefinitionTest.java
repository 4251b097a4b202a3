package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.schema.CollectionType;
import dev.featurestore.schema.DefinitionSource;
import dev.featurestore.schema.DeployedFeature;
import dev.featurestore.schema.DeployedFeatureGroup;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.OfflineStoreSettings.TableFormat;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.Throughput;
import dev.featurestore.schema.Ttl;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java source of deployed groups: compiled, and planned against what is deployed. */
class ImportDefinitionTest {
    private static final String PACKAGE = "com.example.imported";

    private static final String LETTERS = "abcxyzABCXYZ0189";

    private final InMemoryFeatureStore store = InMemoryFeatureStore.create();

    @TempDir
    private Path folder;

    @Test
    void readsAsOneWouldWriteIt() {
        store.admin()
                .apply(FeatureGroup.named("card-features_v3")
                        .recordIdentifier(Feature.string("card_id"))
                        .eventTime(Feature.eventTime("event_ts"))
                        .features(Feature.integral("txn-count60s"), Feature.fractional("amountRatio7d"))
                        .description("Cards, \"live\"")
                        .onlineStore(online -> online.ttl(new Ttl(90, Ttl.Unit.DAYS)))
                        .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                        .roleArn("arn:aws:iam::123456789012:role/features")
                        .tag("team", "fraud")
                        .build());

        assertThat(store.admin().importDefinition("card-features_v3", PACKAGE)).isEqualTo("""
                        package com.example.imported;

                        import dev.featurestore.schema.Feature;
                        import dev.featurestore.schema.FeatureGroup;
                        import dev.featurestore.schema.FeatureRecord;
                        import dev.featurestore.schema.OnlineStorageType;
                        import dev.featurestore.schema.Ttl;
                        import java.time.Instant;

                        /** The feature group card-features_v3, as it is deployed. */
                        public final class CardFeaturesV3 {
                            public static final Feature<String> CARD_ID = Feature.string("card_id");
                            public static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");
                            public static final Feature<Long> TXN_COUNT60S = Feature.integral("txn-count60s");
                            public static final Feature<Double> AMOUNT_RATIO7D = Feature.fractional("amountRatio7d");

                            public static final FeatureGroup<FeatureRecord> GROUP = FeatureGroup.named("card-features_v3")
                                    .recordIdentifier(CARD_ID)
                                    .eventTime(EVENT_TS)
                                    .features(
                                            TXN_COUNT60S,
                                            AMOUNT_RATIO7D)
                                    .description("Cards, \\"live\\"")
                                    .onlineStore(online -> online.storageType(OnlineStorageType.STANDARD).ttl(new Ttl(90, Ttl.Unit.DAYS)))
                                    .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
                                    .roleArn("arn:aws:iam::123456789012:role/features")
                                    .build();

                            private CardFeaturesV3() {}
                        }
                        """);
        assertThatThrownBy(() -> store.admin().importDefinition("other", PACKAGE))
                .isInstanceOf(FeatureGroupNotFoundException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theCompiledDefinitionOfARandomGroupHasNothingToChange(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FeatureGroup<?> group = group("g" + name(random) + i, random);
            store.admin().apply(group);
            names.add(group.name());
        }

        for (FeatureGroup<?> imported : compiled(names)) {
            assertThat(store.admin().plan(imported).difference().orElseThrow().changes())
                    .as("seed %d, group %s", seed, imported.name())
                    .isEmpty();
            store.admin().verify(imported);
        }
    }

    @Test
    void namesThatCollideStayApartAndTheWidestGroupCompiles() throws Exception {
        List<Feature<?>> features = new ArrayList<>(List.of(
                Feature.string("group"),
                Feature.string("a-b"),
                Feature.string("a_b"),
                Feature.string("aB"),
                Feature.string("A_B_2"),
                Feature.string("class"),
                Feature.string("7d"),
                Feature.string("F_7d")));
        IntStream.range(features.size(), 2498).forEach(i -> features.add(Feature.fractional("wide_" + i)));
        store.admin()
                .apply(FeatureGroup.named("feature")
                        .recordIdentifier(Feature.integral("id"))
                        .eventTime(Feature.eventTime("at", EventTimeFormat.epochSeconds(6)))
                        .features(features)
                        .onlineStore()
                        .description("Tab\tand \\ and \u00e9\n\\u0041")
                        .build());

        FeatureGroup<?> imported = compiled(List.of("feature")).get(0);

        assertThat(imported.columns().size()).isEqualTo(2500);
        assertThat(store.admin().plan(imported).difference().orElseThrow().changes())
                .isEmpty();
    }

    @Test
    void whatNoDefinitionCanBeIsRefused() {
        DeployedFeatureGroup odd = DeployedFeatureGroup.named("odd")
                .keys("id", "at")
                .features(List.of(
                        new DeployedFeature("at", FeatureType.INTEGRAL, null, 0),
                        new DeployedFeature("texts", FeatureType.STRING, CollectionType.VECTOR, 3)))
                .build();

        assertThatThrownBy(() -> DefinitionSource.of(odd, PACKAGE))
                .isInstanceOf(InvalidDefinitionException.class)
                .satisfies(failure -> assertThat(((InvalidDefinitionException) failure).problems())
                        .containsExactly(
                                "the event time is the feature 'at' Integral, expected String or Fractional",
                                "feature 'texts' Vector<String>/3 is a vector of something else than Fractional",
                                "it has no feature 'id', which is its record identifier or event time"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DefinitionSource.of(odd, "com.class"))
                .withMessageContaining("'com.class'");
        assertThatIllegalArgumentException().isThrownBy(() -> DefinitionSource.of(odd, PACKAGE, "a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> DefinitionSource.of(odd, PACKAGE, "Feature"));
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        int length = 1 + random.nextInt(10);
        for (int i = 0; i < length; i++) {
            boolean inside = i > 0 && i < length - 1;
            name.append(inside && random.nextInt(4) == 0 ? "-_".charAt(random.nextInt(2)) : letter(random));
        }
        return name.toString();
    }

    private static char letter(Random random) {
        return LETTERS.charAt(random.nextInt(LETTERS.length()));
    }

    private static FeatureGroup<?> group(String name, Random random) {
        boolean inMemory = random.nextInt(3) == 0;
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        while (names.size() < 12) {
            names.add(name(random));
        }
        List<String> free = new ArrayList<>(names);
        Feature<?> identifier = scalar(free.remove(0), random);
        String at = free.remove(0);
        boolean iceberg = !inMemory && random.nextInt(4) == 0;
        FeatureGroup.Builder<FeatureRecord> group = FeatureGroup.named(name)
                .recordIdentifier(identifier)
                .eventTime(
                        iceberg || random.nextBoolean()
                                ? Feature.eventTime(at)
                                : Feature.eventTime(at, EventTimeFormat.epochSeconds(3 * random.nextInt(3))));
        boolean vector = false;
        for (String feature : free) {
            int kind = inMemory ? random.nextInt(4) : 0;
            if (kind == 1) {
                group.features(Feature.list(feature, scalar("e", random).codec()));
            } else if (kind == 2) {
                group.features(Feature.set(feature, scalar("e", random).codec()));
            } else if (kind == 3 && !vector) {
                vector = true;
                group.features(Feature.vector(feature, 1 + random.nextInt(8192)));
            } else {
                group.features(scalar(feature, random));
            }
        }
        boolean online = inMemory || random.nextInt(4) > 0;
        OnlineStorageType storage = inMemory ? OnlineStorageType.IN_MEMORY : standard(random);
        if (online) {
            group.onlineStore(settings -> {
                settings.storageType(storage);
                if (random.nextBoolean()) {
                    Ttl.Unit[] units = Ttl.Unit.values();
                    settings.ttl(new Ttl(1 + random.nextInt(100), units[random.nextInt(units.length)]));
                }
                if (!inMemory && random.nextBoolean()) {
                    settings.kmsKeyId("key-" + random.nextInt(100));
                }
            });
        }
        if (!online || (!inMemory && random.nextBoolean())) {
            group.roleArn("arn:aws:iam::123456789012:role/features");
            group.offlineStore(settings -> {
                settings.s3Uri("s3://bucket/" + name);
                switch (iceberg ? 3 : random.nextInt(4)) {
                    case 0 -> settings.withoutTable();
                    case 1 ->
                        settings.existingTable(
                                "own", name.toLowerCase(Locale.ROOT).replace('-', '_'));
                    case 2 ->
                        settings.table("own", name.toLowerCase(Locale.ROOT).replace('-', '_'));
                    default -> {}
                }
                if (iceberg) {
                    settings.tableFormat(TableFormat.ICEBERG);
                }
            });
        }
        if (random.nextBoolean()) {
            boolean canProvision = !online || storage == OnlineStorageType.STANDARD;
            group.throughput(
                    canProvision && random.nextBoolean()
                            ? Throughput.provisioned(random.nextInt(40_000), random.nextInt(40_000))
                            : Throughput.onDemand());
        }
        if (random.nextBoolean()) {
            group.tag("team", name);
        }
        return group.build();
    }

    private static OnlineStorageType standard(Random random) {
        return random.nextBoolean() ? OnlineStorageType.STANDARD : OnlineStorageType.STANDARD_V2;
    }

    /** Also such that are Integral or String in disguise. */
    private static Feature<?> scalar(String name, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Feature.string(name);
            case 1 -> Feature.integral(name);
            case 2 -> Feature.fractional(name);
            case 3 -> Feature.bool(name);
            default -> Feature.localDate(name);
        };
    }

    /** The definitions of the deployed groups of these names, through the compiler. */
    private List<FeatureGroup<?>> compiled(List<String> names) throws IOException, ReflectiveOperationException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String source = DefinitionSource.of(store.admin().describe(names.get(i)), PACKAGE, "Imported" + i);
            files.add(Files.writeString(folder.resolve("Imported" + i + ".java"), source));
        }
        StringWriter problems = new StringWriter();
        // the tests run on the module path or on the class path
        String path = Path.of(FeatureGroup.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        boolean compiles;
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            compiles = compiler.getTask(
                            problems,
                            manager,
                            null,
                            List.of("-d", folder.toString(), "-classpath", path, "-Xlint:all", "-Werror", "-proc:none"),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
        }
        assertThat(compiles).as(problems.toString()).isTrue();
        List<FeatureGroup<?>> groups = new ArrayList<>();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, FeatureGroup.class.getClassLoader())) {
            for (int i = 0; i < names.size(); i++) {
                groups.add((FeatureGroup<?>) loader.loadClass(PACKAGE + ".Imported" + i)
                        .getField("GROUP")
                        .get(null));
            }
        }
        return groups;
    }
}
