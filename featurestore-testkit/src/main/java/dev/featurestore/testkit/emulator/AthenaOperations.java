package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.featurestore.testkit.athena.AthenaEngine.Written;
import dev.featurestore.testkit.athena.AthenaResult;
import dev.featurestore.testkit.athena.EmulatedAthena;
import dev.featurestore.testkit.athena.QueryExecution;
import dev.featurestore.testkit.athena.QueryRequest;
import dev.featurestore.testkit.athena.QueryState;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Starting, looking at and stopping queries, and reading their rows. */
final class AthenaOperations {
    private static final int MAX_QUERY_BYTES = 262_144;

    private static final int MAX_PAGE = 1000;

    private static final int USER_ERROR = 2;

    private final EmulatedAthena athena;

    AthenaOperations(EmulatedAthena athena) {
        this.athena = athena;
    }

    Map<String, EmulatedOperation> operations() {
        return Map.of(
                "StartQueryExecution", refusing(this::start),
                "GetQueryExecution", refusing(this::get),
                "GetQueryResults", refusing(this::results),
                "StopQueryExecution", refusing(this::stop));
    }

    private static EmulatedOperation refusing(EmulatedOperation operation) {
        return (call, out) -> {
            try {
                operation.answer(call, out);
            } catch (IllegalArgumentException e) {
                throw WireErrors.invalidRequest(String.valueOf(e.getMessage()));
            }
        };
    }

    private void start(EmulatedCall call, JsonGenerator out) throws IOException {
        String sql = call.text("QueryString");
        if (sql.getBytes(StandardCharsets.UTF_8).length > MAX_QUERY_BYTES) {
            throw WireErrors.invalidRequest("1 validation error detected: Value at 'queryString' failed to satisfy"
                    + " constraint: Member must have length less than or equal to " + MAX_QUERY_BYTES);
        }
        JsonNode context = member(call.input(), "QueryExecutionContext");
        JsonNode result = member(call.input(), "ResultConfiguration");
        List<String> parameters = new ArrayList<>();
        member(call.input(), "ExecutionParameters").forEach(parameter -> parameters.add(parameter.asText()));
        QueryRequest request = new QueryRequest(
                sql,
                text(context, "Catalog"),
                text(context, "Database"),
                Objects.requireNonNullElse(call.optionalText("WorkGroup"), QueryRequest.PRIMARY),
                text(result, "OutputLocation"),
                parameters);
        String id = athena.start(request, call.optionalText("ClientRequestToken"));
        out.writeStartObject();
        out.writeStringField("QueryExecutionId", id);
        out.writeEndObject();
    }

    private static JsonNode member(JsonNode parent, String name) {
        return Objects.requireNonNullElse(EmulatedCall.optional(parent, name), MissingNode.getInstance());
    }

    private static @Nullable String text(JsonNode parent, String name) {
        JsonNode value = EmulatedCall.optional(parent, name);
        return value == null ? null : value.asText();
    }

