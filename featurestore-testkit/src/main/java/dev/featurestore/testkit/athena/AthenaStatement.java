package dev.featurestore.testkit.athena;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One statement on its way through an engine. */
public final class AthenaStatement {
    private final String sql;

    private final QueryRequest request;

    private final Function<URI, Path> folders;

    private @Nullable Runnable canceller;

    private boolean cancelled;

    AthenaStatement(String sql, QueryRequest request, Function<URI, Path> folders) {
        this.sql = sql;
        this.request = request;
        this.folders = folders;
    }

    /** The text to run. */
    public String sql() {
        return sql;
    }

    /** The catalog that names without one are in; null if the request had none. */
    public @Nullable String catalog() {
        return request.catalog();
    }

    /** The database that names without one are in; null if the request had none. */
    public @Nullable String database() {
        return request.database();
    }

    /** The values of the text's question marks, as SQL. */
    public List<String> parameters() {
        return request.parameters();
    }

    /**
     * The folder that stands for an S3 prefix.
     *
     * @throws AthenaFailure if there is none for its bucket
     */
    public Path folder(URI s3) {
        return folders.apply(s3);
    }

    /** What ends the statement from another thread, once; called at once if that was asked for already. */
    public void onCancel(Runnable action) {
        Objects.requireNonNull(action, "action");
        boolean now;
        synchronized (this) {
            canceller = action;
            now = cancelled;
        }
        if (now) {
            action.run();
        }
    }

    void cancel() {
        Runnable action;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            action = canceller;
        }
        if (action != null) {
            action.run();
        }
    }

    /** The length of the text; not the text, which may hold values. */
    @Override
    public String toString() {
        return "statement of " + sql.length() + " characters";
    }
}
