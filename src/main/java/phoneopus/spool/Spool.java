package phoneopus.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;

/**
 * The truth about consults: a directory each, and the list of those that are not over.
 *
 * <pre>
 * spool/&lt;job&gt;/request.json   accepted, not before it is on the open list
 * spool/&lt;job&gt;/promoted       its caller no longer waits
 * spool/&lt;job&gt;/joined         another caller waits for it too
 * spool/&lt;job&gt;/outcome.json   over
 * spool/&lt;job&gt;/delivered      its answer reached a caller
 * open/&lt;job&gt;                 not over, or not yet in the index
 * same/&lt;digest&gt;             the last job of that very question
 * imported/&lt;job&gt;             taken over from the original program
 * damaged/&lt;job&gt;              set aside, since its request cannot be read
 * trash/                     on its way out
 * </pre>
 */
@Component
public class Spool {
    private final StateDirectory state;

    public Spool(StateDirectory state) {
        this.state = state;
    }

    /** The directory of that consult's run. Where something else is in its place, it is gone. */
    public Path directory(JobId id) throws IOException {
        Path directory = in("spool", id);
        DurableFiles.putAsideUnlessDirectory(directory);
        return directory;
    }

    /** Beside the directories of the jobs. */
    public Path file(String name) throws IOException {
        return state.path().resolve(name);
    }

    /**
     * Accepts the request: from here on it comes to an end, whatever dies. It is written last, so
     * that there is none off the open list; who dies before has promised nothing.
     *
     * @param beforeItIsThere done when its directory is there and nobody else looks at it yet
     */
    public void accept(JobRequest request, Preparation beforeItIsThere) throws IOException {
        JobId id = request.jobId();
        try {
            reopen(id);
            DurableFiles.createDirectories(directory(id));
            beforeItIsThere.run();
            DurableFiles.write(directory(id).resolve("request.json"), JobFiles.bytes(request));
            DurableFiles.writeLightly(in("open", id), JobFiles.bytes(request));
        } catch (IOException e) {
            try {
                drop(id);
            } catch (IOException stillThere) {
                e.addSuppressed(stillThere);
            }
            throw e;
        }
    }

    /**
     * Removes what servers have left that were killed while they accepted a consult. Only under the
     * dispatch lock: else one may just be doing so.
     */
    public void dropHalfAccepted() throws IOException {
        for (JobId id : open()) {
            boolean requested = RegularFiles.taken(directory(id).resolve("request.json"));
            // One that was started has lost its request: that is damage, for a person to look at.
            if (!requested && !hasPid(id) && !hasCopy(id)) {
                drop(id);
            }
        }
    }

    private void drop(JobId id) throws IOException {
        DurableFiles.deleteTree(directory(id));
        close(id);
    }

    /** Those that are not over or not yet in the index, in no order. */
    public List<JobId> open() throws IOException {
        // Where nothing can be known of them, none is over.
        state.folder("spool");
        return JobId.namedIn(state.folder("open"));
    }

    /**
     * From its directory, or where that is damaged or deleted, from the copy on the open list.
     *
     * @throws DamagedException where it cannot be read
     */
    public Optional<JobRequest> request(JobId id) throws IOException {
        Path file = directory(id).resolve("request.json");
        try {
            Optional<JobRequest> request = JobFiles.request(file, id);
            return request.isPresent() || !hasCopy(id)
                    ? request
                    : JobFiles.request(in("open", id), id);
        } catch (DamagedException e) {
            if (hasCopy(id)) {
                return JobFiles.request(in("open", id), id);
            }
            throw e;
        }
    }

    /**
     * How the job ended; empty where it has not.
     *
     * @throws DamagedException where it cannot be read
     */
    public Optional<Completion> ended(JobId id) throws IOException {
        return JobFiles.read(
                directory(id).resolve("outcome.json"), Completion.class, Completion::whole);
    }

    /** Takes an outcome that cannot be read out of the way of another; it is kept for a person. */
    public void discardOutcome(JobId id) throws IOException {
        Path outcome = directory(id).resolve("outcome.json");
        DurableFiles.move(outcome, outcome.resolveSibling("outcome.damaged." + System.nanoTime()));
    }

