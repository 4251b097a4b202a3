package dev.featurestore.sql;

import dev.featurestore.training.TrainingSet;

final class DuckDbDialect implements SqlDialect {
    static final DuckDbDialect INSTANCE = new DuckDbDialect();

    private DuckDbDialect() {}

    @Override
    public String name() {
        return "DuckDB";
    }

    @Override
    public String render(TrainingSet set, TableNames tables) {
        throw new UnsupportedOperationException();
    }
}
