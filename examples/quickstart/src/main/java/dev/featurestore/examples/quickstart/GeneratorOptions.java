package dev.featurestore.examples.quickstart;

import picocli.CommandLine.Option;

/** The options of a run without a file. Options that are not given keep the values of the fields. */
final class GeneratorOptions {
    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "200000",
            description = "How many payments to make up; ${DEFAULT-VALUE} unless set.")
    long rows = 200_000;

    @Option(
            names = "--cards",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Of how many cards; ${DEFAULT-VALUE} unless set.")
    int cards = 2_000;

    @Option(
            names = "--merchants",
            paramLabel = "N",
            defaultValue = "300",
            description = "At how many merchants; ${DEFAULT-VALUE} unless set.")
    int merchants = 300;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "30",
            description = "Over how many days; ${DEFAULT-VALUE} unless set.")
    int days = 30;

    void check() {
        positive("--rows", rows, 10_000_000);
        positive("--cards", cards, 1_000_000);
        positive("--merchants", merchants, 100_000);
        positive("--days", days, 3_650);
    }

    private static void positive(String option, long value, long max) {
        if (value < 1 || value > max) {
            throw new InvalidInputException(
                    "Option " + option + " is " + value + ": expected a number from 1 to " + max + ".");
        }
    }
}