    /** Puts a job whose request cannot be read where it is in nobody's way. */
    public void setAside(JobId id) throws IOException {
        if (Files.exists(directory(id))) {
            DurableFiles.move(directory(id), in("damaged", id));
        }
        close(id);
    }

    public boolean isSetAside(JobId id) throws IOException {
        return RegularFiles.taken(in("damaged", id));
    }

    /** Makes anew what its command deleted, or nobody can read: soon there is no copy any more. */
    public void restore(JobRequest request) throws IOException {
        Path file = directory(request.jobId()).resolve("request.json");
        if (!JobFiles.holdsRequest(file, request.jobId())) {
            DurableFiles.createDirectories(directory(request.jobId()));
            DurableFiles.write(file, JobFiles.bytes(request));
        }
    }

    /** Whether the open list has its request too. */
    private boolean hasCopy(JobId id) throws IOException {
        return RegularFiles.size(in("open", id)) > 0;
    }

    /** Whether it was started: then it is not half accepted. */
    public boolean hasPid(JobId id) throws IOException {
        return RegularFiles.taken(directory(id).resolve("pid"));
    }

    private Path in(String folder, JobId id) throws IOException {
        return state.folder(folder).resolve(id.toString());
    }

    /** Records the ending, unless one is recorded already; whether it is this one that stands. */
    public boolean end(JobId id, Completion ended) throws IOException {
        return DurableFiles.writeFirst(
                directory(id).resolve("outcome.json"), JobFiles.bytes(ended));
    }

    /** Puts it on the list of those that are not over, or not yet in the index. */
    public void reopen(JobId id) throws IOException {
        if (!hasCopy(id)) {
            DurableFiles.write(in("open", id), new byte[0]);
        }
    }

    /** Takes it off the list of those that are not over. */
    public void close(JobId id) throws IOException {
        DurableFiles.delete(in("open", id));
    }

    /** Whether it was not marked so before. */
    public boolean mark(JobId id, JobMarker mark) throws IOException {
        return DurableFiles.writeFirst(directory(id).resolve(mark.file()), new byte[0]);
    }

    public boolean marked(JobId id, JobMarker mark) throws IOException {
        return RegularFiles.exists(directory(id).resolve(mark.file()));
    }

    /** The last job of the question with that digest. */
    public Optional<JobId> same(String digest) throws IOException {
        return JobFiles.read(state.folder("same").resolve(digest), JobId.class, _ -> true);
    }

    public void rememberSame(String digest, JobId id) throws IOException {
        DurableFiles.writeLightly(state.folder("same").resolve(digest), JobFiles.bytes(id));
    }

    /** A job that was over before it came here. */
    public void keep(JobRequest request, Completion ended) throws IOException {
        Path directory = directory(request.jobId());
        DurableFiles.createDirectories(directory);
        // A request without an outcome is a consult to be started.
        end(request.jobId(), ended);
        DurableFiles.write(directory.resolve("request.json"), JobFiles.bytes(request));
        reopen(request.jobId());
        DurableFiles.write(in("imported", request.jobId()), new byte[0]);
    }

    /** Whether it came by {@link #keep}, even if it was dropped since. */
    public boolean imported(JobId id) throws IOException {
        return RegularFiles.exists(in("imported", id));
    }

    /** Takes its directory out of sight; false where there is none. */
    public boolean discard(JobId id) throws IOException {
        try {
            DurableFiles.move(directory(id), in("trash", id));
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /** Those that were discarded and still have files. */
    public List<JobId> trash() throws IOException {
        return JobId.namedIn(state.folder("trash"));
    }

    public void destroy(JobId id) throws IOException {
        DurableFiles.deleteTree(in("trash", id));
    }

    /** Drops what only speeds things up and has not been touched since. */
    public void forgetHintsBefore(long unixMs) throws IOException {
        for (String hints : List.of("same", "sessions", "owners")) {
            state.deleteUnchangedSince(hints, unixMs);
        }
    }

    /** All that are kept; a directory changes last when its job ends or its answer is read. */
    public List<JobId> lastChangedFirst() throws IOException {
        return JobId.lastChangedFirst(state.folder("spool"));
    }

    /** What is done while a consult is accepted, before any other server can see it. */
    public interface Preparation {
        void run() throws IOException;
    }
}
