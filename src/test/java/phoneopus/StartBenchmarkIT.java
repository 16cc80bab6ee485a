package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the start of a server as clients see it and the cost of an idle server, alternating with
 * a similar server on Node and with the same fake Claude. Prints a table but asserts no time, since
 * machines differ.
 */
@Tag("benchmark")
class StartBenchmarkIT {

    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 11);
    private static final int AT_ONCE = 4;
    private static final int CALLS = 50;
    private static final long SETTLED_MS = 3_000;

    private Map<String, String> environment = Map.of();
    private Path repository = Path.of("/");

    /**
     * The times of one start.
     *
     * @param cpuMs the processor time until the first answer of a tool
     */
    private record Start(
            double initializeMs, double listMs, double callMs, double cpuMs, double endMs) {}

    /** The memory of an idle server. */
    private record Memory(double residentMb, double proportionalMb) {}

    /** A server and how to call it. */
    private record Kind(String name, List<String> command, String tool, String prompt, String cwd) {
        Map<String, Object> question(Path repository) {
            var question = new TreeMap<String, Object>();
            question.put(prompt, "Is this fast?");
            question.put(cwd, repository.toString());
            return question;
        }
    }

    @Test
    void besideAServerOnNode(@TempDir Path temporary) throws Exception {
        var surroundings = Surroundings.in(temporary);
        // The usual setup: no settings, and the command is on the PATH.
        var programs = surroundings.claude().getParent() + ":" + System.getenv("PATH");
        environment =
                new TreeMap<>(
                        surroundings.environment(
                                Map.of(
                                        "PATH",
                                        programs,
                                        "CLAUDE_CLI_NAME",
                                        surroundings.claude().toString())));
        environment.keySet().removeIf(name -> name.startsWith("PHONE_OPUS_"));
        repository = surroundings.repository(Map.of());
        var ours =
                new Kind(
                        "phone-opus",
                        List.of(PackagedServer.launcher().toString()),
                        "consult",
                        "prompt",
                        "cwd");
        var node =
                new Kind(
                        "Node",
                        NodePackages.similarServer(),
                        "claude_code",
                        "prompt",
                        "workFolder");

        var ourStarts = new ArrayList<Start>();
        var nodeStarts = new ArrayList<Start>();
        for (int round = -1; round < ROUNDS; round++) {
            var our = start(ours);
            var nodes = start(node);
            if (round >= 0) {
                ourStarts.add(our);
                nodeStarts.add(nodes);
            }
        }
        var table =
                new StringBuilder(
                        "| median of %d | phone-opus | Node | ratio |%n|---|---|---|---|%n"
                                .formatted(ROUNDS));
        row(table, "spawn to `initialize`, ms", ourStarts, nodeStarts, Start::initializeMs);
        row(table, "spawn to `tools/list`, ms", ourStarts, nodeStarts, Start::listMs);
        row(table, "spawn to first consult answered, ms", ourStarts, nodeStarts, Start::callMs);
        row(table, "processor time to there, ms", ourStarts, nodeStarts, Start::cpuMs);
        row(table, "end of input to exit, ms", ourStarts, nodeStarts, Start::endMs);
        var ourOne = idle(ours, 1);
        var nodeOne = idle(node, 1);
        row(table, "resident, one idle, MB", ourOne, nodeOne, Memory::residentMb);
        var ourFour = idle(ours, AT_ONCE);
        var nodeFour = idle(node, AT_ONCE);
        row(table, "proportional, four idle, MB each", ourFour, nodeFour, Memory::proportionalMb);
        table.append(
                "%n%d consults at once through one server: all answered in %.0f ms%n"
                        .formatted(CALLS, together(ours)));

        Files.writeString(Path.of("target/start.md"), table);
        System.out.println(table);
        assertThat(ourStarts).hasSize(ROUNDS);
        surroundings.endEverything();
    }

    private Start start(Kind kind) throws Exception {
        long spawned = System.nanoTime();
        try (var server = new Spoken(kind.command())) {
            server.shakeHands();
            double initialized = since(spawned);
            server.request(1, "tools/list", Map.of());
            server.answer(1);
            double listed = since(spawned);
            server.request(2, "tools/call", call(kind));
            assertThat(server.answer(2).at("/result/content/0/text").asString()).isNotBlank();
            double called = since(spawned);
            double cpu = server.cpuMs();
            return new Start(initialized, listed, called, cpu, server.end());
        }
    }

    private List<Memory> idle(Kind kind, int servers) throws Exception {
        var idle = new ArrayList<Spoken>();
        try {
            for (int i = 0; i < servers; i++) {
                var server = new Spoken(kind.command());
                idle.add(server);
                server.shakeHands();
                server.request(1, "tools/list", Map.of());
                server.answer(1);
            }
            TimeUnit.MILLISECONDS.sleep(SETTLED_MS);
            var memory = new ArrayList<Memory>();
            for (var server : idle) {
                memory.add(server.memory());
            }
            return memory;
        } finally {
            idle.forEach(Spoken::close);
        }
    }

    /** Milliseconds until the last of several simultaneous questions is answered. */
    private double together(Kind kind) throws Exception {
        environment.put("PHONE_OPUS_CONSULT_MAX_CONCURRENT", Integer.toString(CALLS));
        try (var server = new Spoken(kind.command())) {
            server.shakeHands();
            long started = System.nanoTime();
            for (int id = 1; id <= CALLS; id++) {
                var question = kind.question(repository);
                question.put("fresh", true);
                server.request(
                        id, "tools/call", Map.of("name", kind.tool(), "arguments", question));
            }
            for (int answers = 0; answers < CALLS; answers++) {
                assertThat(server.next().at("/result/content/0/text").asString())
                        .startsWith("consult ok ");
            }
            return since(started);
        }
    }

    private Map<String, Object> call(Kind kind) {
        return Map.of("name", kind.tool(), "arguments", kind.question(repository));
    }

    private static <T> void row(
            StringBuilder table,
            String what,
            List<T> ours,
            List<T> nodes,
            ToDoubleFunction<T> figure) {
        double our = median(ours, figure);
        double node = median(nodes, figure);
        table.append(
                String.format(
                        Locale.ROOT, "| %s | %.0f | %.0f | %.2f |%n", what, our, node, our / node));
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        var sorted = all.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    /** A server that gets one request at a time and is read as soon as it answers. */
    private final class Spoken implements AutoCloseable {

        private static final Pattern ROLLED_UP = Pattern.compile("(?m)^(Rss|Pss): +(\\d+) kB");
        private static final double TICK_MS = 10;

        private final Process process;
        private final BufferedReader answers;

        Spoken(List<String> command) throws IOException {
            var builder = new ProcessBuilder(command).directory(repository.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        void shakeHands() throws IOException {
            request(
                    0,
                    "initialize",
                    Map.of(
                            "protocolVersion", "2025-06-18",
                            "capabilities", Map.of(),
                            "clientInfo", Map.of("name", "benchmark", "version", "1")));
            answer(0);
            say(Map.of("jsonrpc", "2.0", "method", "notifications/initialized"));
        }

        void request(int id, String method, Map<String, ?> params) throws IOException {
            say(Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params));
        }

        JsonNode answer(int id) throws IOException {
            while (true) {
                var message = next();
                if (message.path("id").asInt(-1) == id) {
                    return message;
                }
            }
        }

        JsonNode next() throws IOException {
            var line = answers.readLine();
            assertThat(line).as("the server goes on").isNotNull();
            return JsonMapper.shared().readTree(line);
        }

        /** The processor time of the server alone, without that of its children. */
        double cpuMs() throws IOException {
            var stat = Files.readString(proc("stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MS;
        }

        Memory memory() throws IOException {
            var figures = new TreeMap<String, Double>();
            ROLLED_UP
                    .matcher(Files.readString(proc("smaps_rollup")))
                    .results()
                    .forEach(row ->
                            figures.put(row.group(1), Long.parseLong(row.group(2)) / 1024.0));
            return new Memory(figures.get("Rss"), figures.get("Pss"));
        }

        /** Milliseconds from closing its input to its exit. */
        double end() throws IOException, InterruptedException {
            long closed = System.nanoTime();
            process.getOutputStream().close();
            // The Node server keeps running without a client.
            return process.waitFor(SETTLED_MS, TimeUnit.MILLISECONDS) ? since(closed) : Double.NaN;
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }

        private void say(Map<String, ?> message) throws IOException {
            var line = JsonMapper.shared().writeValueAsString(message) + "\n";
            process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        private Path proc(String file) {
            return Path.of("/proc", Long.toString(process.pid()), file);
        }
    }
}
