package phoneopus;

import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.io.File;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import org.springframework.util.FileCopyUtils;
import org.springframework.util.FileSystemUtils;

/** Tells which calls can change files. */
final class FileWrites {
    private static final Map<Class<?>, Set<String>> METHODS =
            Map.of(
                    Files.class,
                    Set.of(
                            "write",
                            "writeString",
                            "move",
                            "copy",
                            "delete",
                            "deleteIfExists",
                            "createLink",
                            "createSymbolicLink",
                            "createDirectory",
                            "createDirectories",
                            "createFile",
                            "createTempFile",
                            "createTempDirectory",
                            "newByteChannel",
                            "newOutputStream",
                            "newBufferedWriter"),
                    FileChannel.class,
                    Set.of("open"),
                    AsynchronousFileChannel.class,
                    Set.of("open"),
                    File.class,
                    Set.of(
                            "createNewFile",
                            "createTempFile",
                            "delete",
                            "deleteOnExit",
                            "mkdir",
                            "mkdirs",
                            "renameTo"),
                    FileSystemUtils.class,
                    Set.of("deleteRecursively", "copyRecursively"),
                    FileCopyUtils.class,
                    Set.of("copy"));

    private static final Set<Class<?>> OPENED_BY_NAME =
            Set.of(
                    FileOutputStream.class,
                    FileWriter.class,
                    RandomAccessFile.class,
                    PrintStream.class,
                    PrintWriter.class);

    private FileWrites() {}

    /** Also true for a reference to the method. */
    static boolean writes(JavaCodeUnitAccess<?> access) {
        return access.getName().equals("<init>")
                ? OPENED_BY_NAME.stream().anyMatch(access.getTargetOwner()::isEquivalentTo)
                        && opensByName(access)
                : METHODS.entrySet().stream()
                        .anyMatch(type ->
                                access.getTargetOwner().isEquivalentTo(type.getKey())
                                        && type.getValue().contains(access.getName()));
    }

    private static boolean opensByName(JavaCodeUnitAccess<?> access) {
        var parameters = access.getTarget().getRawParameterTypes();
        return parameters.getFirst().isEquivalentTo(String.class)
                || parameters.getFirst().isEquivalentTo(File.class);
    }
}
