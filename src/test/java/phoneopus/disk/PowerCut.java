package phoneopus.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * What a disk may hold after a power cut, as ALICE and CrashMonkey order it. A sync of a file
 * brings its content to the disk, a sync of a directory its entries; all else may have got there or
 * not, in any order, and content in part. A rename is done or not done, and on the disk once either
 * of its directories is synced.
 */
public final class PowerCut {
    private static final int PAGE = 4096;

    /** Of the steps that are not on the disk for sure, so many subsets are drawn by lot. */
    private static final int DRAWN = 6;

    /** What became of a step. */
    private enum Fate {
        DONE,
        LOST,
        HALF
    }

    /** A step that the disk makes as a whole, or, where it is content, in part. */
    private sealed interface Step {
        /** A name goes from one directory, or comes to another, or both. */
        record Entry(int from, String gone, int to, String come, int node) implements Step {}

        record Content(int node, Map<Integer, byte[]> pages) implements Step {}
    }

    private static final byte[] EMPTY = new byte[0];
    private static final int NONE = -1;
    private static final int ROOT = 0;

    private final List<Operation> operations;
    private final Map<Integer, Map<String, Integer>> folders = new HashMap<>();
    private final Map<Integer, byte[]> files = new HashMap<>();

    private final Map<Integer, Map<String, Integer>> foldersBefore;
    private final Map<Integer, byte[]> filesBefore;
    private final List<Step> steps = new ArrayList<>();
    private final List<Boolean> synced = new ArrayList<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<byte[], byte[]> digests = new IdentityHashMap<>();
    private int nodes = ROOT;
    private int done;

    public PowerCut(Recording recording) {
        operations = recording.operations();
        folders.put(ROOT, new TreeMap<>());
        recording
                .before()
                .contents()
                .forEach((path, content) -> {
                    int node = ++nodes;
                    folder(path).put(name(path), node);
                    if (Disk.isDirectory(content)) {
                        folders.put(node, new TreeMap<>());
                    } else {
                        files.put(node, content);
                    }
                });
        foldersBefore = copy(folders);
        filesBefore = new HashMap<>(files);
    }

    /** Does the next operation; false where there is none. */
    public boolean next() {
        if (done == operations.size()) {
            return false;
        }
        apply(operations.get(done++));
        return true;
    }

    /** Of the operations that are done. */
    public List<Operation> done() {
        return operations.subList(0, done);
    }

    /** All that was done is there: what a killed process leaves. */
    public Disk killed() {
        return disk(fates(Fate.DONE));
    }

