package phoneopus.index;

import java.io.EOFException;
import java.nio.channels.OverlappingFileLockException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.h2.api.ErrorCode;
import org.springframework.core.convert.ConversionException;

/** What a failure of the database means, whatever carries it. */
final class DatabaseFailure {
    /** The holder of the file is dying, has died, or is taking over. */
    private static final Set<Integer> TRANSIENT =
            Set.of(
                    ErrorCode.ERROR_OPENING_DATABASE_1,
                    ErrorCode.DATABASE_ALREADY_OPEN_1,
                    ErrorCode.CONNECTION_BROKEN_1,
                    ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
                    ErrorCode.DATABASE_IS_CLOSED);

    /** H2 reports a missing or damaged part of the file as a general error. */
    private static final Set<Integer> CORRUPT =
            Set.of(ErrorCode.FILE_CORRUPTED_1, ErrorCode.GENERAL_ERROR_1);

    /** The machine, another program or the row to write is to blame; the file may be sound. */
    private static final Set<Integer> ELSEWHERE =
            Set.of(
                    ErrorCode.IO_EXCEPTION_1,
                    ErrorCode.IO_EXCEPTION_2,
                    ErrorCode.FILE_CREATION_FAILED_1,
                    ErrorCode.OUT_OF_MEMORY,
                    ErrorCode.DATABASE_IS_READ_ONLY,
                    ErrorCode.DATABASE_IS_IN_EXCLUSIVE_MODE,
                    ErrorCode.OBJECT_CLOSED,
                    ErrorCode.STATEMENT_WAS_CANCELED,
                    ErrorCode.LOCK_TIMEOUT_1,
                    ErrorCode.DEADLOCK_1,
                    ErrorCode.CONCURRENT_UPDATE_1,
                    ErrorCode.DUPLICATE_KEY_1,
                    ErrorCode.VALUE_TOO_LONG_2,
                    ErrorCode.NULL_NOT_ALLOWED);

    private static final Set<Integer> NO_TABLE =
            Set.of(
                    ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1,
                    ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1);

    private DatabaseFailure() {}

    /** Whether another try may succeed, since another server takes the file over. */
    static boolean isTransient(Throwable failure) {
        return hasCode(failure, TRANSIENT)
                || hasCause(failure, SQLTransientConnectionException.class::isInstance);
    }

    /** Whether the failure is from a damaged file, even if the file could be opened. */
    static boolean isCorrupt(Throwable failure) {
        return hasCode(failure, CORRUPT)
                || (hasCode(failure, Set.of(ErrorCode.IO_EXCEPTION_1))
                        && hasCause(failure, EOFException.class::isInstance));
    }

    /**
     * Whether the failure has no other explanation than a damaged file. H2 has no checksums: a
     * wrong byte may become an unknown column, a missing row or a value of the wrong type.
     */
    static boolean isSuspect(Throwable failure) {
        return hasCause(
                failure,
                cause ->
                        cause instanceof ConversionException
                                || (cause instanceof SQLException sql
                                        && sql.getErrorCode() != 0
                                        && !TRANSIENT.contains(sql.getErrorCode())
                                        && !ELSEWHERE.contains(sql.getErrorCode())));
    }

    /** Whether this process holds the file's lock: H2 leaves it locked if it cannot open it. */
    static boolean isLockedHere(Throwable failure) {
        return hasCause(failure, OverlappingFileLockException.class::isInstance);
    }

    /** Whether the database was empty, as a new or a truncated file is. */
    static boolean isEmpty(Throwable failure) {
        return hasCode(failure, NO_TABLE);
    }

    private static boolean hasCode(Throwable failure, Set<Integer> codes) {
        return hasCause(
                failure,
                cause -> cause instanceof SQLException sql && codes.contains(sql.getErrorCode()));
    }

    private static boolean hasCause(Throwable failure, Predicate<Throwable> kind) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(kind);
    }
}