    private void get(EmulatedCall call, JsonGenerator out) throws IOException {
        QueryExecution query = athena.get(call.text("QueryExecutionId"));
        QueryRequest request = query.request();
        out.writeStartObject();
        out.writeObjectFieldStart("QueryExecution");
        out.writeStringField("QueryExecutionId", query.id());
        out.writeStringField("Query", request.sql());
        out.writeStringField("StatementType", query.statementType());
        out.writeStringField("SubstatementType", query.substatementType());
        out.writeStringField("WorkGroup", request.workgroup());
        out.writeObjectFieldStart("ResultConfiguration");
        optional(out, "OutputLocation", query.output());
        out.writeEndObject();
        out.writeObjectFieldStart("QueryExecutionContext");
        optional(out, "Catalog", request.catalog());
        optional(out, "Database", request.database());
        out.writeEndObject();
        status(out, query);
        statistics(out, query);
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void status(JsonGenerator out, QueryExecution query) throws IOException {
        out.writeObjectFieldStart("Status");
        out.writeStringField("State", query.state().name());
        optional(out, "StateChangeReason", query.reason());
        GroupDescription.time(out, "SubmissionDateTime", query.submitted());
        if (query.completed() != null) {
            GroupDescription.time(out, "CompletionDateTime", query.completed());
        }
        if (query.state() == QueryState.FAILED) {
            out.writeObjectFieldStart("AthenaError");
            out.writeNumberField("ErrorCategory", USER_ERROR);
            out.writeNumberField("ErrorType", 0);
            out.writeBooleanField("Retryable", false);
            optional(out, "ErrorMessage", query.reason());
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void statistics(JsonGenerator out, QueryExecution query) throws IOException {
        Instant completed = query.completed();
        long millis = completed == null
                ? 0
                : Duration.between(query.submitted(), completed).toMillis();
        out.writeObjectFieldStart("Statistics");
        out.writeNumberField("DataScannedInBytes", query.bytesScanned());
        out.writeNumberField("EngineExecutionTimeInMillis", millis);
        out.writeNumberField("TotalExecutionTimeInMillis", millis);
        optional(out, "DataManifestLocation", query.manifest());
        out.writeObjectFieldStart("ResultReuseInformation");
        out.writeBooleanField("ReusedPreviousResult", false);
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void optional(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static void optional(JsonGenerator out, String name, @Nullable URI value) throws IOException {
        optional(out, name, value == null ? null : value.toString());
    }

    private void stop(EmulatedCall call, JsonGenerator out) throws IOException {
        athena.stop(call.text("QueryExecutionId"));
        out.writeStartObject();
        out.writeEndObject();
    }

    private void results(EmulatedCall call, JsonGenerator out) throws IOException {
        QueryExecution query = athena.get(call.text("QueryExecutionId"));
        if (!query.state().isFinal()) {
            throw WireErrors.invalidRequest("Query has not yet finished. Current state: " + query.state());
        }
        if (query.state() != QueryState.SUCCEEDED) {
            throw WireErrors.invalidRequest("Query did not finish successfully. Final query state: " + query.state());
        }
        AthenaResult result = query.result();
        // the names of the columns are the first row
        int size = result.columns().isEmpty() ? 0 : result.rows().size() + 1;
        int from = Math.min(PageToken.start(call.optionalText("NextToken")), size);
        int to = Math.min(from + call.input().path("MaxResults").asInt(MAX_PAGE), size);
        out.writeStartObject();
        Written written = query.written();
        if (written != null) {
            out.writeNumberField("UpdateCount", written.rows());
        }
        out.writeObjectFieldStart("ResultSet");
        out.writeArrayFieldStart("Rows");
        for (int n = from; n < to; n++) {
            row(
                    out,
                    n == 0
                            ? result.columns().stream()
                                    .map(AthenaResult.Column::name)
                                    .toList()
                            : result.rows().get(n - 1));
        }
        out.writeEndArray();
        columns(out, result);
        out.writeEndObject();
        if (to < size) {
            out.writeStringField("NextToken", PageToken.of(to));
        }
        out.writeEndObject();
    }

    private static void row(JsonGenerator out, List<? extends @Nullable String> values) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("Data");
        for (String value : values) {
            out.writeStartObject();
            optional(out, "VarCharValue", value);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void columns(JsonGenerator out, AthenaResult result) throws IOException {
        out.writeObjectFieldStart("ResultSetMetadata");
        out.writeArrayFieldStart("ColumnInfo");
        for (AthenaResult.Column column : result.columns()) {
            out.writeStartObject();
            out.writeStringField("CatalogName", "hive");
            out.writeStringField("SchemaName", "");
            out.writeStringField("TableName", "");
            out.writeStringField("Name", column.name());
            out.writeStringField("Label", column.name());
            out.writeStringField("Type", column.type());
            out.writeStringField("Nullable", "UNKNOWN");
            out.writeBooleanField("CaseSensitive", column.type().equals("varchar"));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
