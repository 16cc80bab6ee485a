package phoneopus.tool;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.spool.JobId;

/**
 * How a text names what its reader can do next: a model calls tools, a person types commands. No
 * other class chooses between them.
 */
public enum Wording {
    /** For a model. It may have no shell, and the user's set-up is not its to change. */
    MCP {
        @Override
        public String waitFor(JobId job) {
            return "consult_wait {\"job_id\":\"" + job + "\"}";
        }

        @Override
        public String list() {
            return "consult_jobs {\"mode\":\"all\"}";
        }

        @Override
        String resume(UUID session) {
            return "resume with session_id " + session;
        }

        @Override
        public String argument(String name) {
            return name;
        }

        @Override
        String user(String what, String command) {
            return "Tell the user to " + what + ". Do not retry until then.";
        }

        @Override
        String file(String path) {
            return "";
        }
    },

    /** For a person at a terminal. */
    TERMINAL {
        @Override
        public String waitFor(JobId job) {
            return "phone-opus wait " + job;
        }

        @Override
        public String list() {
            return "phone-opus jobs";
        }

        @Override
        String resume(UUID session) {
            return "resume with phone-opus ask --session " + session + " \"…\"";
        }

        @Override
        public String argument(String name) {
            return name.equals("session_id") ? "--session" : "--" + name.replace('_', '-');
        }

        @Override
        String user(String what, String command) {
            return capitalized(what) + (command.isEmpty() ? "." : ": " + command);
        }

        @Override
        String file(String path) {
            return " File: " + path + ".";
        }
    };

    /** The call that waits for a job. */
    public abstract String waitFor(JobId job);

    /** The call that lists all jobs, including those that a caller waited for. */
    public abstract String list();

    /** Within a sentence. */
    abstract String resume(UUID session);

    /** An argument of {@code consult}. */
    public abstract String argument(String name);

    /**
     * A sentence about what only the user can do.
     *
     * @param what begins with a verb
     * @param command what a person would type for it; may be empty. A model is given none, since it
     *     would run it
     */
    abstract String user(String what, String command);

    /** A sentence that names a file; empty for a model, which may work for a stranger. */
    abstract String file(String path);

    /**
     * A sentence: to resume that session or, without one, to ask again.
     *
     * @param first how it begins; may be empty
     */
    String goOn(String first, @Nullable UUID session) {
        return capitalized(first + (session == null ? "ask again" : resume(session)) + ".");
    }

    private static String capitalized(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }
}
