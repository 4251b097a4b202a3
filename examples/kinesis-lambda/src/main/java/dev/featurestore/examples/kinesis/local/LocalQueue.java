package dev.featurestore.examples.kinesis.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for a queue of SQS: takes what is sent to it. */
final class LocalQueue implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;

    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();

    private LocalQueue(HttpServer server) {
        this.server = server;
    }

    static LocalQueue start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        LocalQueue queue = new LocalQueue(server);
        server.createContext("/", queue::answer);
        server.start();
        return queue;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The bodies of the messages in the order in which they came. */
    List<JsonNode> messages() {
        return List.copyOf(messages);
    }

    /** Any request is a SendMessage. The client compares the digest. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = JSON.readTree(exchange.getRequestBody())
                    .required("MessageBody")
                    .textValue();
            messages.add(JSON.readTree(body));
            byte[] answer = JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("MessageId", String.valueOf(messages.size()))
                    .put("MD5OfMessageBody", md5(body)));
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
