package dev.featurestore.examples.athena;

import dev.featurestore.testkit.athena.AthenaFailure;
import io.trino.spi.ErrorCode;
import io.trino.spi.ErrorCodeSupplier;
import io.trino.spi.StandardErrorCode;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Names Trino's errors as Athena does: {@code SYNTAX_ERROR: line 1:8: …}. */
final class TrinoErrors {
    private static final Pattern PREFIX = Pattern.compile("^Query failed \\(#[^)]*\\): ");

    private final Map<Integer, String> names = new HashMap<>();

    /** @param more errors of a connector's own */
    TrinoErrors(ErrorCodeSupplier... more) {
        for (ErrorCodeSupplier error : StandardErrorCode.values()) {
            add(error.toErrorCode());
        }
        for (ErrorCodeSupplier error : more) {
            add(error.toErrorCode());
        }
    }

    private void add(ErrorCode code) {
        names.put(code.getCode(), code.getName());
    }

    AthenaFailure failure(SQLException error) {
        String message = PREFIX.matcher(String.valueOf(error.getMessage())).replaceFirst("");
        return new AthenaFailure(
                names.getOrDefault(error.getErrorCode(), StandardErrorCode.GENERIC_INTERNAL_ERROR.name()) + ": "
                        + message);
    }
}