    /** What a power cut may leave now, each with how that came about. */
    public Map<String, Disk> cut(Random random) {
        Map<String, Disk> disks = new LinkedHashMap<>();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (!synced.get(i)) {
                open.add(i);
            }
        }
        disks.put("all done", killed());
        disks.put("all lost", disk(fates(open, Fate.LOST)));
        for (int one : open) {
            disks.put("lost: " + steps(one), disk(fates(List.of(one), Fate.LOST)));
            Fate[] alone = fates(open, Fate.LOST);
            alone[one] = Fate.DONE;
            disks.put("only: " + steps(one), disk(alone));
            if (steps.get(one) instanceof Step.Content) {
                disks.put("half: " + steps(one), disk(fates(List.of(one), Fate.HALF)));
            }
            List<Integer> later = open.stream().filter(i -> i >= one).toList();
            disks.put("from here lost: " + steps(one), disk(fates(later, Fate.LOST)));
            List<Integer> content =
                    open.stream()
                            .filter(i -> i >= one || steps.get(i) instanceof Step.Content)
                            .toList();
            disks.put(
                    "names up to here, no content: " + steps(one), disk(fates(content, Fate.LOST)));
        }
        for (int i = 0; i < DRAWN && open.size() > 2; i++) {
            Fate[] drawn = fates(Fate.DONE);
            for (int one : open) {
                drawn[one] =
                        steps.get(one) instanceof Step.Content && random.nextInt(4) == 0
                                ? Fate.HALF
                                : random.nextBoolean() ? Fate.DONE : Fate.LOST;
            }
            disks.put("drawn: " + Arrays.toString(drawn), disk(drawn));
        }
        return disks;
    }

    private String steps(int index) {
        return switch (steps.get(index)) {
            case Step.Entry(var _, var gone, var _, var come, var _) ->
                    index + " " + gone + " -> " + come;
            case Step.Content(var node, var pages) ->
                    index + " content of " + node + " " + pages.keySet();
        };
    }

    private Fate[] fates(Fate all) {
        Fate[] fates = new Fate[steps.size()];
        Arrays.fill(fates, all);
        return fates;
    }

    private Fate[] fates(List<Integer> some, Fate fate) {
        Fate[] fates = fates(Fate.DONE);
        some.forEach(i -> fates[i] = fate);
        return fates;
    }

    private void apply(Operation operation) {
        switch (operation) {
            case Operation.Create(Path file) -> {
                files.put(++nodes, new byte[0]);
                come(file, nodes);
            }
            case Operation.MakeDirectory(Path directory) -> {
                folders.put(++nodes, new TreeMap<>());
                come(directory, nodes);
            }
            case Operation.Write(Path file, int at, byte[] bytes) ->
                    content(node(file), Map.of(at, bytes));
            case Operation.Truncate(Path file) -> content(node(file), Map.of());
            case Operation.Commit(Path file, byte[] content) -> {
                if (node(file) == NONE) {
                    apply(new Operation.Create(file));
                }
                content(node(file), changed(files.get(node(file)), content));
            }
            case Operation.Link(Path file, Path link) -> come(link, node(file));
            case Operation.Rename(Path from, Path to) ->
                    entry(
                            new Step.Entry(
                                    id(from.getParent()),
                                    name(from),
                                    id(to.getParent()),
                                    name(to),
                                    node(from)));
            case Operation.Remove(Path path) ->
                    entry(new Step.Entry(id(path.getParent()), name(path), NONE, "", NONE));
            case Operation.Sync(Path path) -> sync(path.toString().isEmpty() ? ROOT : node(path));
            case Operation.Told _ -> {}
        }
    }

    private void come(Path path, int node) {
        entry(new Step.Entry(NONE, "", id(path.getParent()), name(path), node));
    }

    private void entry(Step.Entry entry) {
        add(entry);
        apply(entry, folders);
    }

    private void content(int node, Map<Integer, byte[]> pages) {
        Step.Content content = new Step.Content(node, pages);
        add(content);
        apply(content, Fate.DONE, files);
    }

    private void add(Step step) {
        steps.add(step);
        synced.add(false);
    }

    private void sync(int node) {
        for (int i = 0; i < steps.size(); i++) {
            boolean reached =
                    switch (steps.get(i)) {
                        case Step.Entry entry -> entry.from() == node || entry.to() == node;
                        case Step.Content content -> content.node() == node;
                    };
            if (reached) {
                synced.set(i, true);
            }
        }
    }

    private Disk disk(Fate[] fates) {
        Map<Integer, Map<String, Integer>> left = copy(foldersBefore);
        folders.keySet().forEach(node -> left.putIfAbsent(node, new TreeMap<>()));
        Map<Integer, StringBuilder> written = new HashMap<>();
        for (int i = 0; i < fates.length; i++) {
            if (fates[i] == Fate.LOST) {
                continue;
            }
            switch (steps.get(i)) {
                case Step.Entry entry -> apply(entry, left);
                case Step.Content content ->
                        written.computeIfAbsent(content.node(), _ -> new StringBuilder())
                                .append(i)
                                .append(fates[i]);
            }
        }
        Map<Path, byte[]> disk = new TreeMap<>();
        collect(Path.of(""), ROOT, left, node -> content(node, written.get(node), fates), disk);
        return new Disk(disk, digests);
    }

    /** Made once for all disks that have it: a database's file is long. */
    private byte[] content(int node, StringBuilder written, Fate[] fates) {
        byte[] before = filesBefore.getOrDefault(node, EMPTY);
        return written == null
                ? before
                : contents.computeIfAbsent(
                        node + ":" + written,
                        _ -> {
                            Map<Integer, byte[]> one = new HashMap<>(Map.of(node, before));
                            for (int i = 0; i < fates.length; i++) {
                                if (fates[i] != Fate.LOST
                                        && steps.get(i) instanceof Step.Content content
                                        && content.node() == node) {
                                    apply(content, fates[i], one);
                                }
                            }
                            return one.get(node);
                        });
    }

    private static void collect(
            Path path,
            int node,
            Map<Integer, Map<String, Integer>> folders,
            IntFunction<byte[]> files,
            Map<Path, byte[]> disk) {
        folders.get(node)
                .forEach((name, child) -> {
                    Path at = path.resolve(name);
                    if (folders.containsKey(child)) {
                        disk.put(at, Disk.DIRECTORY);
                        collect(at, child, folders, files, disk);
                    } else {
                        disk.put(at, files.apply(child));
                    }
                });
    }

    private static void apply(Step.Entry entry, Map<Integer, Map<String, Integer>> folders) {
        if (entry.from() != NONE) {
            folders.get(entry.from()).remove(entry.gone());
        }
        if (entry.to() != NONE) {
            folders.get(entry.to()).put(entry.come(), entry.node());
        }
    }

    private static void apply(Step.Content content, Fate fate, Map<Integer, byte[]> files) {
        byte[] bytes = files.get(content.node());
        if (content.pages().isEmpty()) {
            bytes = new byte[0];
        }
        int left = fate == Fate.HALF ? content.pages().size() / 2 : content.pages().size();
        for (var page : new TreeMap<>(content.pages()).entrySet()) {
            byte[] written = page.getValue();
            if (left-- <= 0) {
                if (content.pages().size() > 1) {
                    break;
                }
                written = Arrays.copyOf(written, written.length / 2);
            }
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, page.getKey() + written.length));
            System.arraycopy(written, 0, bytes, page.getKey(), written.length);
        }
        files.put(content.node(), bytes);
    }

    private static Map<Integer, byte[]> changed(byte[] before, byte[] after) {
        Map<Integer, byte[]> pages = new TreeMap<>();
        for (int at = 0; at < after.length; at += PAGE) {
            int end = Math.min(after.length, at + PAGE);
            byte[] page = Arrays.copyOfRange(after, at, end);
            if (end > before.length || !Arrays.equals(page, Arrays.copyOfRange(before, at, end))) {
                pages.put(at, page);
            }
        }
        return pages;
    }

    private static Map<Integer, Map<String, Integer>> copy(Map<Integer, Map<String, Integer>> all) {
        Map<Integer, Map<String, Integer>> copy = new HashMap<>();
        all.forEach((node, entries) -> copy.put(node, new TreeMap<>(entries)));
        return copy;
    }

    private Map<String, Integer> folder(Path path) {
        return folders.get(id(path.getParent()));
    }

    private int id(Path folder) {
        return folder == null ? ROOT : node(folder);
    }

    /** {@link #NONE} where it is not there. */
    private int node(Path path) {
        int node = ROOT;
        for (Path name : path) {
            node =
                    Objects.requireNonNullElse(
                            folders.getOrDefault(node, Map.of()).get(name.toString()), NONE);
        }
        return node;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
